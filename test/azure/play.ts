import type { Clock } from '@sinonjs/fake-timers';

/** Lets work run on a clock that a test moves, until it has ended; an error when the clock is taken away before. */
export async function play<Result>(clock: Clock, work: Promise<Result>, stepMs = 500): Promise<Result> {
  let ended = false;
  const watched = work.finally(() => {
    ended = true;
  });
  watched.catch(() => {}); // it is awaited below; in between nobody holds it
  while (!ended) {
    requireInstalled(clock);
    await clock.tickAsync(stepMs);
  }
  return watched;
}

/** Without its clock work never ends, and waiting for it would take a whole processor until the process ends. */
export function requireInstalled(clock: Clock): void {
  if (clock.Date !== Date) throw new Error('the clock was taken away while work was still played on it');
}
