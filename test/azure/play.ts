import type { Clock } from '@sinonjs/fake-timers';

/** Lets work run on a clock that a test moves, until it has ended. */
export async function play<Result>(clock: Clock, work: Promise<Result>, stepMs = 500): Promise<Result> {
  let ended = false;
  const watched = work.finally(() => {
    ended = true;
  });
  watched.catch(() => {}); // it is awaited below; in between nobody holds it
  while (!ended) await clock.tickAsync(stepMs);
  return watched;
}
