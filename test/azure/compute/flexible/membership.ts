import { ArmError, badRequest, notAllowed } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { groupOfId, keyOf, regionKey } from '../../core/ids.ts';
import { at, number, object, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { VirtualMachine } from '../../resources/state.ts';
import { changeNotAllowed } from '../galleries/unchangeable.ts';
import { requireAtRest } from '../instances/life.ts';
import { placeFor } from '../instances/place.ts';
import { setOf } from '../lookup.ts';
import { faultDomainCount, isFlexible, spreadsMost } from '../scale-sets/mode.ts';
import { newModel, ownModel } from '../scale-sets/model.ts';
import type { Instance, ResolvedImage, ScaleSet } from '../state.ts';
import { asVirtualMachine } from './as-virtual-machine.ts';

/** What a client's body says of a machine's set: nothing, out of it (`{id: null}` or null), or into this one. */
export function wantedSet(properties: Json): { readonly id: string | null } | undefined {
  if (properties['virtualMachineScaleSet'] === undefined) return undefined;
  const id = at(properties, 'virtualMachineScaleSet', 'id');
  return { id: text(id) ?? null };
}

/** The Flexible set that a new machine is made in (page attach-detach-vm; where it names no code the code is own). */
export function setToJoin(world: World, machine: VirtualMachine, setId: string): ScaleSet {
  const set = world.compute.scaleSets.get(keyOf(setId));
  if (!set)
    throw badRequest(
      `The Virtual Machine Scale Set '${setId}' referenced by the Virtual Machine does not exist.`,
      'virtualMachineScaleSet.id',
    );
  if (!isFlexible(set))
    throw notAllowed(
      `This operation is not allowed because referenced Virtual Machine Scale Set '${set.name}' does not have orchestration mode set to 'Flexible'.`,
    );
  if (set.properties['singlePlacementGroup'] === true)
    throw unfit(
      'VmssDoesNotSupportAttachingWithSpg',
      `Virtual Machine Scale Set '${set.name}' does not support attaching an existing Virtual Machine to it because the Virtual Machine Scale Set has single placement group set to true or does not have single placement group explicitly set to false.`,
    );
  requireSamePlace(set, machine);
  requireDomain(set, machine);
  return set;
}

/** In one group and region, and in a zone of the set, or in none where it has none. */
function requireSamePlace(set: ScaleSet, machine: VirtualMachine): void {
  const together =
    keyOf(groupOfId(set.id)) === keyOf(groupOfId(machine.id)) &&
    regionKey(set.location) === regionKey(machine.location);
  if (!together)
    throw badRequest(
      `Virtual Machine '${machine.name}' and Virtual Machine Scale Set '${set.name}' must be in one resource group and one location.`,
      'virtualMachineScaleSet.id',
    );
  const [zone] = machine.zones;
  if (zone === undefined ? set.zones.length === 0 : set.zones.includes(zone)) return;
  throw badRequest(
    `The zone of Virtual Machine '${machine.name}' must be one of the zones of Virtual Machine Scale Set '${set.name}'.`,
    'zones',
  );
}

/** The fault domain that a new machine asks for is one of the set's; sentence: own. */
function requireDomain(set: ScaleSet, { properties }: VirtualMachine): void {
  const domain = number(properties['platformFaultDomain']) ?? 0;
  if (domain < faultDomainCount(set)) return;
  throw badRequest(
    `The value '${domain}' of platformFaultDomain must be less than ${faultDomainCount(set)}, the number of fault domains of Virtual Machine Scale Set '${set.name}'.`,
    'platformFaultDomain',
  );
}

/** A machine that runs already: only into a set that spreads over all fault domains (page attach-detach-vm). */
export function attach(world: World, machine: VirtualMachine, setId: string): Instance {
  const set = setToJoin(world, machine, setId);
  if (!spreadsMost(set))
    throw unfit(
      'VmssDoesNotSupportAttachingExistingVMMultiFD',
      `Referenced Virtual Machine Scale Set '${set.name}' does not support attaching an existing Virtual Machine to it because the Virtual Machine Scale Set has more than 1 fault domains.`,
    );
  const disk = world.resources.disks.get(keyOf(machine.parts.osDisk.id));
  const reference = object(at(machine.properties, 'storageProfile', 'imageReference'));
  const member = asMember(world, set, machine, { reference, disk: disk?.content ?? { content: 'base' } });
  world.resources.virtualMachines.delete(keyOf(machine.id));
  world.compute.instances.set(keyOf(member.id), member);
  return member;
}

/** The machine stays as it is, outside of the set; the set's capacity stays too: own. */
export function detach(world: World, member: Instance): VirtualMachine {
  const set = setOf(world, member);
  if (!spreadsMost(set))
    throw notAllowed(
      `Virtual Machine Scale Set '${set.name}' does not support detaching an existing Virtual Machine from it because the Virtual Machine Scale Set has more than 1 fault domains. For more information, see https://aka.ms/vmo/attachdetach.`,
    );
  requireAtRest(member);
  const { properties, ...machine } = asVirtualMachine(world, member);
  const { virtualMachineScaleSet: _set, ...own } = properties;
  const alone: VirtualMachine = { ...machine, properties: own };
  world.compute.instances.delete(keyOf(member.id));
  world.resources.virtualMachines.set(keyOf(alone.id), alone);
  return alone;
}

/** From one set to another only by way of none (page attach-detach-vm). */
export function requireSameSet(member: Instance, setId: string): void {
  if (keyOf(setId) !== member.setKey) throw changeNotAllowed('virtualMachineScaleSet.id');
}

/** The machine as a member: with a model of its own, which is none of the set's. */
export function asMember(world: World, set: ScaleSet, machine: VirtualMachine, image: ResolvedImage): Instance {
  const { osType: _os, hyperVGeneration: _generation, generalized: _generalized, zones, properties, ...rest } = machine;
  const { hardwareProfile, storageProfile, osProfile } = properties;
  const skuName = text(at(hardwareProfile, 'vmSize')) ?? set.sku.name;
  return {
    ...rest,
    instanceId: machine.name,
    ordinal: set.nextInstanceId++,
    setKey: keyOf(set.id),
    zone: zones[0],
    faultDomain: number(properties['platformFaultDomain']) ?? placeFor(world, set).faultDomain,
    model: newModel(ownModel, skuName, { storageProfile, osProfile }),
    image,
    protection: { protectFromScaleIn: false, protectFromScaleSetActions: false },
    ownNetwork: undefined,
    disksBefore: 0,
  };
}

const unfit = (code: string, sentence: string) =>
  new ArmError(409, code, `${sentence} For more information, see https://aka.ms/vmo/attachdetach.`);
