import { ComputeManagementClient } from '@azure/arm-compute';
import { type Clock as InstalledClock, install } from '@sinonjs/fake-timers';
import { gates } from '../core/gates.ts';
import type { Gates } from '../core/handle.ts';
import { checkRate } from '../core/rate-limits.ts';
import type { Settings } from '../core/settings.ts';
import { createWorld, type World } from '../core/world.ts';
import type { VirtualOptions } from '../machines/virtual/options.ts';
import { virtualMachines } from '../machines/virtual/virtual-machines.ts';
import { simulatedHttpClient } from '../server/in-process.ts';
import { testSubscription } from './builders.ts';

/** One world on a clock that the test moves, and the real SDK in front of it. */
export interface Stage {
  readonly world: World;
  readonly clock: InstalledClock;
  readonly sdk: ComputeManagementClient;
  /** Lets `work` run on simulated time until it has ended. */
  play<Result>(work: Promise<Result>): Promise<Result>;
  /** Passes simulated time. */
  pass(ms: number): Promise<void>;
  close(): void;
}

export function openStage(settings: Partial<Settings> = {}, machines: VirtualOptions = {}): Stage {
  const clock = install({ now: Date.parse('2026-01-01T00:00:00Z') });
  const world = createWorld({ clock: { now: () => Date.now() }, settings, machines: virtualMachines(machines) });
  const credential = { getToken: async () => ({ token: 'any', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
  const httpClient = simulatedHttpClient(world, withoutTokens());
  const sdk = new ComputeManagementClient(credential, testSubscription, { httpClient });
  return {
    world,
    clock,
    sdk,
    play: (work) => play(clock, work),
    pass: async (ms) => void (await clock.tickAsync(ms)),
    close: () => clock.uninstall(),
  };
}

/** Sign-in has tests of its own: here only the rates stand before the rooms. */
function withoutTokens(): Gates {
  const all = gates();
  return { ...all, arm: { ...all.arm, check: checkRate } };
}

async function play<Result>(clock: InstalledClock, work: Promise<Result>): Promise<Result> {
  let ended = false;
  const watched = work.finally(() => {
    ended = true;
  });
  watched.catch(() => {});
  while (!ended) await clock.tickAsync(500);
  return watched;
}
