import type { Json } from '../core/http.ts';
import { keyOf, regionKey } from '../core/ids.ts';
import { object } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { isVirtual, type VirtualMachines } from '../machines/virtual/virtual-machines.ts';
import { addLoadBalancer, addNetworkResource } from '../resources/network/add-resource.ts';
import { addInstance } from './instances/create.ts';
import { type Place, placesFor } from './instances/place.ts';
import type { RepairAction } from './repairs/state.ts';
import { addScaleSetRecord } from './scale-sets/create.ts';
import { machineSpec } from './scale-sets/machine-spec.ts';
import type { GalleryVersion, ScaleSet, Tags } from './state.ts';

/** The subscription of worlds that tests build. */
export const testSubscription = '00000000-0000-4000-8000-000000000001';

const day = 86_400_000;

/** Makes the resource group if it is not there yet, and gives its id. */
export function addGroup(world: World, name: string, location = 'koreacentral'): string {
  const id = groupPath(name);
  if (!world.resources.groups.has(keyOf(id)))
    world.resources.groups.set(keyOf(id), { id, name, location, tags: {}, provisioningState: 'Succeeded' });
  return id;
}

const groupPath = (name: string) => `/subscriptions/${testSubscription}/resourceGroups/${name}`;

export interface GalleryVersionOptions {
  readonly version: string;
  readonly group?: string;
  readonly gallery?: string;
  readonly definition?: string;
  /** Where it has been replicated to, all of it long ago. */
  readonly regions?: readonly string[];
  readonly excludeFromLatest?: boolean;
  /** What is on the disk; virtual machines read their behaviour from its words ("2.0.0 never-healthy"). */
  readonly content?: string;
}

/** A replicated gallery version, with the gallery, the definition and the group around it. Gives the version's record. */
export function addGalleryVersion(world: World, options: GalleryVersionOptions): GalleryVersion {
  const { group = 'images', gallery = 'gallery', definition = 'web', version, regions = ['koreacentral'] } = options;
  const location = regions[0] ?? 'koreacentral';
  const galleryId = `${addGroup(world, group, location)}/providers/Microsoft.Compute/galleries/${gallery}`;
  const definitionId = `${galleryId}/images/${definition}`;
  addParents(world, { galleryId, gallery, definitionId, definition, location });
  const at = world.clock.now() - 30 * day;
  const record: GalleryVersion = {
    id: `${definitionId}/versions/${version}`,
    name: version,
    location,
    tags: {},
    provisioningState: 'Succeeded',
    publishedAt: at,
    sourceId: `${addGroup(world, group)}/providers/Microsoft.Compute/images/${definition}-${version}`,
    disk: { content: options.content ?? version },
    replicas: new Map(regions.map((region) => [regionKey(region), { region, startedAt: at, endsAt: at }])),
    properties: {
      publishingProfile: {
        targetRegions: regions.map((name) => ({ name, regionalReplicaCount: 1, storageAccountType: 'Standard_LRS' })),
        ...(options.excludeFromLatest && { excludeFromLatest: true }),
      },
    },
  };
  world.compute.versions.set(keyOf(record.id), record);
  return record;
}

interface Parents {
  readonly galleryId: string;
  readonly gallery: string;
  readonly definitionId: string;
  readonly definition: string;
  readonly location: string;
}

function addParents(world: World, { galleryId, gallery, definitionId, definition, location }: Parents): void {
  const { galleries, definitions } = world.compute;
  if (!galleries.has(keyOf(galleryId)))
    galleries.set(keyOf(galleryId), { id: galleryId, name: gallery, location, tags: {}, properties: {} });
  if (definitions.has(keyOf(definitionId))) return;
  const identifier = { publisher: 'phoenix', offer: gallery, sku: definition };
  const properties = {
    osType: 'Linux',
    osState: 'Generalized',
    hyperVGeneration: 'V2',
    architecture: 'x64',
    identifier,
  };
  definitions.set(keyOf(definitionId), { id: definitionId, name: definition, location, tags: {}, properties });
}

export interface ScaleSetOptions {
  readonly name: string;
  /** The id of a gallery version or definition, or of a managed image. */
  readonly image: string;
  readonly group?: string;
  readonly capacity?: number;
  readonly zones?: readonly string[];
  readonly location?: string;
  /**
   * `application`: the health extension of version 2 on port 8080; `binary`: of version 1; `balancer`: the probe of a load
   * balancer of the set's name; `none`: no health signal at all.
   */
  readonly health?: 'application' | 'binary' | 'balancer' | 'none';
  readonly upgradeMode?: 'Manual' | 'Automatic' | 'Rolling';
  readonly tags?: Tags;
  readonly backendPools?: readonly string[];
  /** `true` is Replace after PT10M. */
  readonly automaticRepairs?: boolean | RepairAction;
  /** How long before a deletion the machines are told: `PT5M`; undefined or `off`: not at all. */
  readonly terminateNotification?: string;
  /** `Flexible`: its instances are virtual machines, in a network of the set's name. */
  readonly orchestration?: 'Uniform' | 'Flexible';
  readonly faultDomains?: number;
  readonly zoneBalance?: boolean;
}

/** A set whose instances have been up and healthy for a day. */
export function addScaleSet(world: World, options: ScaleSetOptions): ScaleSet {
  const { group = 'web', capacity = 4, location = 'koreacentral', zones = [], tags = {}, name } = options;
  const id = `${addGroup(world, group, location)}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`;
  const sku = { name: 'Standard_D2s_v5', tier: 'Standard', capacity };
  if (options.health === 'balancer') addBalancer(world, balancerId(options), location);
  const set = addScaleSetRecord(world, id, { location, sku, zones, tags, properties: propertiesOf(options) });
  set.provisioningState = 'Succeeded';
  if (options.orchestration === 'Flexible') addNetwork(world, addGroup(world, group), name, location);
  for (const place of placesFor(world, set, capacity)) addReadyInstance(world, set, place);
  return set;
}

