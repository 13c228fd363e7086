import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, object } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { VirtualMachine } from '../state.ts';

/** A virtual machine as its GET shows it. */
export function view(world: World, machine: VirtualMachine, withInstanceView = false) {
  const { id, name, location, tags, zones, properties, provisioningState, vmId, createdAt } = machine;
  return {
    id,
    name,
    type: 'Microsoft.Compute/virtualMachines',
    location,
    tags,
    ...(zones.length > 0 && { zones }),
    properties: {
      ...properties,
      vmId,
      storageProfile: storageProfile(world, machine),
      osProfile: { allowExtensionOperations: true, ...object(properties['osProfile']), secrets: [] },
      provisioningState,
      timeCreated: new Date(createdAt).toISOString(),
      ...(withInstanceView && { instanceView: instanceView(machine) }),
    },
  };
}

function storageProfile(world: World, machine: VirtualMachine): Json {
  const written = object(machine.properties['storageProfile']);
  const disk = world.resources.disks.get(keyOf(machine.osDisk.id));
  return {
    ...written,
    osDisk: {
      createOption: 'FromImage',
      caching: 'ReadWrite',
      deleteOption: 'Detach',
      ...object(written['osDisk']),
      osType: machine.osType,
      name: machine.osDisk.name,
      diskSizeGB: disk?.sizeGB,
      managedDisk: {
        storageAccountType: 'Standard_LRS',
        ...object(at(written, 'osDisk', 'managedDisk')),
        id: machine.osDisk.id,
      },
    },
    dataDisks: written['dataDisks'] ?? [],
  };
}

/** Codes: azure.md §8. A generalized machine says so in a status of its own. */
export function instanceView(machine: VirtualMachine) {
  const { provisioningState, powerState, generalized, osDisk, createdAt } = machine;
  const time = new Date(createdAt).toISOString();
  const status = (code: string, displayStatus: string) => ({ code, level: 'Info', displayStatus, time });
  return {
    disks: [{ name: osDisk.name, statuses: [status('ProvisioningState/succeeded', 'Provisioning succeeded')] }],
    hyperVGeneration: machine.hyperVGeneration,
    statuses: [
      status(`ProvisioningState/${provisioningState.toLowerCase()}`, `Provisioning ${provisioningState.toLowerCase()}`),
      ...(generalized ? [status('OSState/generalized', 'VM generalized')] : []),
      status(`PowerState/${powerState}`, `VM ${powerState}`),
    ],
  };
}
