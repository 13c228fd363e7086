import { fieldsOf, itemsOf } from '../templates/expand.ts';
import { Fields, textOf } from '../templates/read.ts';
import { type Bound, placeOf } from '../templates/scope.ts';
import { isTemplate, openTemplate, type TemplateSource } from '../templates/template.ts';
import { notPlayed, PipelineError } from '../yaml/problem.ts';
import { readCondition } from './conditions.ts';
import type {
  CheckoutStep,
  DownloadStep,
  PublishStep,
  ScriptStep,
  Setting,
  Step,
  StepBase,
  TaskStep,
} from './pipeline.ts';

const common = [
  'name',
  'displayName',
  'condition',
  'enabled',
  'continueOnError',
  'timeoutInMinutes',
  'retryCountOnTaskFailure',
  'env',
];

/** Reads a list of steps, templates opened (learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps). */
export function readSteps(bound: Bound | undefined, source: TemplateSource, depth = 0): readonly Step[] {
  if (bound === undefined) return [];
  const steps = itemsOf(bound).flatMap((item) =>
    isTemplate(item) ? readSteps(openTemplate(item, 'steps', source, depth), source, depth + 1) : [readStep(item)],
  );
  refuseSameNames(steps);
  return steps;
}

function readStep(item: Bound): Step {
  const kind = fieldsOf(item)[0];
  switch (kind?.key) {
    case 'task':
      return readTask(item);
    case 'script':
    case 'bash':
    case 'pwsh':
      return readScript(item, kind.key);
    case 'checkout':
      return readCheckout(item);
    case 'publish':
      return readPublish(item);
    case 'download':
      return readDownload(item);
    default:
      throw notPlayed(kind?.place ?? placeOf(item), `steps.${kind?.key ?? 'empty'}`);
  }
}

function readTask(item: Bound): TaskStep {
  const fields = Fields.of(item, 'steps.task', ['task', 'inputs', ...common]);
  const written = fields.needText('task');
  const [, task, major] = /^([A-Za-z0-9.-]+)@(\d+)$/.exec(written) ?? [];
  if (task === undefined) {
    throw new PipelineError(fields.placeOf('task'), `task "${written}" must be written as Name@major, such as Bash@3`);
  }
  return { kind: 'task', task, major: Number(major), inputs: settings(fields.get('inputs')), ...base(fields, task) };
}

function readScript(item: Bound, shell: ScriptStep['shell']): ScriptStep {
  const fields = Fields.of(item, `steps.${shell}`, [shell, 'workingDirectory', 'failOnStderr', ...common]);
  return {
    kind: 'script',
    shell,
    script: fields.needText(shell),
    workingDirectory: fields.text('workingDirectory') ?? '',
    failOnStderr: fields.flag('failOnStderr', false),
    ...base(fields, { script: 'CmdLine', bash: 'Bash', pwsh: 'PowerShell' }[shell]),
  };
}

function readCheckout(item: Bound): CheckoutStep {
  const fields = Fields.of(item, 'steps.checkout', [
    'checkout',
    'clean',
    'fetchDepth',
    'displayName',
    'condition',
    'name',
  ]);
  const repository = fields.needText('checkout');
  if (repository !== 'self' && repository !== 'none')
    throw notPlayed(fields.placeOf('checkout'), `checkout: ${repository}`);
  return { kind: 'checkout', repository, ...base(fields, 'Checkout') };
}

/** learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-publish; how the service names what has no name is not known. */
function readPublish(item: Bound): PublishStep {
  const fields = Fields.of(item, 'steps.publish', ['publish', 'artifact', ...common]);
  if (!fields.has('artifact')) throw notPlayed(fields.placeOf('publish'), 'publish without "artifact"');
  const [path, artifact] = [fields.needText('publish'), fields.needText('artifact')];
  return { kind: 'publish', path, artifact, ...base(fields, 'PublishPipelineArtifact') };
}

/** learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-download, of this run alone. */
function readDownload(item: Bound): DownloadStep {
  const fields = Fields.of(item, 'steps.download', ['download', 'artifact', 'patterns', ...common]);
  const from = fields.needText('download');
  if (from !== 'none' && from !== 'current') throw notPlayed(fields.placeOf('download'), `download: ${from}`);
  const [artifact, patterns] = [fields.text('artifact') ?? '', fields.text('patterns') || '**'];
  return { kind: 'download', from, artifact, patterns, ...base(fields, 'DownloadPipelineArtifact') };
}

function base(fields: Fields, name: string): StepBase {
  return {
    name: fields.text('name') ?? '',
    displayName: fields.text('displayName') ?? name,
    ...readCondition(fields, 'step'),
    enabled: fields.flag('enabled', true),
    continueOnError: fields.flag('continueOnError', false),
    timeoutInMinutes: fields.number('timeoutInMinutes', 0),
    retryCountOnTaskFailure: fields.number('retryCountOnTaskFailure', 0),
    env: settings(fields.get('env')),
    place: fields.place,
  };
}

function settings(bound: Bound | undefined): readonly Setting[] {
  if (bound === undefined) return [];
  return Fields.free(bound).map(({ key, place, value }) => ({ name: key, value: textOf(value), place }));
}

function refuseSameNames(steps: readonly Step[]): void {
  const seen = new Set<string>();
  for (const { name, place } of steps) {
    if (name !== '' && !/^[A-Za-z_]\w*$/.test(name)) throw new PipelineError(place, `"${name}" can't be a step's name`);
    if (seen.has(name.toLowerCase())) throw new PipelineError(place, `step name "${name}" appears more than once`);
    if (name !== '') seen.add(name.toLowerCase());
  }
}
