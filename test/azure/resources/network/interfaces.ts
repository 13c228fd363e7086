import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, list, object, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { NetworkResource, VirtualMachine } from '../state.ts';
import { findNetworkResource } from './find.ts';
import { idAt, partsOf } from './parts.ts';

/** Each configuration gets a free address of its subnet, and keeps it. */
export function fillInterface(world: World, id: string, properties: Json): Json {
  const old = world.resources.networkInterfaces.get(keyOf(id));
  const ipConfigurations = partsOf(properties, 'ipConfigurations').map((part, index) => {
    const before = old && partsOf(old.properties, 'ipConfigurations').find(({ name }) => name === part.name);
    const address = text(part.properties['privateIPAddress']) ?? text(before?.properties['privateIPAddress']);
    return {
      ...part,
      properties: {
        primary: index === 0,
        privateIPAllocationMethod: 'Dynamic',
        privateIPAddressVersion: 'IPv4',
        ...part.properties,
        privateIPAddress: address ?? freeAddress(world, idAt(part.properties, 'subnet') ?? ''),
      },
    };
  });
  return { ...properties, ipConfigurations };
}

/** The machine that has this interface. */
export const machineOf = (world: World, interfaceId: string): VirtualMachine | undefined =>
  [...world.resources.virtualMachines.values()].find((machine) =>
    machine.networkInterfaceKeys.includes(keyOf(interfaceId)),
  );

/** A running machine is where its host can be reached: that is the address that a client must be told. */
export function showInterface(world: World, resource: NetworkResource): Json {
  const machine = machineOf(world, resource.id);
  const reachable = machine && world.machines.address(keyOf(machine.id));
  const ipConfigurations = partsOf(resource.properties, 'ipConfigurations').map((part) => ({
    ...part,
    properties: { ...part.properties, ...(reachable !== undefined && { privateIPAddress: reachable }) },
  }));
  return {
    ipConfigurations,
    dnsSettings: { dnsServers: [], appliedDnsServers: [] },
    enableIPForwarding: false,
    ...(machine && { primary: true, virtualMachine: { id: machine.id } }),
  };
}

/** The first four addresses of a subnet are Azure's own. */
function freeAddress(world: World, subnetId: string): string {
  const network = findNetworkResource(world, subnetId.replace(/\/subnets\/[^/]+$/i, ''));
  const subnet = network && partsOf(network.properties, 'subnets').find(({ id }) => keyOf(id) === keyOf(subnetId));
  const prefix =
    text(subnet?.properties['addressPrefix']) ?? text(list(subnet?.properties['addressPrefixes'])[0]) ?? '10.0.0.0/24';
  const [a = '10', b = '0', c = '0', d = '0'] = (prefix.split('/')[0] ?? '').split('.');
  const taken = takenAddresses(world);
  for (let host = Number(d) + 4; ; host += 1) {
    const address = `${a}.${b}.${Number(c) + Math.floor(host / 256)}.${host % 256}`;
    if (!taken.has(address)) return address;
  }
}

const takenAddresses = (world: World) =>
  new Set(
    [...world.resources.networkInterfaces.values()]
      .flatMap(({ properties }) => list(properties['ipConfigurations']))
      .map((part) => at(object(part), 'properties', 'privateIPAddress')),
  );
