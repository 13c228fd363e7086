import type { ResolvedImage } from '../../compute/state.ts';
import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { Disk } from '../state.ts';
import { diskOrigin } from './disk-origin.ts';

/** The machine that a new OS disk is for, and what the disk is like. */
export interface DiskOrder
  extends Pick<Disk, 'location' | 'osType' | 'hyperVGeneration'>,
    Partial<Pick<Disk, 'name' | 'sizeGB'>> {
  readonly machineId: string;
  readonly image: ResolvedImage;
}

/** A managed disk from an image, attached to its machine; without a name it gets `{machine}_OsDisk_1_{32 digits}`. */
export function addOsDisk(world: World, { machineId, image, name, sizeGB = 30, ...rest }: DiskOrder): Disk {
  const [place = '', machine = ''] = machineId.split('/virtualMachines/');
  const diskName = name ?? `${machine}_OsDisk_1_${world.newId().replaceAll('-', '')}`;
  const disk: Disk = {
    ...rest,
    sizeGB,
    id: `${place}/disks/${diskName}`,
    name: diskName,
    tags: {},
    uniqueId: world.newId(),
    sku: 'Standard_LRS',
    createdAt: world.clock.now(),
    completeAt: world.clock.now(),
    incrementalFamily: undefined,
    creationData: { createOption: 'FromImage', ...diskOrigin(image, machineId, rest.location) },
    managedBy: machineId,
    content: image.disk,
  };
  world.resources.disks.set(keyOf(disk.id), disk);
  return disk;
}
