import type { Json } from '../../test/azure/core/http.ts';
import type { Customer } from './customer.ts';

/** Names that examples/azure-pipelines.yml uses, too. */
export const names = {
  resourceGroup: 'shop',
  location: 'koreacentral',
  gallery: 'shop_gallery',
  definition: 'shop',
  scaleSet: 'shop-nodes',
  balancer: 'shop-balancer',
} as const;

export const fleetSize = 4;
const apiVersions = { resources: '2021-04-01', network: '2024-05-01', gallery: '2024-03-03', compute: '2024-07-01' };
export const appPort = 8080;

/** Every five seconds, the shortest that Azure takes: drain.sh reckons with that. */
export const probe = { protocol: 'http', path: '/health', intervalMs: 5_000, numberOfProbes: 1 } as const;

/** Ids of what a customer's subscription holds. */
export function ids(subscriptionId: string) {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${names.resourceGroup}`;
  const network = `${group}/providers/Microsoft.Network`;
  const compute = `${group}/providers/Microsoft.Compute`;
  const balancer = `${network}/loadBalancers/${names.balancer}`;
  const definition = `${compute}/galleries/${names.gallery}/images/${names.definition}`;
  return {
    group,
    vnet: `${network}/virtualNetworks/shop-network`,
    subnet: `${network}/virtualNetworks/shop-network/subnets/nodes`,
    address: `${network}/publicIPAddresses/shop-address`,
    balancer,
    frontend: `${balancer}/frontendIPConfigurations/public`,
    pool: `${balancer}/backendAddressPools/nodes`,
    probe: `${balancer}/probes/health`,
    gallery: `${compute}/galleries/${names.gallery}`,
    definition,
    version: (name: string) => `${definition}/versions/${name}`,
    scaleSet: `${compute}/virtualMachineScaleSets/${names.scaleSet}`,
  };
}

export type Ids = ReturnType<typeof ids>;

/** What is there before the first pipeline run: group, network, balancer, gallery. */
export async function createFoundation(customer: Customer, at: Ids): Promise<void> {
  const { location } = names;
  await customer.put(at.group, apiVersions.resources, { location });
  await customer.put(at.vnet, apiVersions.network, { location, properties: network() });
  await customer.put(at.address, apiVersions.network, {
    location,
    sku: { name: 'Standard' },
    properties: { publicIPAllocationMethod: 'Static' },
  });
  await customer.put(at.balancer, apiVersions.network, {
    location,
    sku: { name: 'Standard' },
    properties: balancer(at),
  });
  await customer.put(at.gallery, apiVersions.gallery, { location, properties: {} });
  await customer.put(at.definition, apiVersions.gallery, { location, properties: definition() });
}

/** The scale set, once there is an image that it can be made from. */
export async function createFleet(customer: Customer, at: Ids, version: string): Promise<void> {
  await customer.put(at.scaleSet, apiVersions.compute, {
    location: names.location,
    sku: { name: 'Standard_B2s', tier: 'Standard', capacity: fleetSize },
    properties: {
      orchestrationMode: 'Uniform',
      overprovision: false,
      singlePlacementGroup: true,
      upgradePolicy: { mode: 'Manual' },
      virtualMachineProfile: nodeProfile(at, at.version(version)),
    },
  });
}

export const listNodes = (customer: Customer, at: Ids) =>
  customer.get(`${at.scaleSet}/virtualMachines?$expand=instanceView`, apiVersions.compute);

const network = (): Json => ({
  addressSpace: { addressPrefixes: ['10.20.0.0/16'] },
  subnets: [{ name: 'nodes', properties: { addressPrefix: '10.20.1.0/24' } }],
});

const balancer = (at: Ids): Json => ({
  frontendIPConfigurations: [{ name: 'public', properties: { publicIPAddress: { id: at.address } } }],
  backendAddressPools: [{ name: 'nodes' }],
  probes: [
    {
      name: 'health',
      properties: {
        protocol: 'Http',
        port: appPort,
        requestPath: probe.path,
        intervalInSeconds: probe.intervalMs / 1_000,
        numberOfProbes: probe.numberOfProbes,
      },
    },
  ],
  loadBalancingRules: [
    {
      name: 'http',
      properties: {
        protocol: 'Tcp',
        frontendPort: 80,
        backendPort: appPort,
        frontendIPConfiguration: { id: at.frontend },
        backendAddressPool: { id: at.pool },
        probe: { id: at.probe },
      },
    },
  ],
});

const definition = (): Json => ({
  osType: 'Linux',
  osState: 'Generalized',
  hyperVGeneration: 'V1',
  identifier: { publisher: 'phoenix', offer: 'shop', sku: 'web' },
});

const nodeProfile = (at: Ids, imageVersionId: string): Json => ({
  storageProfile: {
    imageReference: { id: imageVersionId },
    osDisk: { createOption: 'FromImage', caching: 'ReadWrite' },
  },
  osProfile: {
    computerNamePrefix: 'shop',
    adminUsername: 'shopkeeper',
    adminPassword: 'Nobody-signs-in-here-1',
    linuxConfiguration: { disablePasswordAuthentication: false },
  },
  networkProfile: {
    healthProbe: { id: at.probe },
    networkInterfaceConfigurations: [
      {
        name: 'nic',
        properties: {
          primary: true,
          ipConfigurations: [
            {
              name: 'ip',
              properties: { subnet: { id: at.subnet }, loadBalancerBackendAddressPools: [{ id: at.pool }] },
            },
          ],
        },
      },
    ],
  },
});
