import { type Groups, takenNodes } from './groups.ts';
import type { Situation } from './state.ts';

/** Does a protected node belong to what has to be done? */
interface Awaits {
  readonly awaitProtected?: boolean;
}

/** Time is up for everything that has not been begun. */
export const isOver = ({ limits, now }: Situation): boolean =>
  limits.beginsUntil !== undefined && now >= limits.beginsUntil;

/** How many old nodes this stage has still to take, also those that are protected, when these are waited for. */
export const stillMissing = (groups: Groups, situation: Situation, { awaitProtected }: Awaits): number =>
  stillToTake(groups.old.length + (awaitProtected ? groups.spared.length : 0), groups, situation);

export function stillToTake(candidates: number, groups: Groups, { limits }: Situation): number {
  if (limits.wanted === 'all' || limits.chosen) return candidates;
  return Math.min(candidates, Math.max(0, limits.wanted - takenNodes(groups)));
}
