import type { Json } from '../../core/http.ts';
import { keyOf, typeOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { LoadBalancer, NetworkResource } from '../state.ts';
import { fillInterface } from './interfaces.ts';
import { fillBalancer } from './load-balancers.ts';
import { withPartIds } from './parts.ts';

/** An interface that a scale set makes for one of its machines. */
export function addInterface(world: World, id: string, location: string, written: Json): void {
  const properties = fillInterface(world, id, withPartIds(id, written, ['ipConfigurations']));
  addNetworkResource(world, 'networkInterfaces', { id, location, properties });
}

/** A load balancer with its parts, there at once. */
export function addLoadBalancer(world: World, id: string, location: string, written: Json): void {
  const parts = ['frontendIPConfigurations', 'backendAddressPools', 'probes', 'loadBalancingRules'];
  const resource = { ...made(world, { id, location, properties: {} }), sku: { name: 'Standard' } };
  const filled = fillBalancer(world, id, withPartIds(id, written, parts), resource);
  world.resources.loadBalancers.set(keyOf(id), { ...resource, properties: filled as LoadBalancer['properties'] });
}

/** A resource that nobody has asked the network provider for, there at once. */
export function addNetworkResource(
  world: World,
  type: 'networkInterfaces' | 'virtualNetworks',
  resource: Written,
): void {
  world.resources[type].set(keyOf(resource.id), made(world, resource));
}

interface Written {
  readonly id: string;
  readonly location: string;
  readonly properties: Json;
}

const made = (world: World, { id, location, properties }: Written): NetworkResource => ({
  id,
  name: id.slice(id.lastIndexOf('/') + 1),
  type: typeOf(id),
  location,
  tags: {},
  resourceGuid: world.newId(),
  etag: `W/"${world.newId()}"`,
  sku: {},
  zones: [],
  properties,
  provisioningState: 'Succeeded',
});
