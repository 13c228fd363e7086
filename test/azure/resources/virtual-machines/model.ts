import { resolveImage } from '../../compute/images/resolve.ts';
import { requireNoProfile } from '../../compute/images/specialized.ts';
import type { MachineParts, ResolvedImage } from '../../compute/state.ts';
import { ArmError, badRequest } from '../../core/arm-errors.ts';
import type { Json, Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, list, number, object, tagsOf, text, without } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { MachineSpec } from '../../machines/machines.ts';
import { addOsDisk } from '../disks/os-disk.ts';
import { locationOf, writableGroup } from '../lookup.ts';
import { machineOf } from '../network/interfaces.ts';
import type { HyperVGeneration, OsType, VirtualMachine } from '../state.ts';
import { machineId } from './find.ts';
import { withDeleteOptions } from './parts.ts';

/** What a PUT of a new machine asks for: the resource, its image, and what the machines need to boot it. */
export interface NewMachine {
  readonly machine: VirtualMachine;
  readonly image: ResolvedImage;
  readonly spec: MachineSpec;
}

/** Never shown again: https://learn.microsoft.com/rest/api/compute/virtual-machines/get */
const secrets = ['adminPassword', 'customData', 'userData', 'secrets'];

/** Nor its scale set: a machine that has one is kept as an instance of it. */
const notKept = new Set([...secrets, 'virtualMachineScaleSet']);

/** Reads `PUT virtualMachines/{name}`; what it refers to must be there. Its disk does not exist yet. */
export function readNewMachine(world: World, request: Request): NewMachine {
  writableGroup(world, request);
  const id = machineId(world, request);
  const location = locationOf(request);
  const properties = object(request.json['properties']);
  const image = resolveImage(world, object(at(properties, 'storageProfile', 'imageReference')), location);
  requireNoProfile(image, properties['osProfile']);
  const now = world.clock.now();
  const machine: VirtualMachine = {
    id,
    name: request.params['name'] ?? '',
    location,
    vmId: world.newId(),
    tags: tagsOf(request.json['tags']),
    zones: (request.json['zones'] ?? []) as readonly string[],
    osType: image.nature?.osType ?? osTypeOf(properties),
    hyperVGeneration: image.nature?.hyperVGeneration ?? generationOf(properties),
    properties: object(without(properties, notKept)),
    parts: partsOf(world, properties, id),
    createdAt: now,
    etag: 1,
    provisioningState: 'Creating',
    power: 'starting',
    stateSince: now,
    problem: undefined,
    action: undefined,
    generalized: false,
  };
  return { machine, image, spec: specOf(machine, image, object(properties['osProfile'])) };
}

/** Interfaces that are there and free, and the name of a disk to come; both stay after the machine unless told otherwise (spec). */
function partsOf(world: World, properties: Json, machineId: string): MachineParts {
  const [place = '', machine = ''] = machineId.split('/virtualMachines/');
  const unique = world.newId().replaceAll('-', '');
  const name = text(at(properties, 'storageProfile', 'osDisk', 'name')) ?? `${machine}_OsDisk_1_${unique}`;
  const networkInterfaces = interfacesOf(world, properties, machineId).map((id) => ({
    id,
    deleteOption: 'Detach' as const,
  }));
  const osDisk = { id: `${place}/disks/${name}`, name, deleteOption: 'Detach' as const };
  return withDeleteOptions({ networkInterfaces, osDisk }, properties);
}

function interfacesOf(world: World, properties: Json, machineId: string): readonly string[] {
  const ids = list(at(properties, 'networkProfile', 'networkInterfaces')).map((nic) => text(at(nic, 'id')) ?? '');
  if (ids.length === 0)
    throw badRequest('The virtual machine must have at least one network interface.', 'networkInterfaces');
  for (const id of ids) {
    if (!world.resources.networkInterfaces.has(keyOf(id)))
      throw new ArmError(404, 'NotFound', `Resource ${id} referenced by resource ${machineId} was not found.`);
    const user = machineOf(world, id);
    if (user) throw badRequest(`Network interface ${id} is already used by ${user.id}.`, 'networkInterfaces');
  }
  return ids;
}

/** Makes the disk that the machine's parts name. */
export function addDiskOf(world: World, machine: VirtualMachine, image: ResolvedImage): void {
  const { id: machineId, location, osType, hyperVGeneration, parts } = machine;
  const sizeGB = number(at(machine.properties, 'storageProfile', 'osDisk', 'diskSizeGB'));
  addOsDisk(world, {
    machineId,
    location,
    osType,
    hyperVGeneration,
    image,
    name: parts.osDisk.name,
    ...(sizeGB !== undefined && { sizeGB }),
  });
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
