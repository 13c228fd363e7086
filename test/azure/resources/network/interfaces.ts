import type { Machine } from '../../compute/state.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { NetworkResource } from '../state.ts';
import { freeAddress } from './addresses.ts';
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
export const machineOf = (world: World, interfaceId: string): Owner | undefined =>
  interfaceOwners(world).get(keyOf(interfaceId));

type Owner = Pick<Machine, 'id'>;

/** Virtual machines, alone or in a Flexible set, by the keys of their interfaces. */
export function interfaceOwners(world: World): ReadonlyMap<string, Owner> {
  const machines = [...world.resources.virtualMachines.values(), ...world.compute.instances.values()];
  return new Map(
    machines.flatMap((machine) =>
      (machine.parts?.networkInterfaces ?? []).map(({ id }) => [keyOf(id), machine] as const),
    ),
  );
}

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
