import { keyOf } from '../core/ids.ts';
import { at, list, object, text } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { networkOf } from './instances/body.ts';
import type { Instance } from './state.ts';

/** An instance in a balancer's pool, with the id of the machine behind it. */
export interface PoolMember {
  readonly machineId: string;
  readonly name: string;
  readonly instance: Instance;
}

/** The scale set instances whose own network profile names this backend pool. */
export function poolMembers(world: World, poolId: string): readonly PoolMember[] {
  const wanted = keyOf(poolId);
  return [...world.compute.instances]
    .filter(([, instance]) => poolsOf(instance).includes(wanted))
    .map(([machineId, instance]) => ({ machineId, name: instance.name, instance }));
}

const poolsOf = (instance: Instance): readonly string[] =>
  list(networkOf(instance)['networkInterfaceConfigurations'])
    .flatMap((nic) => list(at(nic, 'properties', 'ipConfigurations')))
    .flatMap((address) => list(at(address, 'properties', 'loadBalancerBackendAddressPools')))
    .map((pool) => keyOf(text(object(pool)['id']) ?? ''));
