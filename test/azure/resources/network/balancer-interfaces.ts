import { type Answer, ok } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { NetworkResource } from '../state.ts';
import { interfacesOf } from './instance-interfaces.ts';
import { showInterface } from './interfaces.ts';
import { allMembers, poolKeysOf } from './members.ts';

/** `GET {balancer}/networkInterfaces`: those that are in one of its pools, of machines and of scale set instances. */
export function listInterfaces(world: World, { id }: NetworkResource): Answer {
  const pools = `${keyOf(id)}/backendaddresspools/`;
  const inside = allMembers(world).filter((member) =>
    poolKeysOf(member, 'loadBalancerBackendAddressPools').some((pool) => pool.startsWith(pools)),
  );
  const keys = new Set(inside.map((member) => keyOf(member.id.replace(/\/ipConfigurations\/[^/]+$/i, ''))));
  const alone = [...world.resources.networkInterfaces.values()].filter((each) => keys.has(keyOf(each.id)));
  const ofInstances = [...world.compute.instances.values()].flatMap((instance) => interfacesOf(world, instance));
  return ok({
    value: [...alone.map((each) => shown(world, each)), ...ofInstances.filter((each) => keys.has(keyOf(each.id)))],
  });
}

const shown = (world: World, resource: NetworkResource) => ({
  id: resource.id,
  name: resource.name,
  etag: resource.etag,
  properties: { ...showInterface(world, resource), provisioningState: resource.provisioningState },
});
