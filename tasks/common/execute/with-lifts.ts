import { liftable } from '../pause/liftable.ts';
import type { LiftRequest } from '../pause/lifts.ts';
import { goalOf, withPaused } from '../record/record.ts';
import type { Lifts } from '../report/lifts-text.ts';
import { isOn, looksHealthy } from '../rollout/node.ts';
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

/** What this comes to in numbers: a stage of few nodes takes few of those that are protected, and what is owed is only given back. */
export function liftsOf(plan: RolloutPlan): Lifts {
  const { protectedNodes, before, record } = plan;
  const ids = liftable(protectedNodes, before, record, undefined);
  const owed = (record.paused?.protection ?? []).filter((id) => !ids.includes(id));
  return { ids, atMost: Math.min(ids.length, roomLeft(plan)), owed };
}

/** How many nodes the stage may bring; one that names its nodes takes no others anyway. */
function roomLeft({ before, record }: RolloutPlan): number {
  if (record.wanted === 'all' || record.chosen) return before.length;
  const there = before.filter((node) => isOn(node, goalOf(record)) && looksHealthy(node)).length;
  return Math.max(0, record.wanted - there);
}
