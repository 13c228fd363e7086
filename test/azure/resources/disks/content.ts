import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { DiskContent } from '../../machines/machines.ts';
import type { Disk } from '../state.ts';

/**
 * What is on a disk. Of a machine that is off its machine knows; of one that runs it is what the disk was made from,
 * since nobody can look into a running machine's disk here (README.md).
 */
export function readContent(world: World, disk: Disk, done: (content: DiskContent) => void): void {
  const key = keyOf(disk.managedBy ?? '');
  const machine = world.resources.virtualMachines.get(key) ?? world.compute.instances.get(key);
  const isOff = machine?.power === 'deallocated' || machine?.power === 'stopped';
  if (!isOff || keyOf(machine.parts?.osDisk.id ?? '') !== keyOf(disk.id)) done(disk.content);
  else world.machines.capture(key, (content, problem) => done(problem ? disk.content : content));
}
