import { networkOf } from '../../compute/instances/body.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, list, object } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { NetworkResource } from '../state.ts';
import { partsOf } from './parts.ts';

/** Each pool shows whom it sends to: Network REST, `BackendAddressPoolPropertiesFormat.backendIPConfigurations`. */
export function showBalancer(world: World, resource: NetworkResource): Json {
  const members = [...interfaceMembers(world), ...instanceMembers(world)];
  const backendAddressPools = partsOf(resource.properties, 'backendAddressPools').map((pool) => {
    const backendIPConfigurations = members
      .filter(({ poolKeys }) => poolKeys.includes(keyOf(pool.id)))
      .map(({ id }) => ({ id }));
    return {
      ...pool,
      properties: { ...pool.properties, ...(backendIPConfigurations.length > 0 && { backendIPConfigurations }) },
    };
  });
  return { backendAddressPools };
}

interface Member {
  readonly id: string;
  readonly poolKeys: readonly string[];
}

const interfaceMembers = (world: World): Member[] =>
  [...world.resources.networkInterfaces.values()].flatMap(({ id, properties }) => membersIn(properties, id));

function instanceMembers(world: World): Member[] {
  return [...world.compute.instances.values()].flatMap((instance) =>
    list(networkOf(instance)['networkInterfaceConfigurations']).flatMap((nic) =>
      membersIn(object(at(nic, 'properties')), `${instance.id}/networkInterfaces/${at(nic, 'name')}`),
    ),
  );
}

const membersIn = (properties: Json, ownerId: string): Member[] =>
  partsOf(properties, 'ipConfigurations').map(({ name, properties: part }) => ({
    id: `${ownerId}/ipConfigurations/${name}`,
    poolKeys: list(part['loadBalancerBackendAddressPools']).map((pool) => keyOf(String(at(pool, 'id')))),
  }));
