import { createHash } from 'node:crypto';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { Child, NetworkResource } from '../state.ts';
import { machineOf } from './interfaces.ts';
import { idAt, partsOf } from './parts.ts';

/** Network REST, `PublicIPAddressPropertiesFormat`: what is so when nothing was said. */
export function fillPublicAddress(_world: World, _id: string, properties: Json): Json {
  return {
    publicIPAllocationMethod: 'Dynamic',
    publicIPAddressVersion: 'IPv4',
    idleTimeoutInMinutes: 4,
    ...properties,
  };
}

/** Of a machine's address the one that this host can reach; of any other a number from the range for documentation. */
export function showPublicAddress(world: World, resource: NetworkResource): Json {
  const user = userOf(world, resource.id);
  const ipAddress = addressOf(world, resource, user);
  return { ...(user && { ipConfiguration: { id: user.id } }), ...(ipAddress !== undefined && { ipAddress }) };
}

/** The configuration of an interface, a balancer or a gateway that has this address. */
export function userOf(world: World, addressId: string): Child | undefined {
  const interfaces = [...world.resources.networkInterfaces.values()].flatMap(({ properties }) =>
    partsOf(properties, 'ipConfigurations'),
  );
  const frontends = [...world.resources.loadBalancers.values()].flatMap(
    ({ properties }) => properties.frontendIPConfigurations,
  );
  const gateways = [...world.resources.applicationGateways.values()].flatMap(({ properties }) =>
    partsOf(properties, 'frontendIPConfigurations'),
  );
  return [...interfaces, ...frontends, ...gateways].find((part) => isAt(part, addressId));
}

const isAt = (part: Child, addressId: string) =>
  keyOf(idAt(part.properties, 'publicIPAddress') ?? '') === keyOf(addressId);

/** A dynamic address is given when what it is attached to runs. */
function addressOf(world: World, resource: NetworkResource, user: Child | undefined): string | undefined {
  const machine = user && machineOf(world, user.id.replace(/\/ipConfigurations\/[^/]+$/i, ''));
  const reachable = machine && world.machines.address(keyOf(machine.id));
  if (reachable !== undefined) return reachable;
  const isFrontend = user !== undefined && /\/(loadBalancers|applicationGateways)\//i.test(user.id);
  const isStatic = resource.properties['publicIPAllocationMethod'] === 'Static';
  return isStatic || isFrontend ? documentationAddress(resource.id) : undefined;
}

/** RFC 5737: 198.51.100.0/24 is nobody's. */
const documentationAddress = (id: string) =>
  `198.51.100.${(createHash('sha256').update(keyOf(id)).digest()[0] ?? 0) % 254 || 1}`;
