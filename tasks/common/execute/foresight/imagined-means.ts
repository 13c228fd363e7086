import type { Calls } from '../../report/forecast.ts';
import type { FiredAlert } from '../../rollout/alerts.ts';
import type { Times } from '../../rollout/imagined.ts';
import { watchAlerts } from '../alert-watch.ts';
import type { Observer } from '../job.ts';
import type { Means } from '../means.ts';
import type { RolloutPlan } from '../rollout-plan.ts';
import { imaginedDrain } from './imagined-drain.ts';
import { imaginedFleet } from './imagined-fleet.ts';
import { imaginedHold } from './imagined-hold.ts';
import { imaginedLifts } from './imagined-lifts.ts';
import { imaginedNodes } from './imagined-nodes.ts';
import { imaginedPauses } from './imagined-pauses.ts';
import { read, type Stage, type Tally } from './imagined-stage.ts';

/** Means that touch nothing: time passes only where it is waited for, nodes behave as expected, and calls are counted. */
export interface ImaginedMeans extends Means {
  readonly calls: Calls;
}

export function imaginedMeans(plan: RolloutPlan, times: Times, startAt: number, observer: Observer): ImaginedMeans {
  const calls: Tally = {
    reads: 0,
    setWrites: 0,
    imageWrites: 0,
    upgrades: 0,
    drains: 0,
    drainEnds: 0,
    undrains: 0,
    pauses: 0,
    protections: 0,
  };
  const stage: Stage = { plan, times, clock: clockFrom(startAt), calls };
  const hold = imaginedHold(stage);
  const nodes = imaginedNodes(stage);
  const lifts = imaginedLifts(stage, hold, nodes);
  const pauses = imaginedPauses(stage, lifts);
  return {
    hold,
    pauses,
    fleet: imaginedFleet(stage, nodes, lifts, { hold, pauses }),
    ...(plan.drain && { drain: imaginedDrain(stage) }),
    ...(plan.watched && { alerts: watchAlerts(() => imaginedReading(stage, plan.watched), stage.clock) }),
    clock: stage.clock,
    cancelled: new AbortController().signal,
    observer,
    calls,
  };
}

function clockFrom(startAt: number): Means['clock'] {
  let now = startAt;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

/** One list for each subscription that rules are in; they say what they said when the plan was made. */
async function imaginedReading({ calls }: Stage, watched: RolloutPlan['watched']): Promise<readonly FiredAlert[]> {
  read(calls, new Set(watched?.rules.map(({ subscription }) => subscription)).size);
  return watched?.fired ?? [];
}
