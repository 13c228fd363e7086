import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import { forgetRunCommands, stopRunCommands } from '../run-commands/life.ts';
import type { Instance, ScaleSet } from '../state.ts';
import { show } from './life.ts';

/** Ends instances and forgets them; `done` once for each. The set's capacity is the caller's business. */
export function removeInstances(world: World, doomed: readonly Instance[], done: Done): void {
  for (const instance of doomed) {
    show(world, instance, { provisioningState: 'Deleting' });
    stopRunCommands(world, instance, 'Canceled');
    world.machines.remove(keyOf(instance.id), (problem) => {
      if (!problem) forget(world, instance);
      done(problem);
    });
  }
}

function forget(world: World, instance: Instance): void {
  world.compute.instances.delete(keyOf(instance.id));
  forgetRunCommands(world, instance);
}

/**
 * Whom a lower capacity costs: zones stay in balance, then the highest ids go; protected ones are skipped
 * (azure.md §9, scale-in policy Default).
 */
export function chooseScaleIn(set: ScaleSet, present: readonly Instance[], count: number): readonly Instance[] {
  const left = [...present];
  const chosen: Instance[] = [];
  while (chosen.length < count) {
    const size = (zone: string | undefined) => left.filter((instance) => instance.zone === zone).length;
    const free = left.filter(
      ({ protection }) => !protection.protectFromScaleIn && !protection.protectFromScaleSetActions,
    );
    const next = free.sort(
      (a, b) => (set.zones.length > 0 ? size(b.zone) - size(a.zone) : 0) || Number(b.instanceId) - Number(a.instanceId),
    )[0];
    if (!next) break;
    chosen.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return chosen;
}