/** One more instance on the set's model, up for a day; the capacity is left as it is. */
function addReadyInstance(world: World, set: ScaleSet, place: Place): void {
  const instance = addInstance(world, set, place);
  const since = world.clock.now() - day;
  Object.assign(instance, { provisioningState: 'Succeeded', power: 'running', createdAt: since, stateSince: since });
  virtualOnly(world).place(machineSpec(world, instance, instance.image.disk), since);
}

/** A world that begins with machines is built with virtual ones. */
export function virtualOnly({ machines }: World): VirtualMachines {
  if (!isVirtual(machines)) throw new Error('A ready world is built with virtual machines');
  return machines;
}

const propertiesOf = (options: ScaleSetOptions): Json => ({
  ...(options.orchestration && { orchestrationMode: options.orchestration }),
  ...(options.faultDomains !== undefined && { platformFaultDomainCount: options.faultDomains }),
  ...(options.zoneBalance !== undefined && { zoneBalance: options.zoneBalance }),
  upgradePolicy: { mode: options.upgradeMode ?? 'Manual' },
  ...(options.automaticRepairs && {
    automaticRepairsPolicy: {
      enabled: true,
      gracePeriod: 'PT10M',
      repairAction: options.automaticRepairs === true ? 'Replace' : options.automaticRepairs,
    },
  }),
  virtualMachineProfile: {
    storageProfile: { imageReference: { id: options.image }, osDisk: { createOption: 'FromImage', osType: 'Linux' } },
    osProfile: { computerNamePrefix: options.name, adminUsername: 'azureuser' },
    networkProfile: {
      ...(options.orchestration === 'Flexible' && { networkApiVersion: '2020-11-01' }),
      networkInterfaceConfigurations: [networkInterface(options)],
      ...(options.health === 'balancer' && { healthProbe: { id: `${balancerId(options)}/probes/alive` } }),
    },
    ...terminateNotification(options.terminateNotification ?? 'off'),
    ...extensionsOf(options),
  },
});

const terminateNotification = (notBeforeTimeout: string): Json =>
  notBeforeTimeout === 'off'
    ? {}
    : { scheduledEventsProfile: { terminateNotificationProfile: { enable: true, notBeforeTimeout } } };

const extensionsOf = ({ health = 'application' }: ScaleSetOptions): Json => {
  if (health === 'application') return { extensionProfile: { extensions: [applicationHealth] } };
  if (health !== 'binary') return {};
  const properties = { ...object(applicationHealth['properties']), typeHandlerVersion: '1.0' };
  return { extensionProfile: { extensions: [{ ...applicationHealth, properties }] } };
};

const balancerId = ({ group = 'web', name }: ScaleSetOptions) =>
  `${groupPath(group)}/providers/Microsoft.Network/loadBalancers/${name}`;

function addBalancer(world: World, id: string, location: string): void {
  const part = (path: string) => ({ id: `${id}/${path}` });
  const probe = { protocol: 'Http', port: 8080, requestPath: '/health', intervalInSeconds: 5, numberOfProbes: 1 };
  const rule = {
    protocol: 'Tcp',
    frontendPort: 80,
    backendPort: 8080,
    frontendIPConfiguration: part('frontendIPConfigurations/in'),
    backendAddressPool: part('backendAddressPools/nodes'),
    probe: part('probes/alive'),
  };
  addLoadBalancer(world, id, location, {
    frontendIPConfigurations: [{ name: 'in', properties: {} }],
    backendAddressPools: [{ name: 'nodes' }],
    probes: [{ name: 'alive', properties: probe }],
    loadBalancingRules: [{ name: 'http', properties: rule }],
  });
}

const poolsOf = ({ backendPools = [], ...options }: ScaleSetOptions) =>
  options.health === 'balancer' ? [...backendPools, `${balancerId(options)}/backendAddressPools/nodes`] : backendPools;

const networkInterface = ({ orchestration, group = 'web', name, ...options }: ScaleSetOptions): Json => ({
  name: 'nic',
  properties: {
    primary: true,
    ipConfigurations: [
      {
        name: 'ip',
        properties: {
          primary: true,
          ...(orchestration === 'Flexible' && { subnet: { id: subnetId(groupPath(group), name) } }),
          loadBalancerBackendAddressPools: poolsOf({ ...options, group, name }).map((id) => ({ id })),
        },
      },
    ],
  },
});

const subnetId = (groupId: string, set: string) =>
  `${groupId}/providers/Microsoft.Network/virtualNetworks/${set}/subnets/nodes`;

/** The network in which a Flexible set's interfaces are. */
function addNetwork(world: World, groupId: string, name: string, location: string): void {
  const subnet = { id: subnetId(groupId, name), name: 'nodes', properties: { addressPrefix: '10.0.0.0/22' } };
  const properties = { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, subnets: [subnet] };
  const id = subnet.id.replace(/\/subnets\/.*/, '');
  addNetworkResource(world, 'virtualNetworks', { id, location, properties });
}

const applicationHealth: Json = {
  name: 'health',
  properties: {
    publisher: 'Microsoft.ManagedServices',
    type: 'ApplicationHealthLinux',
    typeHandlerVersion: '2.0',
    autoUpgradeMinorVersion: true,
    settings: { protocol: 'http', port: 8080, requestPath: '/health', intervalInSeconds: 5, numberOfProbes: 1 },
  },
};
