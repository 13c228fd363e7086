import { readInputs } from '../../../tasks/common/agent/read-inputs.ts';
import { systemClock } from '../../../tasks/common/clock.ts';
import { narrator } from '../../../tasks/common/execute/narrator.ts';
import type { RolloutResult, Tools } from '../../../tasks/common/execute/rollout-plan.ts';
import { Failure } from '../../../tasks/common/failure.ts';
import { readRequest as readRollback } from '../../../tasks/RollbackScaleSet/inputs.ts';
import { rollBack } from '../../../tasks/RollbackScaleSet/roll-back.ts';
import type { NothingToTakeBack } from '../../../tasks/RollbackScaleSet/this-run.ts';
import { readRequest as readUpgrade } from '../../../tasks/UpgradeScaleSetNodes/inputs.ts';
import { upgradeNodes } from '../../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { hits } from '../../azure/core/faults.ts';
import { playFast } from '../../support/fast-play.ts';
import type { Shop } from '../../support/shop.ts';
import { happen, versionId } from './events.ts';
import type { Act, Meanwhile, Words } from './script.ts';

type Task = Extract<Act, { kind: 'task' }>;

/** Runs a task as a process of its own while the rest of the world goes on; gives what its log says. */
export async function runTask(shop: Shop, task: Task, attempt: string): Promise<readonly string[]> {
  const [cancel, kill] = [new AbortController(), new AbortController()];
  const troubles: unknown[] = [];
  const waiting = new Set(task.meanwhile);
  const act = (entry: Meanwhile) => {
    waiting.delete(entry);
    if (entry.event.what === 'cancel') cancel.abort();
    else if (entry.event.what === 'kill') kill.abort();
    else happen(shop, entry.event).catch((error) => troubles.push(error));
  };
  const lines: string[] = [];
  const line = (text: string) => {
    lines.push(text);
    for (const entry of waiting)
      if ('log' in entry.when && text.replace(/ +/g, ' ').includes(entry.when.log)) act(entry);
  };
  for (const entry of waiting) if ('ms' in entry.when) setTimeout(() => act(entry), entry.when.ms);
  const { faults } = shop.world;
  const next = faults.next.bind(faults);
  faults.next = (call) => {
    for (const entry of waiting) if ('call' in entry.when && hits({ on: entry.when.call }, call)) act(entry);
    return next(call);
  };

  const tools = shop.tools({ attempt, cancelled: cancel.signal, killed: kill.signal });
  const observer = narrator({ line, progress: () => {} }, () => systemClock.now());
  const work = start(shop, task, { ...tools, observer }).then(endingLine, failureLine);
  const ending = await playFast(shop.clock, Promise.race([work, tools.died.then(() => 'the agent died')]));
  if (troubles.length > 0) throw troubles[0];
  if (waiting.size > 0)
    throw new Error(
      `in "${task.line}" it never came to: ${[...waiting].map(({ event }) => event.what).join(', ')}\n${lines.join('\n')}`,
    );
  return [...lines.filter((text) => !/^\S+ +wait /.test(text)), ending];
}

const given: Words = {
  azureSubscription: 'shop',
  resourceGroupName: 'web',
  vmssName: 'shop',
  drainScript: 'phoenix-drain start',
  undrainScript: 'phoenix-drain cancel',
};

function start(shop: Shop, { verb, inputs }: Task, tools: Tools): Promise<RolloutResult | NothingToTakeBack> {
  const values = { ...given, ...inputs };
  for (const name of ['imageVersionId', 'to'])
    if (/^[\d.]+$/.test(values[name] ?? '')) values[name] = versionId(shop, values[name] ?? '');
  const source = readInputs((name) => values[name], { workFolder: '/', exists: () => true });
  const readText = (path: string) => path.slice(1);
  return verb === 'upgrade'
    ? upgradeNodes(readUpgrade(source, readText), tools)
    : rollBack(readRollback(source, readText), tools);
}

const endingLine = (result: RolloutResult | NothingToTakeBack) =>
  'nothing' in result ? result.nothing : `${result.ending.outcome}: ${result.ending.reason}`;

function failureLine(error: unknown): string {
  if (error instanceof Failure) return `refused (${error.code}): ${error.message} ${error.hint}`;
  throw error;
}
