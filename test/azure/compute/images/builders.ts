import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { Disk } from '../../resources/state.ts';
import type { ManagedImage } from '../state.ts';

const nameOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** A managed image that is there; its content is its name. */
export function addManagedImage(world: World, id: string, change: Partial<ManagedImage> = {}): ManagedImage {
  const image: ManagedImage = {
    id,
    name: nameOf(id),
    location: 'koreacentral',
    tags: {},
    properties: {},
    provisioningState: 'Succeeded',
    osType: 'Linux',
    hyperVGeneration: 'V2',
    sourceId: `${id.slice(0, id.indexOf('/images/'))}/virtualMachines/myVM`,
    disk: { content: nameOf(id) },
    ...change,
  };
  world.compute.images.set(keyOf(id), image);
  return image;
}

/** A disk or a snapshot that is there, whole and attached to nothing; its content is its name. */
export function addDisk(world: World, id: string, change: Partial<Disk> = {}): Disk {
  const disk: Disk = {
    id,
    name: nameOf(id),
    location: 'koreacentral',
    tags: {},
    uniqueId: nameOf(id),
    osType: 'Linux',
    hyperVGeneration: 'V2',
    sizeGB: 30,
    sku: 'Standard_LRS',
    createdAt: 0,
    completeAt: 0,
    incrementalFamily: undefined,
    creationData: { createOption: 'Empty' },
    managedBy: undefined,
    content: { content: nameOf(id) },
    ...change,
  };
  world.resources[/\/snapshots\//i.test(id) ? 'snapshots' : 'disks'].set(keyOf(id), disk);
  return disk;
}
