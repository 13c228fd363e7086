import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { Job, Observer } from './job.ts';
import { isPassing } from './passing.ts';

export interface Patience {
  readonly clock: Clock;
  readonly observer: Observer;
  /** Ends the patience: a cancelled task has no time for it. */
  readonly cancelled: AbortSignal;
  /** For how long it is tried again after the first time. */
  readonly forMs: number;
  /** What could not be done, for the log: `the fleet could not be seen`. */
  readonly what: string;
  readonly firstPauseMs?: number;
}

/** Pauses grow, since a service that throttles is helped by silence; the log hears of each. */
const pauses = { firstMs: 6_000, longestMs: 30_000 };

/** Tries again what meets a passing failure. It must be safe to repeat; the last failure is thrown when time is up. */
export async function patiently<Result>(act: () => Promise<Result>, patience: Patience): Promise<Result> {
  const { clock, observer, cancelled, forMs, what } = patience;
  const deadline = clock.now() + forMs;
  for (let pauseMs = patience.firstPauseMs ?? pauses.firstMs; ; pauseMs = Math.min(pauses.longestMs, 2 * pauseMs)) {
    try {
      return await act();
    } catch (error) {
      if (!isPassing(error) || clock.now() >= deadline || cancelled.aborted) throw error;
      observer.remarked(`${what}, trying again: ${error.message}`);
      await clock.sleep(pauseMs, cancelled);
    }
  }
}

/** Within a run, a passing failure may last as long as the rollout may go without progress. */
export const inRun = (job: Job, what: string): Patience => ({
  ...job,
  forMs: job.limits(0).progressDeadlineMs,
  what,
});

/** What putting back needs to know of its surroundings. */
export type Surroundings = Pick<Patience, 'clock' | 'observer' | 'cancelled'>;

/** At the end there is nobody left to try again: ten minutes are spent on it. A cancelled task has two seconds for it. */
export const atTheEnd = ({ clock, observer, cancelled }: Surroundings, what: string): Patience =>
  cancelled.aborted
    ? { clock, observer, cancelled: new AbortController().signal, forMs: 2_000, firstPauseMs: 1_000, what }
    : { clock, observer, cancelled, forMs: 600_000, what };

/** Waits no longer than a cancelled task may: a call that hangs, or is sent again and again below, is given up. */
export async function inTime<Result>(
  work: Promise<Result>,
  limitMs: number,
  { clock, cancelled }: Surroundings,
): Promise<Result> {
  if (!cancelled.aborted) return work;
  const ended = new AbortController();
  const late = clock.sleep(limitMs, ended.signal).then(() => {
    throw new Failure('Cancelled', `there was no answer within ${limitMs / 1000} s`, 'Run the task again.');
  });
  late.catch(() => {});
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => ended.abort());
}
