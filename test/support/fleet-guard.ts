import assert from 'node:assert/strict';
import { instancesOf } from '../azure/compute/lookup.ts';
import type { ScaleSet } from '../azure/compute/state.ts';
import { keyOf } from '../azure/core/ids.ts';
import type { World } from '../azure/index.ts';
import { defaults, type VirtualOptions } from '../azure/machines/virtual/options.ts';

export { instancesOf };

/**
 * Machines that keep the drain contract: `start` makes their health fail until `cancel` has ended or a fresh disk. Each
 * script ends after `drainMs`. `drained` holds the ids of those that are out of service by it.
 */
export function drainingMachines(
  drainMs = 4_000,
  options: VirtualOptions = {},
  drained = new Set<string>(),
): VirtualOptions {
  const { reimageMs = defaults.reimageMs } = options;
  return {
    ...options,
    reimageMs(machine, random) {
      drained.delete(machine.id);
      return typeof reimageMs === 'number' ? reimageMs : reimageMs(machine, random);
    },
    script(machine, script) {
      if (script.lines.includes('start')) drained.add(machine.id);
      if (script.lines.includes('cancel')) setTimeout(() => drained.delete(machine.id), drainMs);
      return { afterMs: drainMs, exitCode: 0, output: '0' };
    },
    health(machine, now) {
      if (drained.has(machine.id)) return { state: 'unhealthy', since: now };
      return options.health?.(machine, now);
    },
  };
}

export interface Tally {
  calls: number;
  throttled: number;
  fewestServing: number;
  mostOnTarget: number;
  writesByRoute: Map<string, number>;
}

/** Watches every call: nodes that serve never fall below the floor. `floor` undefined only counts. */
export function guard(world: World, set: ScaleSet, target: string, floor?: number): Tally {
  const tally: Tally = {
    calls: 0,
    throttled: 0,
    fewestServing: Number.POSITIVE_INFINITY,
    mostOnTarget: 0,
    writesByRoute: new Map(),
  };
  world.observers.push((call, answer) => {
    tally.calls += 1;
    if (answer.status === 429) tally.throttled += 1;
    const route = `${call.method} ${call.url.pathname.split('/').at(-1)}`;
    if (call.method !== 'GET') tally.writesByRoute.set(route, (tally.writesByRoute.get(route) ?? 0) + 1);
    tally.fewestServing = Math.min(tally.fewestServing, servingNodes(world, set).length);
    tally.mostOnTarget = Math.max(
      tally.mostOnTarget,
      instancesOf(world, set).filter(({ image }) => image.reference['id'] === target).length,
    );
    if (floor !== undefined)
      assert.ok(
        tally.fewestServing >= floor,
        `only ${tally.fewestServing} nodes serve after ${call.method} ${call.url.pathname}, the floor is ${floor}`,
      );
  });
  return tally;
}

export const servingNodes = (world: World, set: ScaleSet) =>
  instancesOf(world, set).filter(
    (instance) =>
      instance.provisioningState === 'Succeeded' &&
      instance.power === 'running' &&
      world.machines.health(keyOf(instance.id))?.state === 'healthy',
  );
