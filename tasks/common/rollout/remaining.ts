import { type Groups, takenNodes } from './groups.ts';
import type { Node } from './node.ts';
import { type Situation, whySpared } from './state.ts';

/** Does a protected node belong to what has to be done? */
interface Awaits {
  readonly awaitProtected?: boolean;
}

/** Time is up for everything that has not been begun. */
export const isOver = ({ limits, now }: Situation): boolean =>
  limits.beginsUntil !== undefined && now >= limits.beginsUntil;

/** How many old nodes this stage has still to take, also those that are protected, when these are waited for. */
export const stillMissing = (groups: Groups, situation: Situation, choices: Awaits): number =>
  stillToTake(groups.old.length + awaited(groups, situation, choices).length, groups, situation);

/** Protected nodes whose protection is waited for to end. */
export const awaited = ({ spared }: Groups, { logbook }: Situation, { awaitProtected }: Awaits): readonly Node[] =>
  awaitProtected ? spared.filter((node) => whySpared(node, logbook) === 'protected') : [];

/** Nodes that were promised, by their number or by name, and stay on their image since they can't be drained. */
export function brokenPromise(groups: Groups, { limits, logbook }: Situation): readonly Node[] {
  const undrainable = groups.spared.filter((node) => whySpared(node, logbook) === 'undrainable');
  // Of all nodes some may stay, but not when none has come: then it is no single node that can't be drained.
  const isKept = limits.chosen
    ? undrainable.length === 0
    : takenNodes(groups) >= (limits.wanted === 'all' ? 1 : limits.wanted);
  return isKept ? [] : undrainable;
}

export function stillToTake(candidates: number, groups: Groups, { limits }: Situation): number {
  if (limits.wanted === 'all' || limits.chosen) return candidates;
  return Math.min(candidates, Math.max(0, limits.wanted - takenNodes(groups)));
}
