import { addGroup, type ScaleSetOptions, virtualOnly } from '../../compute/builders.ts';
import { resolveImage } from '../../compute/images/resolve.ts';
import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import { addOsDisk } from '../disks/os-disk.ts';
import type { VirtualMachine } from '../state.ts';

const day = 86_400_000;

export interface MachineOptions extends Pick<ScaleSetOptions, 'name' | 'group' | 'location'> {
  /** What its disk was made from; without it the disk came from elsewhere, and its name is what is on it. */
  readonly image?: string;
}

/** A machine outside of scale sets, without interfaces, that has been up for a day. */
export function addVirtualMachine(
  world: World,
  { name, image, group = 'web', location = 'koreacentral' }: MachineOptions,
): VirtualMachine {
  const id = `${addGroup(world, group, location)}/providers/Microsoft.Compute/virtualMachines/${name}`;
  const kind = { osType: 'Linux', hyperVGeneration: 'V2', location } as const;
  const reference = image === undefined ? {} : { imageReference: { id: image } };
  const made =
    image === undefined ? { reference, disk: { content: name } } : resolveImage(world, { id: image }, location);
  const disk = addOsDisk(world, { machineId: id, image: made, ...kind });
  const since = world.clock.now() - day;
  const machine: VirtualMachine = {
    ...kind,
    id,
    name,
    vmId: world.newId(),
    tags: {},
    zones: [],
    properties: {
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      storageProfile: reference,
      osProfile: { computerName: name, adminUsername: 'azureuser' },
    },
    parts: { networkInterfaces: [], osDisk: { id: disk.id, name: disk.name, deleteOption: 'Detach' } },
    createdAt: since,
    stateSince: since,
    etag: 1,
    provisioningState: 'Succeeded',
    power: 'running',
    problem: undefined,
    action: undefined,
    generalized: false,
  };
  world.resources.virtualMachines.set(keyOf(id), machine);
  virtualOnly(world).place({ id: keyOf(id), name, disk: made.disk }, since);
  return machine;
}
