import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import { isFlexible } from '../scale-sets/mode.ts';
import type { Instance, ScaleSet } from '../state.ts';

/** A number under Uniform; under Flexible the name, `{set}_{8 characters}`, of a virtual machine in the set's group (azure.md §3). */
export function newIdentity(
  world: World,
  set: ScaleSet,
  ordinal: number,
): Pick<Instance, 'id' | 'instanceId' | 'name'> {
  const instanceId = isFlexible(set) ? `${set.name}_${world.newId().slice(0, 8)}` : String(ordinal);
  return {
    id: instancePath(set, instanceId),
    instanceId,
    name: isFlexible(set) ? instanceId : `${set.name}_${ordinal}`,
  };
}

/** Where an instance with this id is kept. */
export const instanceKey = (set: ScaleSet, instanceId: string): string => keyOf(instancePath(set, instanceId));

const instancePath = (set: ScaleSet, instanceId: string) =>
  isFlexible(set)
    ? set.id.replace(/\/virtualMachineScaleSets\/.*/i, `/virtualMachines/${instanceId}`)
    : `${set.id}/virtualMachines/${instanceId}`;
