import { fieldsOf, itemsOf, resolve } from '../templates/expand.ts';
import { Fields, textOf } from '../templates/read.ts';
import { type Bound, placeOf } from '../templates/scope.ts';
import type { TemplateSource } from '../templates/template.ts';
import { notPlayed, PipelineError } from '../yaml/problem.ts';
import type { HookName, Step, Strategy } from './pipeline.ts';
import { refuseServerPool } from './pool.ts';
import { readSteps } from './steps.ts';

const hookNames: readonly HookName[] = ['preDeploy', 'deploy', 'routeTraffic', 'postRouteTraffic'];

/**
 * Reads `runOnce` or `canary` with their hooks (learn.microsoft.com/azure/devops/pipelines/process/deployment-jobs).
 * `rolling` rolls over the machines of an environment, and environments here have none.
 */
export function readStrategy(bound: Bound, source: TemplateSource): Strategy {
  const found = fieldsOf(bound)[0];
  if (found === undefined) throw new PipelineError(placeOf(bound), '"strategy" is empty');
  if (found.key !== 'runOnce' && found.key !== 'canary') throw notPlayed(found.place, `strategy.${found.key}`);
  const kind = found.key;
  const own = kind === 'canary' ? ['increments'] : [];
  const fields = Fields.of(found.value, kind, [...hookNames, 'on', ...own]);
  if (!fields.has('deploy')) throw new PipelineError(found.place, `"${kind}" needs a "deploy" hook`);
  return {
    kind,
    increments: readIncrements(fields.get('increments')),
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
