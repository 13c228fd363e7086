import { liftable } from '../pause/liftable.ts';
import type { LiftRequest } from '../pause/lifts.ts';
import { goalOf, withPaused } from '../record/record.ts';
import type { RolloutPlan } from './rollout-plan.ts';

/** The plan with its record naming the nodes whose protection may be lifted: it is written before any is. */
export function withLifts<Plan extends RolloutPlan>(plan: Plan): Plan {
  const { protectedNodes, before, record, basis } = plan;
  const { protection: _before, ...paused } = record.paused ?? {};
  const protection = liftable(protectedNodes, before, record, basis);
  return { ...plan, record: withPaused(record, { ...paused, ...(protection.length > 0 && { protection }) }) };
}

/** What a run that carries out the plan has to know of protection: what it may lift, and what an earlier run may have lifted. */
export const liftedBy = ({
  protectedNodes,
  record,
  basis,
}: RolloutPlan): Pick<LiftRequest, 'protectedNodes' | 'frozen' | 'goal' | 'owed'> => ({
  protectedNodes,
  frozen: record.paused?.protection ?? [],
  goal: goalOf(record),
  owed: basis?.paused?.protection ?? [],
});

/** Said before anything happens; undefined where no protection may be lifted. */
export const liftsNote = ({ protectedNodes, record: { paused } }: RolloutPlan): string | undefined =>
  protectedNodes === 'replace' && paused?.protection
    ? `protected, and to be replaced all the same: instances ${paused.protection.join(', ')}`
    : undefined;
