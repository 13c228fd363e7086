import { fieldsOf, itemsOf, resolve } from '../templates/expand.ts';
import { Fields, textOf } from '../templates/read.ts';
import { type Bound, placeOf } from '../templates/scope.ts';
import type { TemplateSource } from '../templates/template.ts';
import { notPlayed, PipelineError } from '../yaml/problem.ts';
import type { HookName, Step, Strategy } from './pipeline.ts';
import { refuseServerPool } from './pool.ts';
import { readSteps } from './steps.ts';

const hookNames: readonly HookName[] = ['preDeploy', 'deploy', 'routeTraffic', 'postRouteTraffic'];

const kinds = ['runOnce', 'canary', 'rolling'] as const;

/** Reads `runOnce`, `canary` or `rolling` with their hooks (learn.microsoft.com/azure/devops/pipelines/process/deployment-jobs). */
export function readStrategy(bound: Bound, source: TemplateSource): Strategy {
  const found = fieldsOf(bound)[0];
  if (found === undefined) throw new PipelineError(placeOf(bound), '"strategy" is empty');
  const kind = kinds.find((known) => known === found.key);
  if (kind === undefined) throw notPlayed(found.place, `strategy.${found.key}`);
  const own = { runOnce: [], canary: ['increments'], rolling: ['maxParallel'] }[kind];
  const fields = Fields.of(found.value, kind, [...hookNames, 'on', ...own]);
  if (!fields.has('deploy')) throw new PipelineError(found.place, `"${kind}" needs a "deploy" hook`);
  return {
    kind,
    increments: readIncrements(fields.get('increments')),
    maxParallel: readMaxParallel(fields),
    hooks: new Map(hookNames.flatMap((name) => readHook(fields, name, source))),
    ...readEndings(fields.get('on'), source),
  };
}

function readHook(
  fields: Fields,
  name: HookName,
  source: TemplateSource,
): readonly (readonly [HookName, readonly Step[]])[] {
  const hook = fields.get(name);
  return hook === undefined ? [] : [[name, hookSteps(hook, name, source)]];
}

function hookSteps(hook: Bound, name: string, source: TemplateSource): readonly Step[] {
  const fields = Fields.of(hook, name, ['steps', 'pool']);
  refuseServerPool(fields);
  return readSteps(fields.get('steps'), source);
}

function readEndings(on: Bound | undefined, source: TemplateSource): Pick<Strategy, 'onSuccess' | 'onFailure'> {
  if (on === undefined) return {};
  const fields = Fields.of(on, 'on', ['failure', 'success']);
  const success = fields.get('success');
  const failure = fields.get('failure');
  return {
    ...(success && { onSuccess: hookSteps(success, 'on.success', source) }),
    ...(failure && { onFailure: hookSteps(failure, 'on.failure', source) }),
  };
}

/** `5` machines or `20%` of them; all at once where nothing is written. */
function readMaxParallel(fields: Fields): Strategy['maxParallel'] {
  const text = fields.text('maxParallel') ?? '100%';
  const [, number = '', percent] = /^([1-9]\d*)(%?)$/.exec(text.trim()) ?? [];
  if (number === '' || (percent && Number(number) > 100)) {
    throw new PipelineError(
      fields.placeOf('maxParallel'),
      `"maxParallel" is "${text}"; a number or a percentage is wanted`,
    );
  }
  return percent ? { percent: Number(number) } : { count: Number(number) };
}

function readIncrements(bound: Bound | undefined): readonly number[] {
  if (bound === undefined) return [];
  const items = resolve(bound).node.kind === 'list' ? itemsOf(bound) : [bound];
  return items.map((item) => {
    const number = Number(textOf(item));
    const isShare = Number.isInteger(number) && number > 0 && number <= 100;
    if (!isShare) throw new PipelineError(placeOf(item), `increment "${textOf(item)}" is no percentage`);
    return number;
  });
}
