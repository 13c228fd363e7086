import { networkOf } from '../../compute/instances/body.ts';
import type { Json } from '../../core/http.ts';
import { groupOfId, keyOf } from '../../core/ids.ts';
import { at, list, object, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { interfaceOwners } from './interfaces.ts';
import { partsOf } from './parts.ts';

/** A configuration of an interface, as balancers and gateways know it. */
export interface Member {
  /** `…/networkInterfaces/{name}/ipConfigurations/{name}` */
  readonly id: string;
  readonly properties: Json;
  /** The machine behind it, if there is one. */
  readonly machineKey: string | undefined;
}

export type PoolList = 'loadBalancerBackendAddressPools' | 'applicationGatewayBackendAddressPools';

/** Every configuration of the world's interfaces: those that are resources, and those of Uniform instances. */
export const allMembers = (world: World): readonly Member[] => [...interfaceMembers(world), ...instanceMembers(world)];

/** Keys of the pools that a configuration names. */
export const poolKeysOf = ({ properties }: Member, pools: PoolList): readonly string[] =>
  list(properties[pools]).map((pool) => keyOf(text(at(pool, 'id')) ?? ''));

export const membersOf = (members: readonly Member[], pools: PoolList, poolId: string): readonly Member[] =>
  members.filter((member) => poolKeysOf(member, pools).includes(keyOf(poolId)));

function interfaceMembers(world: World): Member[] {
  const owners = interfaceOwners(world);
  return [...world.resources.networkInterfaces].flatMap(([key, { id, properties }]) =>
    membersIn(properties, id, keyOf(owners.get(key)?.id ?? '') || undefined),
  );
}

function instanceMembers(world: World): Member[] {
  const uniform = [...world.compute.instances].filter(([, { parts }]) => !parts);
  return uniform.flatMap(([key, instance]) =>
    list(networkOf(instance)['networkInterfaceConfigurations']).flatMap((nic) =>
      membersIn(object(at(nic, 'properties')), `${instance.id}/networkInterfaces/${at(nic, 'name')}`, key),
    ),
  );
}

const membersIn = (properties: Json, ownerId: string, machineKey: string | undefined): Member[] =>
  partsOf(properties, 'ipConfigurations').map(({ name, properties: part }) => ({
    id: `${ownerId}/ipConfigurations/${name}`,
    properties: part,
    machineKey,
  }));

/** The group, the path below the provider, and the names of interface and configuration: as exported templates have it. */
export function addressName({ id }: Pick<Member, 'id'>): string {
  const [, below = ''] = id.split(/\/providers\/Microsoft\.\w+\//i);
  const path = below
    .replace(/^(networkInterfaces|virtualMachineScaleSets)\//i, '')
    .replace(/\/ipConfigurations\//i, '');
  return `${groupOfId(id)}_${path.replaceAll('/', '_')}`;
}
