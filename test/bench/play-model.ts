import { roll } from '../../tasks/common/execute/roll.ts';
import { type Concurrency, minReadyMs, type Size } from './cases.ts';
import { type Calls, modelFleet, target } from './model-fleet.ts';

/** One rollout by the loop and planner that ship. */
export interface ModelRun {
  /** From the first look until every node is known to be ready, the first writes of the scale set included. */
  readonly makespanMs: number;
  readonly calls: Readonly<Calls>;
}

const longMs = 24 * 3_600_000;

export async function playOnModel(times: readonly number[], size: Size, concurrency: Concurrency): Promise<ModelRun> {
  const clock = standingClock();
  const fleet = modelFleet(times, size, concurrency, clock);
  const limits = {
    wanted: 'all',
    maxUnavailable: size.slots,
    maxFailedNodes: 0,
    minReadyMs,
    nodeHealthTimeoutMs: longMs,
    progressDeadlineMs: longMs,
  } as const;
  const ending = await roll({
    fleet,
    target,
    limits: () => limits,
    choices: { sickBefore: new Set(), drains: false, onDrainTimeout: 'fail' },
    passed: 0,
    mayBeDrained: false,
    clock,
    runDeadlineMs: longMs,
    cancelled: new AbortController().signal,
    observer: { looked: () => {}, decided: () => {}, remarked: () => {} },
  });
  if (ending.outcome !== 'completed') throw new Error(`the rollout ${ending.outcome}: ${ending.reason}`);
  return { makespanMs: clock.now(), calls: fleet.calls };
}

/** Time passes only where it is waited for. */
function standingClock() {
  let now = 0;
  return {
    now: () => now,
    async sleep(ms: number) {
      now += ms;
    },
  };
}
