import type { Clock } from '../clock.ts';
import { type Poller, start } from './long-running.ts';

/** How long a write may take, and is tried anew while Azure is busy: longer than it lets a machine boot (20 minutes). */
export const patienceMs = 25 * 60_000;

export interface WriteOnce {
  /** What it sounds like in a message. */
  readonly attempted: string;
  /** `done` waits until Azure has finished; `accepted` is for a task that is about to be killed. */
  readonly until: 'done' | 'accepted';
  readonly clock: Clock;
  /** Ends the waiting, not the write. */
  readonly cancelled: AbortSignal | undefined;
}

/**
 * `accepted` with an error: the operation ended badly. It may have had its effect all the same (another write of the set
 * preempts it: `OperationPreempted`, azure.md §6), so the set itself tells.
 */
export interface Written {
  readonly accepted: boolean;
  /** It was not waited for to its end: what becomes of it is not known. */
  readonly open?: true;
  readonly error?: unknown;
}

/** Makes one write of something that takes long. What became of it is an answer; nothing is thrown. */
export async function writeOnce(poller: Poller<unknown>, write: WriteOnce): Promise<Written> {
  const { attempted, until, clock, cancelled } = write;
  try {
    await poller.submitted();
  } catch (error) {
    return { accepted: false, error };
  }
  if (until === 'accepted') return { accepted: true };
  const operation = await start(poller, attempted);
  const ended = new AbortController();
  const awake = cancelled ? AbortSignal.any([cancelled, ended.signal]) : ended.signal;
  await Promise.race([operation.settled, clock.sleep(patienceMs, awake)]);
  ended.abort();
  const progress = operation.progress();
  if (progress.kind === 'failed') return { accepted: true, error: progress.failure };
  return { accepted: true, ...(progress.kind === 'running' && { open: true }) };
}
