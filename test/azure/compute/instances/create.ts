import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import { createMachine, hasMachine } from '../allocation/machines.ts';
import { resolveImage } from '../images/resolve.ts';
import { machineSpec } from '../scale-sets/machine-spec.ts';
import { imageReferenceOf } from '../scale-sets/model.ts';
import type { Instance, ScaleSet } from '../state.ts';
import { showEnd } from './life.ts';

/** Makes `count` instances from the model and image of this moment; `done` once for each. */
export function createInstances(world: World, set: ScaleSet, count: number, done: Done): void {
  const made = Array.from({ length: count }, () => addInstance(world, set));
  for (const instance of made)
    createMachine(world, instance, machineSpec(world, instance, instance.image.disk), (problem) => {
      showEnd(world, instance, problem, hasMachine(world, instance) ? 'running' : 'deallocated');
      done(problem);
    });
}

/** Notes a new instance, without a machine yet. */
export function addInstance(world: World, set: ScaleSet): Instance {
  const instanceId = String(set.nextInstanceId++);
  const now = world.clock.now();
  const instance: Instance = {
    id: `${set.id}/virtualMachines/${instanceId}`,
    instanceId,
    name: `${set.name}_${instanceId}`,
    setKey: keyOf(set.id),
    zone: emptiestZone(world, set),
    faultDomain: Number(instanceId) % 5,
    createdAt: now,
    vmId: world.newId(),
    tags: set.tags,
    etag: 1,
    provisioningState: 'Creating',
    power: 'starting',
    model: set.model,
    image: resolveImage(world, imageReferenceOf(set.model.profile), set.location),
    protection: { protectFromScaleIn: false, protectFromScaleSetActions: false },
    ownNetwork: undefined,
    stateSince: now,
    problem: undefined,
    action: undefined,
  };
  world.compute.instances.set(keyOf(instance.id), instance);
  return instance;
}

/** Zones are kept in balance (azure.md §9). */
function emptiestZone(world: World, set: ScaleSet): string | undefined {
  if (set.zones.length === 0) return undefined;
  const sizes = new Map(set.zones.map((zone) => [zone, 0]));
  for (const { setKey, zone } of world.compute.instances.values())
    if (setKey === keyOf(set.id) && zone !== undefined) sizes.set(zone, (sizes.get(zone) ?? 0) + 1);
  return [...sizes].sort(([, a], [, b]) => a - b)[0]?.[0];
}
