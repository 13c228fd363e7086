import { ArmError, badRequest, notAllowed } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { groupOfId, keyOf, regionKey } from '../../core/ids.ts';
import { at, list, object, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { DiskContent, MachineProblem } from '../../machines/machines.ts';
import { readContent } from '../../resources/disks/content.ts';
import { findVhd } from '../../resources/disks/vhds.ts';
import type { Disk, VirtualMachine } from '../../resources/state.ts';
import { resourceNotFound } from '../lookup.ts';
import type { ManagedImage } from '../state.ts';

/** What a managed image is made from, and how its content is read. */
export interface ImageSource extends Pick<ManagedImage, 'osType' | 'hyperVGeneration' | 'sourceId'> {
  readonly sizeGB: number;
  readonly read: (done: (disk: DiskContent, problem?: MachineProblem) => void) => void;
}

/** A machine as a whole, or one of a managed disk, a snapshot or a blob (azure.md §14; spec ImageOSDisk). */
export function imageSource(world: World, body: Json): ImageSource {
  const location = text(body['location']) ?? '';
  const properties = object(body['properties']);
  const machineId = text(at(properties, 'sourceVirtualMachine', 'id'));
  const osDisk = object(at(properties, 'storageProfile', 'osDisk'));
  if ((machineId === undefined) === (sourceIdOf(osDisk) === undefined))
    throw badRequest(
      'An image has one source: sourceVirtualMachine, or a managedDisk, snapshot or blobUri of storageProfile.osDisk.',
      'sourceVirtualMachine',
    );
  for (const disk of list(at(properties, 'storageProfile', 'dataDisks')).map(object)) contentOf(world, disk, location);
  return machineId === undefined
    ? fromDisk(world, osDisk, properties, location)
    : fromMachine(world, machineId, location);
}

/** The same id that the image has kept, when it is written again. */
export const sourceIdOf = (osDisk: Json): string | undefined =>
  text(at(osDisk, 'managedDisk', 'id')) ?? text(at(osDisk, 'snapshot', 'id')) ?? text(osDisk['blobUri']);

function fromMachine(world: World, id: string, location: string): ImageSource {
  const machine = capturable(world, id, location);
  return {
    osType: machine.osType,
    hyperVGeneration: machine.hyperVGeneration,
    sourceId: machine.id,
    sizeGB: world.resources.disks.get(keyOf(machine.parts.osDisk.id))?.sizeGB ?? 30,
    read: (done) => world.machines.capture(keyOf(machine.id), done),
  };
}

function capturable(world: World, id: string, location: string): VirtualMachine {
  const machine = world.resources.virtualMachines.get(keyOf(id));
  if (!machine) throw resourceNotFound('virtualMachines', id.slice(id.lastIndexOf('/') + 1), groupOfId(id));
  if (regionKey(machine.location) !== regionKey(location))
    throw badRequest(
      `The virtual machine '${id}' is in ${machine.location}, the image in ${location}; they must be in one region.`,
      'location',
    );
  if (machine.power !== 'deallocated')
    throw notAllowed(`The virtual machine '${machine.name}' must be deallocated before it can be captured.`);
  if (!machine.generalized)
    throw notAllowed(`The virtual machine '${machine.name}' must be set to generalized before it can be captured.`);
  return machine;
}

/** Type and state must be told; "for managed images, use Generalized" (spec ImageOSDisk). */
function fromDisk(world: World, osDisk: Json, properties: Json, location: string): ImageSource {
  const { osType, osState } = osDisk;
  if (osType !== 'Linux' && osType !== 'Windows')
    throw badRequest("Required parameter 'osDisk.osType' is missing (null).", 'osDisk.osType');
  if (osState !== 'Generalized')
    throw badRequest('The osState of a managed image must be Generalized.', 'osDisk.osState');
  const content = contentOf(world, osDisk, location);
  const wanted = properties['hyperVGeneration'];
  return {
    osType,
    hyperVGeneration: wanted === 'V1' || wanted === 'V2' ? wanted : content.hyperVGeneration,
    sourceId: sourceIdOf(osDisk) ?? '',
    sizeGB: content.sizeGB,
    read: content.read,
  };
}

type Content = Pick<ImageSource, 'hyperVGeneration' | 'sizeGB' | 'read'>;

function contentOf(world: World, disk: Json, location: string): Content {
  const id = text(at(disk, 'managedDisk', 'id')) ?? text(at(disk, 'snapshot', 'id'));
  if (id !== undefined) return diskContent(world, findDisk(world, id, location));
  const vhd = findVhd(world, text(disk['blobUri']) ?? '', location, 'blobUri');
  return { hyperVGeneration: 'V1', sizeGB: vhd.sizeGB, read: (done) => done(vhd.content) };
}

const diskContent = (world: World, disk: Disk): Content => ({
  hyperVGeneration: disk.hyperVGeneration,
  sizeGB: disk.sizeGB,
  read: (done) => readContent(world, disk, done),
});

/** A disk or a snapshot by its whole id, in the region where it is wanted. */
export function findDisk(world: World, id: string, location: string): Disk {
  if (!id.startsWith('/')) throw notQualified(id);
  const disk = world.resources.disks.get(keyOf(id)) ?? world.resources.snapshots.get(keyOf(id));
  if (!disk)
    throw resourceNotFound(
      /\/snapshots\//i.test(id) ? 'snapshots' : 'disks',
      id.split('/').at(-1) ?? '',
      groupOfId(id),
    );
  if (disk.completeAt > world.clock.now()) throw notAllowed(`The snapshot '${id}' is still being copied.`);
  if (regionKey(disk.location) === regionKey(location)) return disk;
  throw badRequest(`The source '${id}' is in ${disk.location}; it must be in ${location}.`, 'location');
}

/** Resource Manager's own (troubleshooting-shared-images). */
const notQualified = (id: string) =>
  new ArmError(
    400,
    'LinkedInvalidPropertyId',
    `Property id '${id}' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
  );
