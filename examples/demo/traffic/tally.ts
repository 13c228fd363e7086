import type { Outcome } from './request.ts';

/** What a client saw during one part of the story. */
export interface Tally {
  readonly answered: Map<string, number>;
  failed: number;
  reset: number;
  /** Milliseconds beyond the time that the request asked the shop to take. */
  readonly delays: number[];
  /** The first few of what went wrong, in words. */
  readonly problems: string[];
  readonly startedAt: number;
  endedAt: number;
}

const keptProblems = 10;

export function emptyTally(now: number): Tally {
  return { answered: new Map(), failed: 0, reset: 0, delays: [], problems: [], startedAt: now, endedAt: now };
}

export function count(tally: Tally, outcome: Outcome, delayMs: number): void {
  if (outcome.kind === 'answered') {
    tally.answered.set(outcome.version, (tally.answered.get(outcome.version) ?? 0) + 1);
    tally.delays.push(delayMs);
    return;
  }
  tally[outcome.kind] += 1;
  if (tally.problems.length < keptProblems) tally.problems.push(outcome.why);
}

export const answers = (tally: Tally) => [...tally.answered.values()].reduce((sum, each) => sum + each, 0);

export const requests = (tally: Tally) => answers(tally) + tally.failed + tally.reset;

export const perSecond = (tally: Tally) => requests(tally) / Math.max((tally.endedAt - tally.startedAt) / 1_000, 0.001);

/** The delay that `share` of the answers stayed under: `percentile(tally, 0.99)`. */
export function percentile(tally: Tally, share: number): number {
  const sorted = tally.delays.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.ceil(sorted.length * share), sorted.length) - 1] ?? 0;
}
