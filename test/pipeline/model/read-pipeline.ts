import { basename, dirname, relative, sep } from 'node:path';
import { Dictionary, type Value } from '../expressions/values.ts';
import { itemsOf } from '../templates/expand.ts';
import { declaredParameters, readParameters } from '../templates/parameters.ts';
import { Fields } from '../templates/read.ts';
import { type Bound, placeOf, withVariables } from '../templates/scope.ts';
import { isTemplate, openFile, openTemplate, type TemplateSource, type VariableGroups } from '../templates/template.ts';
import { notPlayed, PipelineError, type Place } from '../yaml/problem.ts';
import { readYamlFile } from '../yaml/read-file.ts';
import { readCondition } from './conditions.ts';
import { readCopies } from './copies.ts';
import { readDependsOn, readJobs } from './jobs.ts';
import { refuseBrokenNames } from './names.ts';
import type { Job, Pipeline, Stage, Step } from './pipeline.ts';
import { refuseServerPool } from './pool.ts';
import { readSteps } from './steps.ts';
import { readVariables, staticVariables } from './variables.ts';

/** Root keys that say when and where a run happens; the player is told that by its caller (features.ts). */
const ignored = ['trigger', 'pr', 'schedules', 'name', 'pool', 'appendCommitMessageToRunName'];

export interface PipelineSource {
  readonly file: string;
  /** The repository's root: where absolute template paths start. */
  readonly root: string;
  readonly parameters: Readonly<Record<string, Value>>;
  /** What `${{ variables }}` knows besides the file's own. */
  readonly variables: Dictionary;
  readonly variableGroups?: VariableGroups;
}

/** Reads and expands a pipeline file; every refusal is a PipelineError with its line. */
export function readPipeline(source: PipelineSource): Pipeline {
  const templates = rootOf(source);
  const name = relative(templates.root, source.file).split(sep).join('/');
  const start: Place = { file: name, line: 1 };
  const node = readYamlFile(source.file, name, start);
  const bare = { parameters: new Dictionary([]), variables: source.variables, locals: new Map(), isFinal: false };
  const given = Object.entries(source.parameters).map(([key, value]) => [key, { value, place: start }] as const);
  const parameters = readParameters(declaredParameters({ node, scope: bare }), new Map(given));
  const known = ['parameters', 'extends', ...content, ...ignored];
  const fields = Fields.of({ node, scope: { ...bare, parameters } }, '', known);
  return readBody(fields, source.variables, templates, 0);
}

/** What a pipeline consists of, and a template that it extends. */
const content = ['variables', 'stages', 'jobs', 'steps', 'strategy', 'continueOnError'];

/**
 * A pipeline that extends a template is that template, with its own variables before the template's
 * (learn.microsoft.com/azure/devops/pipelines/yaml-schema/extends).
 */
function readBody(fields: Fields, outer: Dictionary, source: TemplateSource, depth: number): Pipeline {
  refuseServerPool(fields);
  const variables = readVariables(fields.get('variables'), source);
  const seen = staticVariables(outer, variables);
  const template = fields.get('extends');
  if (template === undefined)
    return { variables, stages: readRoot(fields, (bound) => withVariables(bound, seen), source) };
  const own = ['stages', 'jobs', 'steps'].find((key) => fields.has(key));
  if (own)
    throw new PipelineError(fields.placeOf(own), `a pipeline that extends a template has no "${own}" of its own`);
  const { file } = openFile(withVariables(template, seen), ['extends', 'pool', ...content], source, depth);
  const extended = readBody(file, seen, source, depth + 1);
  return { variables: [...variables, ...extended.variables], stages: extended.stages };
}

function rootOf({ file, root, variableGroups = {} }: PipelineSource): TemplateSource {
  const isInside = !relative(root, file).startsWith('..');
  return { root: isInside ? root : dirname(file), variableGroups };
}

function readRoot(fields: Fields, bind: (bound: Bound) => Bound, source: TemplateSource): readonly Stage[] {
  const [stages, jobs, steps] = [fields.get('stages'), fields.get('jobs'), fields.get('steps')];
  const ofJob = ['strategy', 'continueOnError'].find((key) => fields.has(key));
  if (ofJob && (stages || jobs)) throw notPlayed(fields.placeOf(ofJob), `${ofJob} beside stages or jobs`);
  if (stages) return readStages(bind(stages), source);
  if (jobs) return [onlyStage(readJobs(bind(jobs), source), fields.place)];
  if (!steps) throw new PipelineError(fields.place, 'a pipeline needs "stages", "jobs" or "steps"');
  return [onlyStage([onlyJob(readSteps(bind(steps), source), fields)], fields.place)];
}

function readStages(bound: Bound, source: TemplateSource): readonly Stage[] {
  const stages: Stage[] = [];
  for (const item of stageItems(bound, source, 0)) stages.push(readStage(item, stages.at(-1), source));
  refuseBrokenNames(stages, 'stage');
  return stages;
}

function stageItems(bound: Bound, source: TemplateSource, depth: number): readonly Bound[] {
  return itemsOf(bound).flatMap((item) =>
    isTemplate(item) ? stageItems(openTemplate(item, 'stages', source, depth), source, depth + 1) : [item],
  );
}

/** A stage that says nothing of dependsOn waits for the one before it in the file. */
function readStage(item: Bound, before: Stage | undefined, source: TemplateSource): Stage {
  const known = ['stage', 'displayName', 'dependsOn', 'condition', 'variables', 'jobs', 'pool'];
  const fields = Fields.of(item, 'stages', known);
  if (!fields.has('stage')) throw notPlayed(placeOf(item), 'stages item without "stage"');
  refuseServerPool(fields);
  const name = fields.needText('stage');
  const variables = readVariables(fields.get('variables'), source);
  const jobs = fields.get('jobs');
  if (jobs === undefined) throw new PipelineError(fields.place, `stage "${name}" has no jobs`);
  return {
    name,
    displayName: fields.text('displayName') || name,
    dependsOn: readDependsOn(fields.get('dependsOn')) ?? (before ? [before.name] : []),
    ...readCondition(fields, 'stage'),
    variables,
    jobs: readJobs(withVariables(jobs, staticVariables(item.scope.variables, variables)), source),
    place: fields.place,
  };
}

/** What the service calls the stage of a pipeline that has none. */
function onlyStage(jobs: readonly Job[], place: Place): Stage {
  return { name: '__default', displayName: '', dependsOn: [], variables: [], jobs, place };
}

function onlyJob(steps: readonly Step[], fields: Fields): Job {
  return {
    name: 'Job',
    displayName: 'Job',
    dependsOn: [],
    variables: [],
    continueOnError: fields.flag('continueOnError', false),
    timeoutInMinutes: 60,
    cancelTimeoutInMinutes: 5,
    work: { kind: 'steps', steps, ...readCopies(fields) },
    place: fields.place,
  };
}

/** The name of the pipeline where the caller gave none: its file's. */
export function pipelineName(file: string): string {
  return basename(file).replace(/\.ya?ml$/, '');
}
