import type { Clock } from '@sinonjs/fake-timers';
import { requireInstalled } from '../azure/play.ts';

/** As `play`, but from one timer to the next: nothing happens in between, so hours of waiting cost nothing. */
export async function playFast<Result>(clock: Clock, work: Promise<Result>): Promise<Result> {
  let ended = false;
  const watched = work.finally(() => {
    ended = true;
  });
  watched.catch(() => {}); // it is awaited below; in between nobody holds it
  while (!ended) {
    requireInstalled(clock);
    await clock.nextAsync();
  }
  return watched;
}
