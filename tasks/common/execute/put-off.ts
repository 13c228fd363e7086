import { Failure } from '../failure.ts';
import { groupNodes } from '../rollout/groups.ts';
import { withoutProgressMs } from '../rollout/logbook.ts';
import { lookupMs } from '../rollout/state.ts';
import type { Job } from './job.ts';
import { tickMs } from './pace.ts';
import { isPassing } from './passing.ts';
import type { Turn } from './turn.ts';

/**
 * Why a start of these nodes does not happen now. What does not pass is thrown, unless one of them has left the set since
 * the look. So is what leaves no time for another try before the progress deadline: then it is the reason to halt, not
 * the nodes.
 */
export async function putOff(error: unknown, nodeIds: readonly string[], turn: Turn, job: Job): Promise<string> {
  if (!(error instanceof Failure) || error.code === 'OwnershipLost') throw error;
  const passes: boolean = isPassing(error);
  if (passes && !isLastTry(turn, job))
    return `nothing is started now, trying again after the next look: ${error.message}`;
  if (passes) throw error;
  const left = await goneOf(nodeIds, job);
  if (left.length === 0) throw error;
  return `${namesOf(left, turn)} left the set meanwhile, looking again: ${error.message}`;
}

/** Where that cannot be seen, the first reason is the one to tell. */
const goneOf = (nodeIds: readonly string[], { fleet }: Job) =>
  fleet.gone(nodeIds).catch((unseen: unknown) => {
    if (unseen instanceof Failure) return [];
    throw unseen;
  });

/** Azure takes no second call of this kind: another is open. Where it is not ours, that is no reason to blame the nodes. */
export function assertMayWait(turn: Turn, job: Job): void {
  const { replacing, settling } = groupNodes(turn.situation);
  if (!isLastTry(turn, job) || replacing.length + settling.length > 0) return;
  throw new Failure(
    'Conflict',
    'Azure was busy with other operations on this scale set for so long that no node could be replaced before the progress deadline',
    'Find out who upgrades or writes the scale set (Activity log), wait until that has ended, and run the task again: it goes on.',
  );
}

/** When this is tried again, no time is left. */
function isLastTry({ logbook, situation, pages }: Turn, job: Job): boolean {
  const nextTry = job.clock.now() + lookupMs + tickMs(pages);
  return withoutProgressMs(logbook, nextTry) >= situation.limits.progressDeadlineMs;
}

const namesOf = (ids: readonly string[], { situation: { nodes } }: Turn) =>
  ids.map((id) => nodes.find((node) => node.id === id)?.name ?? id).join(', ');
