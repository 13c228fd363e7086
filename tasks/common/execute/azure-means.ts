import { readFiredAlerts } from '../azure/alert-rules.ts';
import type { Azure } from '../azure/connect.ts';
import { protectionCalls } from '../azure/protection-calls.ts';
import { runCommands } from '../azure/run-command.ts';
import { seeNodes, uniformFleet } from '../azure/uniform-fleet.ts';
import type { Clock } from '../clock.ts';
import type { Drain } from '../drain/drain.ts';
import { scriptDrain } from '../drain/script-drain.ts';
import { openJudge } from '../health/judge.ts';
import { liftsOf } from '../pause/lifts.ts';
import { pausesOf } from '../pause/pauses.ts';
import { holdOn } from '../record/hold.ts';
import { goalOf } from '../record/record.ts';
import { seenBy } from '../record/renewal.ts';
import { watchAlerts } from './alert-watch.ts';
import type { Handover } from './ending/handover.ts';
import type { Observer } from './job.ts';
import { type Means, prepare } from './means.ts';
import type { RolloutOptions } from './rollout-options.ts';
import { hidesDrains, type RolloutPlan, type Tools } from './rollout-plan.ts';
import { liftedBy } from './with-lifts.ts';

/** The nodes as the author's source of health sees them, before anything is written. */
export const lookAround = ({ set, health }: Pick<RolloutOptions, 'set' | 'health'>, { azure, askStatus }: Tools) =>
  seeNodes(azure, set, openJudge(health, { azure, set, askStatus }));

/** By what a plan is carried out in Azure. */
export function azureMeans(
  plan: RolloutPlan,
  { azure, askStatus, clock, cancelled, observer }: Tools,
  left: Handover,
): Means {
  const remark: Observer['remarked'] = (text, about) => observer.remarked(text, about);
  const hold = holdOn({ azure, clock, cancelled, remark, beginning: left.begin, ...plan });
  const lifts = liftsOf({
    ...protectionCalls(azure, plan.set),
    ...liftedBy(plan),
    ours: () => hold.ensure(),
    lifting: left.lift,
    clock,
    cancelled,
    remark,
  });
  const pauses = pausesOf({ azure, clock, cancelled, remark, lifts, ...plan });
  const drain = drainOf(plan, azure, clock);
  const bench = {
    commands: runCommands(azure, plan.set, plan.model),
    rolloutId: plan.record.rolloutId,
    target: goalOf(plan.record),
    clock,
    minReadyMs: plan.limits.minReadyMs,
    sweeps: hidesDrains(plan),
    remark,
  };
  const judge = openJudge(plan.health, { azure, set: plan.set, askStatus, bench });
  const preparation = {
    hold: () => prepare({ hold, pauses }),
    aim: () => hold.aim(),
    pass: (passed: number) => hold.pass(passed),
    lifts,
    asking: left.ask,
  };
  const fleet = uniformFleet(azure, plan.set, preparation, judge, (nodes, renewed) =>
    seenBy(plan.record, nodes, renewed),
  );
  const rules = plan.watched?.rules;
  const alerts = rules && watchAlerts(() => readFiredAlerts(azure, rules), clock);
  return {
    hold,
    pauses,
    fleet,
    ...(drain && { drain: left.watched(drain) }),
    ...(alerts && { alerts }),
    clock,
    cancelled,
    observer,
  };
}

function drainOf(plan: RolloutPlan, azure: Azure, clock: Clock): Drain | undefined {
  if (!plan.drain) return undefined;
  return scriptDrain(runCommands(azure, plan.set, plan.model), plan.record.rolloutId, plan.drain, clock);
}
