import { Failure } from '../failure.ts';
import { sameImage } from '../rollout/node.ts';
import { isWhole } from './ending/finish.ts';
import type { Ending, Job } from './job.ts';
import type { Means } from './means.ts';
import { atTheEnd, patiently } from './patience.ts';
import { roll } from './roll.ts';

/**
 * Nodes that Azure makes get the image that the model names. Where nobody had to be replaced the model still names the old
 * one when all is done, so that a node may come that nobody has seen: the model is written, and the fleet looked at again.
 */
export async function rollToTheEnd(job: Job, hold: Means['hold'], found: string): Promise<Ending> {
  const begunAt = job.clock.now();
  const ending = await roll(job);
  const isLate = !sameImage(hold.image ?? found, job.target);
  if (ending.outcome !== 'completed' || !isWhole(ending.situation) || !isLate) return ending;
  if (job.cancelled.aborted || !(await isAimed(hold, job))) return ending;
  const look = await patiently(() => job.fleet.look(), atTheEnd(job, 'the fleet could not be seen'));
  if (isWhole({ ...ending.situation, nodes: look.nodes })) return ending;
  return roll({ ...job, runDeadlineMs: begunAt + job.runDeadlineMs - job.clock.now() });
}

/** Where it can't be, the end of the task tries it again and says what that means. */
async function isAimed(hold: Means['hold'], job: Job): Promise<boolean> {
  try {
    await patiently(() => hold.ensure(), atTheEnd(job, 'the record could not be written'));
    await patiently(() => hold.aim(), atTheEnd(job, 'the model could not be pointed at the image'));
    return true;
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'OwnershipLost') throw error;
    return false;
  }
}
