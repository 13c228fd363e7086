import { keyOf } from '../core/ids.ts';
import type { World } from '../core/world.ts';
import { type AdminState, adminStateOf } from '../resources/network/backend-addresses.ts';
import { allMembers, type Member, membersOf } from '../resources/network/members.ts';

/** A machine in a balancer's pool. */
export interface PoolMember {
  readonly machineId: string;
  readonly name: string;
  readonly adminState: AdminState;
}

/** The machines behind a backend pool: instances whose network profile names it, and machines whose interface does. */
export function poolMembers(world: World, poolId: string): readonly PoolMember[] {
  const { compute, resources } = world;
  return membersOf(allMembers(world), 'loadBalancerBackendAddressPools', poolId).flatMap((member) => {
    const { machineKey: machineId = '' } = member;
    const machine = compute.instances.get(machineId) ?? resources.virtualMachines.get(machineId);
    return machine ? [{ machineId, name: machine.name, adminState: adminState(world, poolId, member) }] : [];
  });
}

/** As the balancer has it; a pool without a balancer behind it has none. */
function adminState(world: World, poolId: string, member: Member): AdminState {
  const balancer = world.resources.loadBalancers.get(keyOf(poolId.replace(/\/backendAddressPools\/[^/]+$/i, '')));
  const pool = balancer?.properties.backendAddressPools?.find(({ id }) => keyOf(id) === keyOf(poolId));
  return pool ? adminStateOf(pool, member) : 'None';
}
