import { ArmError } from '../../core/arm-errors.ts';
import { later, type World } from '../../core/world.ts';
import { instancesOf } from '../lookup.ts';
import type { ScaleSet } from '../state.ts';
import { begin, refuseConflict } from './open-work.ts';
import { reconcile, requireQuotaFor } from './write.ts';

/** Why a write of this capacity would be refused at this moment. */
export function refusalOf(world: World, set: ScaleSet, capacity: number): ArmError | undefined {
  try {
    refuseConflict(world, set, 'setWrite');
    requireQuotaFor(world, set, { ...set.sku, capacity });
    return undefined;
  } catch (error) {
    if (error instanceof ArmError) return error;
    throw error;
  }
}

/** Ids of instances that a change of capacity has begun to make and to end. */
export interface Scaled {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Sets a capacity as the platform does: a write that nobody waits for. The model is that of the moment it begins. */
export function scaleTo(world: World, set: ScaleSet, capacity: number, begun: (scaled: Scaled) => void): void {
  const end = begin(world, set, 'setWrite');
  const nominal = set.sku.capacity;
  set.sku = { ...set.sku, capacity };
  set.etag += 1;
  later(world, world.settings.setWriteMs, () => {
    const before = staying(world, set);
    reconcile(world, set, nominal, (problems) => end(problems.length === 0));
    const after = staying(world, set);
    begun({ added: without(after, before), removed: without(before, after) });
  });
}

const staying = (world: World, set: ScaleSet) =>
  instancesOf(world, set)
    .filter(({ provisioningState }) => provisioningState !== 'Deleting')
    .map(({ instanceId }) => instanceId);

const without = (all: readonly string[], some: readonly string[]) => all.filter((id) => !some.includes(id));
