import type { Failure } from '../../failure.ts';
import type { Forecast, Wave } from '../../report/forecast.ts';
import type { Times } from '../../rollout/imagined.ts';
import type { Step } from '../../rollout/next-steps.ts';
import type { Situation } from '../../rollout/state.ts';
import type { Observer } from '../job.ts';
import { tickMs } from '../pace.ts';
import type { RolloutPlan } from '../rollout-plan.ts';
import { carryOut } from '../rollout-run.ts';
import { imaginedMeans } from './imagined-means.ts';

/** Carries a plan out on a fleet that is only imagined: the same loop and planner, so both agree on every number. */
export async function foresee(plan: RolloutPlan, times: Times, startAt: number): Promise<Forecast> {
  const waves: Wave[] = [];
  const means = imaginedMeans(plan, times, startAt, waveWatcher(waves, startAt));
  const { ending } = await carryOut(plan, means);
  return {
    waves,
    calls: means.calls,
    tookMs: means.clock.now() - startAt,
    outcome: ending.outcome,
    reason: ending.reason,
    after: ending.situation,
  };
}

/** A plan with everything that can be said of it; without one when nothing could be planned. */
export interface Foresight {
  readonly refusals: readonly Failure[];
  readonly plan?: RolloutPlan;
  /** As it goes with the assumed times. */
  readonly expected?: Forecast;
  /** As it goes when every drain and every node takes all the time that it may. */
  readonly longest?: Forecast;
  readonly assumed?: Times;
}

export async function foreseeBoth(
  plan: RolloutPlan,
  startAt: number,
): Promise<Required<Pick<Foresight, 'expected' | 'longest' | 'assumed'>>> {
  const assumed = assumedTimes(plan);
  return {
    assumed,
    expected: await foresee(plan, assumed, startAt),
    longest: await foresee(plan, longestTimes(plan), startAt),
  };
}

/** A node belongs to the wave in which it is first taken, whether that drains it or replaces it at once. */
function waveWatcher(waves: Wave[], startAt: number): Observer {
  const taken = new Set<string>();
  return {
    looked: () => {},
    remarked: () => {},
    decided(step: Step, situation: Situation) {
      if (step.kind !== 'drain' && step.kind !== 'replace') return;
      const nodes = step.nodeIds
        .filter((id) => !taken.has(id))
        .flatMap((id) => situation.nodes.find((node) => node.id === id) ?? []);
      for (const { id } of nodes) taken.add(id);
      if (nodes.length > 0) waves.push({ afterMs: situation.now - startAt, nodes });
    },
  };
}

/**
 * What is expected of a node where nothing has been measured: three minutes from the accepted upgrade to good health, or
 * as long as the author lets it take; half a minute to drain. A set may well be quicker or slower; the plan says that these are assumed.
 */
export function assumedTimes(plan: RolloutPlan): Times {
  const untilHealthy = Math.min(180_000, longestUntilHealthy(plan));
  return {
    drainMs: Math.min(30_000, plan.drain?.timeoutMs ?? 0),
    diskMs: (untilHealthy * 5) / 6,
    healthyMs: untilHealthy / 6,
    writeMs,
  };
}

/** Every drain and every node just within its limit: a rollout that still succeeds takes no longer. */
function longestTimes(plan: RolloutPlan): Times {
  return {
    drainMs: plan.drain?.timeoutMs ?? 0,
    diskMs: Math.max(0, longestUntilHealthy(plan) - 1_000),
    healthyMs: 1_000,
    writeMs,
  };
}

const writeMs = 10_000;

/** Health is seen at looks, and must then last: what is healthy later than this is too late. */
const longestUntilHealthy = ({ limits, pages }: RolloutPlan) =>
  Math.max(1_000, limits.nodeHealthTimeoutMs - limits.minReadyMs - 3 * tickMs(pages));
