import { asVirtualMachine } from '../../compute/flexible/as-virtual-machine.ts';
import { instanceView, powerStatus, provisioningStatus, type Status, vmAgent } from '../../compute/instances/view.ts';
import type { Instance } from '../../compute/state.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, object } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { VirtualMachine } from '../state.ts';

/** A member of a Flexible set as the GET of its virtual machine shows it. */
export const memberBody = (world: World, member: Instance, withView = false) =>
  body(world, asVirtualMachine(world, member), withView ? memberView(world, member) : undefined);

/** A virtual machine outside of scale sets as its GET shows it. */
export const aloneBody = (world: World, machine: VirtualMachine, withView = false) =>
  body(world, machine, withView ? aloneView(world, machine) : undefined);

function body(world: World, machine: VirtualMachine, instanceView: Json | undefined) {
  const { id, name, location, tags, etag, zones, properties, provisioningState, vmId, createdAt } = machine;
  return {
    id,
    name,
    type: 'Microsoft.Compute/virtualMachines',
    location,
    tags,
    etag: `"${etag}"`,
    ...(zones.length > 0 && { zones }),
    properties: {
      ...properties,
      vmId,
      storageProfile: storageProfile(world, machine),
      osProfile: { allowExtensionOperations: true, ...object(properties['osProfile']), secrets: [] },
      provisioningState,
      timeCreated: new Date(createdAt).toISOString(),
      ...(instanceView && { instanceView }),
    },
  };
}

function storageProfile(world: World, { properties, parts, osType }: VirtualMachine): Json {
  const written = object(properties['storageProfile']);
  const { id, name, deleteOption } = parts.osDisk;
  return {
    ...written,
    osDisk: {
      createOption: 'FromImage',
      caching: 'ReadWrite',
      ...object(written['osDisk']),
      deleteOption,
      osType,
      name,
      diskSizeGB: world.resources.disks.get(keyOf(id))?.sizeGB,
      managedDisk: {
        storageAccountType: 'Standard_LRS',
        ...object(at(written, 'osDisk', 'managedDisk')),
        id,
      },
    },
    dataDisks: written['dataDisks'] ?? [],
  };
}

/** What a set's machine says of itself, and what only a virtual machine does. */
export function memberView(world: World, member: Instance): Json {
  const machine = asVirtualMachine(world, member);
  return { ...instanceView(world, member), ...hardware(machine) };
}

/** A generalized machine says so in a status of its own. */
export function aloneView(world: World, machine: VirtualMachine): Json {
  const generalized: Status = { code: 'OSState/generalized', level: 'Info', displayStatus: 'VM generalized' };
  return {
    ...hardware(machine),
    vmAgent: vmAgent(world, machine),
    statuses: [provisioningStatus(machine), ...(machine.generalized ? [generalized] : []), powerStatus(machine)],
  };
}

function hardware({ parts, hyperVGeneration, createdAt }: VirtualMachine): Json {
  const time = new Date(createdAt).toISOString();
  const attached: Status = {
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    time,
  };
  return { disks: [{ name: parts.osDisk.name, statuses: [attached] }], hyperVGeneration };
}
