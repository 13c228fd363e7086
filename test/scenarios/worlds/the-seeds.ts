import { playSeeds } from './play-seeds.ts';
import type { SeedsPlayed } from './worker.ts';

/** The seeds of `npm test`. They are worked at, in processes of their own, while something else waits more than it works. */
export const seeds = 500;

let areWanted = false;
let played: Promise<SeedsPlayed> | undefined;

/** Said when the test that awaits them is loaded: without it nobody would hear what became of them. */
export const wantSeeds = (): void => {
  areWanted = true;
};

export const seedsPlayed = (): Promise<SeedsPlayed> => {
  played ??= playSeeds(1, seeds);
  return played;
};

/** Begins them already, if they are wanted. */
export function beginSeeds(): void {
  if (areWanted) seedsPlayed().catch(() => {}); // the test that awaits them hears it
}
