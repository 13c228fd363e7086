import type { Drain, DrainStatus } from '../drain/drain.ts';
import { type Entry, type Errand, entryOf, forgetErrand, type Logbook, noteErrand } from '../rollout/logbook.ts';
import { isOn, looksHealthy, type Node } from '../rollout/node.ts';
import { lookupMs } from '../rollout/state.ts';
import { isPassing } from './passing.ts';

/**
 * Asks how far the drains are. Also asks of old nodes that are out of service without our knowing why: an earlier run
 * that was killed may have begun to drain them, and its drain is taken over as it stands. Where health does not show a
 * drain, `mayBeDrained` has every old node asked.
 */
export async function followDrains(
  before: Logbook,
  nodes: readonly Node[],
  target: string,
  drain: Drain,
  now: number,
  remark: (text: string) => void,
  mayBeDrained = false,
): Promise<Logbook> {
  let logbook = before;
  for (const node of nodes) {
    const entry = entryOf(logbook, node.id);
    if (!worthAsking(node, entry, target, mayBeDrained)) continue;
    const status = await statusOf(drain, node, remark);
    if (!status) continue;
    const errand = errandFrom(status, entry, now);
    if (errand !== entry.errand)
      logbook = errand ? noteErrand(logbook, node.id, errand) : forgetErrand(logbook, node.id);
  }
  return logbook;
}

/**
 * Undefined when it cannot be read now: it is asked again at the next look, and the drain's own patience bounds that. So no
 * drain is made of a node that nobody is known to drain.
 */
async function statusOf(
  drain: Drain,
  { id, name }: Node,
  remark: (text: string) => void,
): Promise<DrainStatus | undefined> {
  try {
    return await drain.status(id);
  } catch (error) {
    if (!isPassing(error)) throw error;
    remark(`whether ${name} is drained could not be seen, trying again: ${error.message}`);
    return undefined;
  }
}

function worthAsking(node: Node, entry: Entry, target: string, mayBeDrained: boolean): boolean {
  if (isOn(node, target) || node.provisioning === 'deleting') return false;
  if (entry.errand) return entry.errand.kind === 'draining';
  return (mayBeDrained || !looksHealthy(node)) && node.running;
}

function errandFrom(status: DrainStatus, entry: Entry, now: number): Errand | undefined {
  const since = entry.errand?.since ?? now;
  switch (status.kind) {
    case 'none':
      return withoutDrain(entry.errand, now);
    case 'running':
      return { kind: 'draining', since, certain: true };
    case 'drained':
      return { kind: 'drained', since: now, note: status.note };
    case 'failed':
      return { kind: 'drainFailed', since: now, note: status.note };
  }
}

/**
 * One that we surely began has been taken away by someone, and the node is not drained; or the node has left since the look,
 * as the next one tells. Else it was perhaps never begun.
 */
function withoutDrain(errand: Errand | undefined, now: number): Errand | undefined {
  if (errand?.kind !== 'draining') return errand;
  if (errand.certain && !errand.missed) return { ...errand, missed: true };
  if (errand.certain)
    return { kind: 'drainFailed', since: errand.since, note: 'its drain was removed by someone else' };
  return now - errand.since >= lookupMs ? undefined : errand;
}
