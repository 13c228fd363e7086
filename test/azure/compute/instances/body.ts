import type { Json } from '../../core/http.ts';
import { groupOfId, subscriptionOfId } from '../../core/ids.ts';
import { at, list, object, text, without } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { secrets } from '../scale-sets/body.ts';
import { computerName } from '../scale-sets/machine-spec.ts';
import type { Instance, ScaleSet } from '../state.ts';
import { hasLatestModel } from './upgrade.ts';
import { instanceView } from './view.ts';

/** A scale set VM as the REST page shows it; the instance view only when asked for. */
export function instanceBody(world: World, set: ScaleSet, instance: Instance, withView = false): Json {
  return {
    name: instance.name,
    id: `${set.id}/virtualMachines/${instance.instanceId}`,
    type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
    location: set.location,
    tags: instance.tags,
    etag: `"${instance.etag}"`,
    instanceId: instance.instanceId,
    ...(!instance.parts && { sku: { name: instance.model.skuName, tier: set.sku.tier } }),
    ...(instance.zone !== undefined && { zones: [instance.zone] }),
    properties: {
      ...membership(world, set, instance),
      ...(!instance.parts && machine(instance)),
      ...(!instance.parts && withView && { instanceView: instanceView(world, instance) }),
    },
  };
}

/** How it stands to its set. Of a Flexible set's machine this is all; the rest is at its own path (page orchestration-modes). */
function membership(world: World, set: ScaleSet, instance: Instance): Json {
  return {
    latestModelApplied: hasLatestModel(world, set, instance),
    modelDefinitionApplied: instance.ownNetwork || instance.ownModel ? 'VirtualMachine' : 'VirtualMachineScaleSet',
    vmId: instance.vmId,
    protectionPolicy: instance.protection,
    provisioningState: instance.provisioningState,
    timeCreated: new Date(instance.createdAt).toISOString(),
  };
}

function machine(instance: Instance): Json {
  return {
    hardwareProfile: { vmSize: instance.model.skuName },
    storageProfile: storageProfile(instance),
    osProfile: machineOsProfile(instance),
    networkProfile: { networkInterfaces: networkInterfaces(instance) },
    networkProfileConfiguration: networkOf(instance),
  };
}

/** What the instance's interfaces are like: its own where a client has written one, else the model's. */
export function networkOf(instance: Instance): Json {
  const configurations = at(instance.model.profile, 'networkProfile', 'networkInterfaceConfigurations');
  return instance.ownNetwork ?? { networkInterfaceConfigurations: list(configurations) };
}

const networkInterfaces = (instance: Instance) =>
  list(networkOf(instance)['networkInterfaceConfigurations']).map((configuration) => ({
    id: `${instance.id}/networkInterfaces/${object(configuration)['name']}`,
  }));

function storageProfile(instance: Instance): Json {
  const storage = object(instance.model.profile['storageProfile']);
  const osDisk = object(storage['osDisk']);
  const name = `${instance.name}_OsDisk_1_${diskNumber(instance)}`;
  const path = `/subscriptions/${subscriptionOfId(instance.id)}/resourceGroups/${groupOfId(instance.id)}`;
  return {
    imageReference: instance.image.reference,
    osDisk: {
      osType: text(osDisk['osType']) ?? 'Linux',
      name,
      createOption: 'FromImage',
      caching: text(osDisk['caching']) ?? 'ReadWrite',
      managedDisk: {
        storageAccountType: 'Premium_LRS',
        ...object(osDisk['managedDisk']),
        id: `${path}/providers/Microsoft.Compute/disks/${name}`,
      },
    },
    dataDisks: list(storage['dataDisks']),
  };
}

/** 32 digits, as Azure's disks have them; the next disk of an instance has others. */
function diskNumber({ vmId, disksBefore }: Instance): string {
  const before = disksBefore === 0 ? '' : disksBefore.toString(16).padStart(4, '0');
  return `${before}${vmId.replaceAll('-', '')}`.slice(0, 32);
}

/** The profile of one machine: the model's, with a name instead of a prefix, and without secrets. */
export function machineOsProfile(instance: Instance): Json {
  const { computerNamePrefix: _, ...profile } = object(without(instance.model.profile['osProfile'], secrets));
  return {
    ...profile,
    computerName: computerName(instance, instance.model.profile),
    secrets: [],
    allowExtensionOperations: true,
  };
}
