import type { Dictionary } from '../expressions/values.ts';
import { fieldsOf, itemsOf, resolve } from '../templates/expand.ts';
import { Fields, textOf } from '../templates/read.ts';
import { type Bound, placeOf, withVariables } from '../templates/scope.ts';
import { isTemplate, openTemplate, type TemplateSource } from '../templates/template.ts';
import { notPlayed, PipelineError } from '../yaml/problem.ts';
import { readCondition } from './conditions.ts';
import { readCopies } from './copies.ts';
import { readEnvironment } from './environment.ts';
import { refuseBrokenNames } from './names.ts';
import type { Job, Work } from './pipeline.ts';
import { refuseServerPool } from './pool.ts';
import { readSteps } from './steps.ts';
import { readStrategy } from './strategy.ts';
import { readVariables, staticVariables } from './variables.ts';

const common = [
  'displayName',
  'dependsOn',
  'condition',
  'variables',
  'continueOnError',
  'timeoutInMinutes',
  'cancelTimeoutInMinutes',
  'pool',
  'workspace',
];

/** Reads a list of jobs, templates opened (learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs). */
export function readJobs(bound: Bound, source: TemplateSource): readonly Job[] {
  const jobs = jobItems(bound, source, 0).map((item, index) => readJob(item, `Job${index + 1}`, source));
  refuseBrokenNames(jobs, 'job');
  return jobs;
}

function jobItems(bound: Bound, source: TemplateSource, depth: number): readonly Bound[] {
  return itemsOf(bound).flatMap((item) =>
    isTemplate(item) ? jobItems(openTemplate(item, 'jobs', source, depth), source, depth + 1) : [item],
  );
}

function readJob(item: Bound, fallbackName: string, source: TemplateSource): Job {
  const kind = fieldsOf(item).find(({ key }) => key === 'job' || key === 'deployment')?.key;
  if (kind === undefined) throw notPlayed(placeOf(item), `jobs.${fieldsOf(item)[0]?.key ?? 'empty'}`);
  const own = kind === 'job' ? ['job', 'steps', 'strategy'] : ['deployment', 'environment', 'strategy'];
  const fields = Fields.of(item, 'jobs', [...own, ...common]);
  refuseServerPool(fields);
  readWorkspace(fields.get('workspace'));
  const variables = readVariables(fields.get('variables'), source);
  const known = staticVariables(item.scope.variables, variables);
  const name = fields.text(kind) || fallbackName;
  return {
    name,
    displayName: fields.text('displayName') || name,
    dependsOn: readDependsOn(fields.get('dependsOn')) ?? [],
    ...readCondition(fields, 'job'),
    variables,
    continueOnError: fields.flag('continueOnError', false),
    timeoutInMinutes: fields.number('timeoutInMinutes', 60),
    cancelTimeoutInMinutes: fields.number('cancelTimeoutInMinutes', 5),
    work: kind === 'job' ? readJobSteps(fields, known, source) : readDeployment(fields, known, source),
    place: fields.place,
  };
}

/** Every job has an empty folder, so there is nothing to clean. */
function readWorkspace(bound: Bound | undefined): void {
  const fields = bound && Fields.of(bound, 'workspace', ['clean']);
  const clean = fields?.text('clean') ?? 'all';
  if (fields && !['outputs', 'resources', 'all'].includes(clean))
    throw new PipelineError(fields.placeOf('clean'), `"clean" is "${clean}"; outputs, resources or all is wanted`);
}

function readJobSteps(fields: Fields, known: Dictionary, source: TemplateSource): Work {
  const steps = fields.get('steps');
  return { kind: 'steps', steps: readSteps(steps && withVariables(steps, known), source), ...readCopies(fields) };
}

function readDeployment(fields: Fields, known: Dictionary, source: TemplateSource): Work {
  const environment = fields.get('environment');
  const strategy = fields.get('strategy');
  if (environment === undefined) throw new PipelineError(fields.place, 'a deployment needs an "environment"');
  if (strategy === undefined) throw new PipelineError(fields.place, 'a deployment needs a "strategy"');
  return {
    kind: 'deployment',
    environment: readEnvironment(withVariables(environment, known)),
    strategy: readStrategy(withVariables(strategy, known), source),
  };
}

/** `dependsOn: x`, a list, or an empty list for none; nothing when it is not written. */
export function readDependsOn(bound: Bound | undefined): readonly string[] | undefined {
  if (bound === undefined) return undefined;
  const resolved = resolve(bound);
  if (resolved.node.kind === 'list') return itemsOf(resolved).map(textOf);
  const name = textOf(resolved);
  return name === '' ? [] : [name];
}
