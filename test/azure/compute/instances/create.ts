import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import { createMachine, hasMachine } from '../allocation/machines.ts';
import { makeParts } from '../flexible/make-parts.ts';
import { resolveImage } from '../images/resolve.ts';
import { machineSpec } from '../scale-sets/machine-spec.ts';
import { isFlexible } from '../scale-sets/mode.ts';
import { imageReferenceOf } from '../scale-sets/model.ts';
import type { Instance, ScaleSet } from '../state.ts';
import { newIdentity } from './identity.ts';
import { showEnd } from './life.ts';
import { type Place, placeFor, placesFor } from './place.ts';

/** Makes `count` instances from the model and image of this moment; `done` once for each. */
export function createInstances(world: World, set: ScaleSet, count: number, done: Done): void {
  const made = placesFor(world, set, count).map((place) => addInstance(world, set, place));
  for (const instance of made)
    createMachine(world, instance, machineSpec(world, instance, instance.image.disk), (problem) => {
      showEnd(world, instance, problem, hasMachine(world, instance) ? 'running' : 'deallocated');
      done(problem);
    });
}

/** Notes a new instance, without a machine yet. */
export function addInstance(world: World, set: ScaleSet, place: Place = placeFor(world, set)): Instance {
  const image = resolveImage(world, imageReferenceOf(set.model.profile), set.location);
  const ordinal = set.nextInstanceId++;
  const now = world.clock.now();
  const instance: Instance = {
    ...newIdentity(world, set, ordinal),
    ...place,
    ordinal,
    setKey: keyOf(set.id),
    location: set.location,
    createdAt: now,
    vmId: world.newId(),
    tags: set.tags,
    etag: 1,
    provisioningState: 'Creating',
    power: 'starting',
    model: set.model,
    image,
    disksBefore: 0,
    protection: { protectFromScaleIn: false, protectFromScaleSetActions: false },
    ownNetwork: undefined,
    stateSince: now,
    problem: undefined,
    action: undefined,
    parts: undefined,
  };
  if (isFlexible(set)) instance.parts = makeParts(world, instance);
  world.compute.instances.set(keyOf(instance.id), instance);
  return instance;
}
