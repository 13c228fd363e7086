import { keyOf } from '../core/ids.ts';
import type { World } from '../core/world.ts';
import { type AdminState, adminStateOf } from '../resources/network/backend-addresses.ts';
import { allMembers, type Member, membersOf } from '../resources/network/members.ts';
import type { Instance } from './state.ts';

/** An instance in a balancer's pool, with the id of the machine behind it. */
export interface PoolMember {
  readonly machineId: string;
  readonly name: string;
  readonly instance: Instance;
  readonly adminState: AdminState;
}

/** The scale set instances whose network profile, or whose own interface under Flexible, names this backend pool. */
export function poolMembers(world: World, poolId: string): readonly PoolMember[] {
  const members = membersOf(allMembers(world), 'loadBalancerBackendAddressPools', poolId);
  return [...world.compute.instances].flatMap(([machineId, instance]) => {
    const member = members.find(({ machineKey }) => machineKey === machineId);
    return member ? [{ machineId, name: instance.name, instance, adminState: adminState(world, poolId, member) }] : [];
  });
}

/** As the balancer has it; a pool without a balancer behind it has none. */
function adminState(world: World, poolId: string, member: Member): AdminState {
  const balancer = world.resources.loadBalancers.get(keyOf(poolId.replace(/\/backendAddressPools\/[^/]+$/i, '')));
  const pool = balancer?.properties.backendAddressPools?.find(({ id }) => keyOf(id) === keyOf(poolId));
  return pool ? adminStateOf(pool, member) : 'None';
}
