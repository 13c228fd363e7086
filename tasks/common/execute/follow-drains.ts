import type { Drain, DrainStatus } from '../drain/drain.ts';
import { type Entry, type Errand, entryOf, type Logbook, noteErrand } from '../rollout/logbook.ts';
import { looksHealthy, type Node, sameImage } from '../rollout/node.ts';
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
  mayBeDrained = false,
): Promise<Logbook> {
  let logbook = before;
  for (const node of nodes) {
    const entry = entryOf(logbook, node.id);
    if (!worthAsking(node, entry, target, mayBeDrained)) continue;
    const errand = errandFrom(await statusOf(drain, node.id, entry), entry, now);
    if (errand) logbook = noteErrand(logbook, node.id, errand);
  }
  return logbook;
}

/**
 * A status that cannot be read now is asked again at the next look; the drain's own patience bounds that. It makes no drain
 * of a node that nobody is known to drain.
 */
async function statusOf(drain: Drain, nodeId: string, { errand }: Entry): Promise<DrainStatus> {
  try {
    return await drain.status(nodeId);
  } catch (error) {
    if (isPassing(error)) return { kind: errand ? 'running' : 'none' };
    throw error;
  }
}

function worthAsking(node: Node, entry: Entry, target: string, mayBeDrained: boolean): boolean {
  if (sameImage(node.image, target) || node.provisioning === 'deleting') return false;
  if (entry.errand) return entry.errand.kind === 'draining';
  return (mayBeDrained || !looksHealthy(node)) && node.running;
}

function errandFrom(status: DrainStatus, entry: Entry, now: number): Errand | undefined {
  const since = entry.errand?.since ?? now;
  switch (status.kind) {
    case 'none':
      // A drain that we began and that is gone has been taken away by someone: the node is not drained.
      return entry.errand ? { kind: 'drainFailed', since, note: 'its drain was removed by someone else' } : undefined;
    case 'running':
      return { kind: 'draining', since };
    case 'drained':
      return { kind: 'drained', since: now, note: status.note };
    case 'failed':
      return { kind: 'drainFailed', since: now, note: status.note };
  }
}
