import assert from 'node:assert/strict';
import type { Bench } from '../support.ts';

const network = (group: string) => `/resourceGroups/${group}/providers/Microsoft.Network`;

/** A network with one subnet, an address and an interface in it; gives the interface's id. */
export function makeInterface(bench: Bench, group: string, name: string): string {
  const location = 'koreacentral';
  const path = `${bench.subscription}${network(group)}`;
  const subnets = [{ name: 'nodes', properties: { addressPrefix: '10.0.0.0/24' } }];
  const all = [
    ['virtualNetworks/net', { subnets }],
    [`publicIPAddresses/${name}-ip`, {}],
    [
      `networkInterfaces/${name}-nic`,
      {
        ipConfigurations: [
          {
            name: 'main',
            properties: {
              subnet: { id: `${path}/virtualNetworks/net/subnets/nodes` },
              publicIPAddress: { id: `${path}/publicIPAddresses/${name}-ip` },
            },
          },
        ],
      },
    ],
  ] as const;
  for (const [resource, properties] of all) {
    const answer = bench.arm(`PUT ${network(group)}/${resource}`, { location, properties });
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
  }
  return `${path}/networkInterfaces/${name}-nic`;
}

export const machineBody = (interfaceId: string) => ({
  location: 'koreacentral',
  properties: {
    hardwareProfile: { vmSize: 'Standard_B2s' },
    storageProfile: {
      imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
    },
    osProfile: { computerName: 'builder', adminUsername: 'packer', adminPassword: 'Secret-1' },
    networkProfile: { networkInterfaces: [{ id: interfaceId }] },
  },
});

/** A running machine with all that it needs; gives its path after the subscription. */
export function makeMachine(bench: Bench, group: string, name: string): string {
  const path = `/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
  const { status } = bench.finish(`PUT ${path}`, machineBody(makeInterface(bench, group, name)));
  assert.equal(status, 'Succeeded');
  return path;
}
