import type { MachinePart, MachineParts } from '../../compute/state.ts';
import { keyOf } from '../../core/ids.ts';
import { at, list } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { readContent } from '../disks/content.ts';

/** A disk that will outlive its machine keeps what has been written on it, if the machine is off. */
export function keepContent(world: World, parts: MachineParts | undefined, done: () => void): void {
  const { disks } = world.resources;
  const disk = parts?.osDisk.deleteOption === 'Detach' ? disks.get(keyOf(parts.osDisk.id)) : undefined;
  if (!disk) {
    done();
    return;
  }
  readContent(world, disk, (content) => {
    disks.set(keyOf(disk.id), { ...disk, content });
    done();
  });
}

/** The machine has gone: what has `Delete` goes with it, the rest is free again. */
export function releaseParts(world: World, { networkInterfaces, osDisk }: MachineParts): void {
  for (const { id, deleteOption } of networkInterfaces)
    if (deleteOption === 'Delete') world.resources.networkInterfaces.delete(keyOf(id));
  releaseDisk(world, osDisk);
}

/** An OS disk that has no machine any more: after the machine, or after reimaging (spec, VirtualMachines_Reimage). */
export function releaseDisk(world: World, { id, deleteOption }: MachinePart): void {
  const { disks } = world.resources;
  const disk = disks.get(keyOf(id));
  if (!disk) return;
  if (deleteOption === 'Delete') disks.delete(keyOf(id));
  else disks.set(keyOf(id), { ...disk, managedBy: undefined });
}

/** The delete options that a client's body says; where it is silent they stay. */
export function withDeleteOptions(parts: MachineParts, properties: unknown): MachineParts {
  const interfaces = list(at(properties, 'networkProfile', 'networkInterfaces'));
  const written = (id: string) => interfaces.find((entry) => keyOf(String(at(entry, 'id'))) === keyOf(id));
  return {
    networkInterfaces: parts.networkInterfaces.map((part) => ({
      ...part,
      deleteOption: deleteOption(at(written(part.id), 'properties', 'deleteOption'), part.deleteOption),
    })),
    osDisk: {
      ...parts.osDisk,
      deleteOption: deleteOption(at(properties, 'storageProfile', 'osDisk', 'deleteOption'), parts.osDisk.deleteOption),
    },
  };
}

export const deleteOption = (written: unknown, otherwise: MachinePart['deleteOption']): MachinePart['deleteOption'] =>
  written === 'Delete' || written === 'Detach' ? written : otherwise;
