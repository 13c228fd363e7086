import { ArmError, groupNotFound } from '../core/arm-errors.ts';
import type { Request } from '../core/http.ts';
import { keyOf } from '../core/ids.ts';
import type { World } from '../core/world.ts';
import { computeId } from './compute-id.ts';
import { instanceKey } from './instances/identity.ts';
import type { Instance, ScaleSet } from './state.ts';

/** ARM's own check before any provider sees the call. */
export function requireGroup(world: World, request: Request): void {
  const { subscription, group } = request.params;
  if (!world.resources.groups.has(keyOf(`/subscriptions/${subscription}/resourceGroups/${group}`)))
    throw groupNotFound(group ?? '');
}

/** ARM's sentence for what is not there: cloud-provider-azure#2386 quotes it. */
export const resourceNotFound = (type: string, name: string, group: string) =>
  new ArmError(
    404,
    'ResourceNotFound',
    `The Resource 'Microsoft.Compute/${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );

export const parentNotFound = (name: string) =>
  new ArmError(
    404,
    'ParentResourceNotFound',
    `Failed to perform 'write' on resource(s), because the parent resource '${name}' could not be found.`,
  );

/** The resource of this kind that the call names, or ARM's 404. */
export function find<Kept>(
  world: World,
  request: Request,
  map: ReadonlyMap<string, Kept>,
  type: string,
  ...segments: readonly string[]
): Kept {
  requireGroup(world, request);
  const found = map.get(keyOf(computeId(request, ...segments)));
  if (found) return found;
  const names = segments.filter((_, index) => index % 2 === 1);
  throw resourceNotFound(type, names.join('/'), request.params['group'] ?? '');
}

export function findScaleSet(world: World, request: Request): ScaleSet {
  const segments = ['virtualMachineScaleSets', request.params['set'] ?? ''];
  return find(world, request, world.compute.scaleSets, 'virtualMachineScaleSets', ...segments);
}

/** Every instance has a set; it is the last to go. */
export function setOf(world: World, { setKey }: Instance): ScaleSet {
  const set = world.compute.scaleSets.get(setKey);
  if (!set) throw new Error(`There is no scale set ${setKey}`);
  return set;
}

/** A set's instances in the order of making, which under Uniform is that of their ids. */
export const instancesOf = (world: World, set: ScaleSet): readonly Instance[] =>
  [...world.compute.instances.values()]
    .filter((instance) => instance.setKey === keyOf(set.id))
    .sort((a, b) => a.ordinal - b.ordinal);

/** The set's instance with this id: under Flexible the name of a virtual machine that belongs to it. */
export function instanceAt(world: World, set: ScaleSet, id: string): Instance | undefined {
  const found = world.compute.instances.get(instanceKey(set, id));
  return found?.setKey === keyOf(set.id) ? found : undefined;
}

/** The instance that the path names; a gone one is `notActive`, as the set-level calls say it. */
export function findInstance(world: World, request: Request): Instance {
  const set = findScaleSet(world, request);
  const id = request.params['instance'] ?? '';
  const instance = instanceAt(world, set, id);
  if (!instance) throw notActive(id);
  return instance;
}

/** Quoted from onefuzz#2547 and azure-cli#25476. */
export const notActive = (id: string) =>
  new ArmError(
    400,
    'InvalidParameter',
    `The provided instanceId ${id} is not an active Virtual Machine Scale Set VM instanceId.`,
    { target: 'instanceIds' },
  );
