import { keyOf } from '../core/ids.ts';
import { at, list, object, text } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { type AdminState, adminStateOf } from '../resources/network/backend-addresses.ts';
import { allMembers, type Member, membersOf } from '../resources/network/members.ts';
import { networkOf } from './instances/body.ts';
import type { Instance } from './state.ts';

/** An instance in a balancer's pool, with the id of the machine behind it. */
export interface PoolMember {
  readonly machineId: string;
  readonly name: string;
  readonly instance: Instance;
  readonly adminState: AdminState;
}

/** The scale set instances whose own network profile names this backend pool. */
export function poolMembers(world: World, poolId: string): readonly PoolMember[] {
  const wanted = keyOf(poolId);
  const members = membersOf(allMembers(world), 'loadBalancerBackendAddressPools', poolId);
  return [...world.compute.instances]
    .filter(([, instance]) => poolsOf(instance).includes(wanted))
    .map(([machineId, instance]) => {
      const member = members.find(({ machineKey }) => machineKey === machineId);
      return { machineId, name: instance.name, instance, adminState: adminState(world, poolId, member) };
    });
}

/** As the balancer has it; a pool without a balancer behind it has none. */
function adminState(world: World, poolId: string, member: Member | undefined): PoolMember['adminState'] {
  const balancer = world.resources.loadBalancers.get(keyOf(poolId.replace(/\/backendAddressPools\/[^/]+$/i, '')));
  const pool = balancer?.properties.backendAddressPools?.find(({ id }) => keyOf(id) === keyOf(poolId));
  return pool && member ? adminStateOf(pool, member) : 'None';
}

const poolsOf = (instance: Instance): readonly string[] =>
  list(networkOf(instance)['networkInterfaceConfigurations'])
    .flatMap((nic) => list(at(nic, 'properties', 'ipConfigurations')))
    .flatMap((address) => list(at(address, 'properties', 'loadBalancerBackendAddressPools')))
    .map((pool) => keyOf(text(object(pool)['id']) ?? ''));
