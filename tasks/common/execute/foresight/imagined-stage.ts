import type { Calls } from '../../report/forecast.ts';
import type { Times } from '../../rollout/imagined.ts';
import type { Means } from '../means.ts';
import type { RolloutPlan } from '../rollout-plan.ts';

/** Calls as they are counted up. */
export type Tally = { -readonly [Name in keyof Calls]: number };

/** Where a plan is played without touching anything. */
export interface Stage {
  readonly plan: RolloutPlan;
  readonly times: Times;
  readonly clock: Means['clock'];
  readonly calls: Tally;
}

/** What is read before the first write is the same in a run that has nothing to do: it is not counted. */
export function read(calls: Tally, many: number): void {
  if (calls.setWrites > 0) calls.reads += many;
}
