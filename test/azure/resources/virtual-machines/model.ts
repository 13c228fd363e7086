import { resolveImage } from '../../compute/images/resolve.ts';
import { requireNoProfile } from '../../compute/images/specialized.ts';
import type { ResolvedImage } from '../../compute/state.ts';
import { ArmError, badRequest } from '../../core/arm-errors.ts';
import type { Json, Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, list, object, tagsOf, text, without } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { MachineSpec } from '../../machines/machines.ts';
import { locationOf, writableGroup } from '../lookup.ts';
import { machineOf } from '../network/interfaces.ts';
import type { Disk, HyperVGeneration, OsType, VirtualMachine } from '../state.ts';

/** What a PUT of a new machine asks for: the resource, its disk, and what the machines need to boot it. */
export interface NewMachine {
  readonly machine: VirtualMachine;
  readonly disk: Disk;
  readonly spec: MachineSpec;
}

/** Never shown again: https://learn.microsoft.com/rest/api/compute/virtual-machines/get */
const secrets = new Set(['adminPassword', 'customData', 'userData', 'secrets']);

/** Reads `PUT virtualMachines/{name}`; what it refers to must be there. */
export function readMachine(world: World, request: Request): NewMachine {
  const group = writableGroup(world, request);
  const name = request.params['name'] ?? '';
  const location = locationOf(request);
  const properties = object(request.json['properties']);
  const id = `${group.id}/providers/Microsoft.Compute/virtualMachines/${name}`;
  const image = resolveImage(world, object(at(properties, 'storageProfile', 'imageReference')), location);
  requireNoProfile(image, properties['osProfile']);
  const machine: VirtualMachine = {
    id,
    name,
    location,
    vmId: world.newId(),
    tags: tagsOf(request.json['tags']),
    zones: (request.json['zones'] ?? []) as readonly string[],
    osType: image.nature?.osType ?? osTypeOf(properties),
    hyperVGeneration: image.nature?.hyperVGeneration ?? generationOf(properties),
    properties: { ...object(without(properties, secrets)) },
    networkInterfaceKeys: interfacesOf(world, properties, id),
    osDisk: osDiskOf(world, group.id, name, properties),
    createdAt: world.clock.now(),
    provisioningState: 'Creating',
    powerState: 'starting',
    generalized: false,
  };
  return {
    machine,
    disk: diskOf(world, machine, image),
    spec: specOf(machine, image, object(properties['osProfile'])),
  };
}

function interfacesOf(world: World, properties: Json, machineId: string): string[] {
  const ids = list(at(properties, 'networkProfile', 'networkInterfaces')).map((nic) => text(at(nic, 'id')) ?? '');
  if (ids.length === 0)
    throw badRequest('The virtual machine must have at least one network interface.', 'networkInterfaces');
  for (const id of ids) {
    if (!world.resources.networkInterfaces.has(keyOf(id)))
      throw new ArmError(404, 'NotFound', `Resource ${id} referenced by resource ${machineId} was not found.`);
    const user = machineOf(world, id);
    if (user) throw badRequest(`Network interface ${id} is already used by ${user.id}.`, 'networkInterfaces');
  }
  return ids.map(keyOf);
}

function osDiskOf(world: World, groupId: string, machine: string, properties: Json): VirtualMachine['osDisk'] {
  const unique = world.newId().replaceAll('-', '');
  const name = text(at(properties, 'storageProfile', 'osDisk', 'name')) ?? `${machine}_OsDisk_1_${unique}`;
  return { name, id: `${groupId}/providers/Microsoft.Compute/disks/${name}` };
}

function diskOf(world: World, machine: VirtualMachine, image: ResolvedImage): Disk {
  const size = at(machine.properties, 'storageProfile', 'osDisk', 'diskSizeGB');
  return {
    ...machine.osDisk,
    location: machine.location,
    tags: {},
    uniqueId: world.newId(),
    osType: machine.osType,
    hyperVGeneration: machine.hyperVGeneration,
    sizeGB: typeof size === 'number' ? size : 30,
    sku: 'Standard_LRS',
    createdAt: world.clock.now(),
    completeAt: world.clock.now(),
    incrementalFamily: undefined,
    creationData: { createOption: 'FromImage', imageReference: image.reference },
    managedBy: machine.id,
    content: image.disk,
  };
}

function specOf(machine: VirtualMachine, image: ResolvedImage, osProfile: Json): MachineSpec {
  const user = text(osProfile['adminUsername']);
  const password = text(osProfile['adminPassword']);
  const publicKey = text(at(list(at(osProfile, 'linuxConfiguration', 'ssh', 'publicKeys'))[0], 'keyData'));
  const admin = user !== undefined && {
    admin: { user, ...(password !== undefined && { password }), ...(publicKey !== undefined && { publicKey }) },
  };
  const name = text(osProfile['computerName']) ?? machine.name;
  return { id: keyOf(machine.id), name, disk: image.disk, ...admin };
}

function osTypeOf(properties: Json): OsType {
  const reference = object(at(properties, 'storageProfile', 'imageReference'));
  const isWindows =
    at(properties, 'storageProfile', 'osDisk', 'osType') === 'Windows' ||
    at(properties, 'osProfile', 'windowsConfiguration') !== undefined ||
    /windows/i.test(text(reference['publisher']) ?? '');
  return isWindows ? 'Windows' : 'Linux';
}

/** Marketplace images say it in their SKU: `12-gen2`. */
const generationOf = (properties: Json): HyperVGeneration =>
  /gen-?2/i.test(text(at(properties, 'storageProfile', 'imageReference', 'sku')) ?? '') ? 'V2' : 'V1';
