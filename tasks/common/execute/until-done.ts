import type { Clock } from '../clock.ts';
import type { Drain } from '../drain/drain.ts';
import { Failure } from '../failure.ts';

/** A drain by which a node counts as put back only when its script has ended, at most after so long. */
export const untilDone = (
  drain: Drain,
  forMs: number,
  around: { readonly clock: Clock; readonly cancelled: AbortSignal },
): Drain => ({
  ...drain,
  async cancel(id) {
    const isOver = await endsWithin(forMs, drain.cancel(id, 'done'), around);
    if (!isOver) throw around.cancelled.aborted ? cancelled(id) : unfinished(id, forMs);
  },
});

async function endsWithin(
  forMs: number,
  work: Promise<void>,
  { clock, cancelled }: { readonly clock: Clock; readonly cancelled: AbortSignal },
): Promise<boolean> {
  const ended = new AbortController();
  const late = clock.sleep(forMs, AbortSignal.any([ended.signal, cancelled]));
  return Promise.race([work.then(() => true), late.then(() => false)]).finally(() => ended.abort());
}

const unfinished = (id: string, forMs: number) =>
  new Failure(
    'UndrainUnfinished',
    `The undrain script on instance ${id} has not ended within ${Math.round(forMs / 1000)} s, so nobody knows whether the node serves`,
    'Look at the node and at what the script waits for, then run the task again: it puts the node back first.',
  );

const cancelled = (id: string) =>
  new Failure(
    'Cancelled',
    `The undrain script on instance ${id} was not waited for: the run was cancelled`,
    'Run the task again.',
  );
