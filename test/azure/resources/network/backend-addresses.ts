import { badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { at, list, object } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { Child } from '../state.ts';
import { addressName, allMembers, type Member, membersOf } from './members.ts';

interface PoolWrite {
  readonly isNew: boolean;
  readonly isStandard: boolean;
}

/** The list of a write, taken whole: who is not in it has no administrative state any more (azure.md §15). */
export function keptAddresses(world: World, pool: Child, write: PoolWrite): Child {
  const written = list(pool.properties['loadBalancerBackendAddresses']).map(object);
  if (written.length === 0) return pool;
  const members = new Set(membersOf(allMembers(world), 'loadBalancerBackendAddressPools', pool.id).map(addressName));
  for (const address of written) requireAddress(address, write, members);
  const kept = written.filter((address) => isByIp(address) || members.has(String(address['name']))).map(keptAddress);
  return { ...pool, properties: { ...pool.properties, loadBalancerBackendAddresses: kept } };
}

const isByIp = (address: Json) =>
  at(address, 'properties', 'ipAddress') !== undefined &&
  at(address, 'properties', 'networkInterfaceIPConfiguration') === undefined;

function requireAddress(address: Json, { isNew, isStandard }: PoolWrite, members: ReadonlySet<string>): void {
  const state = at(address, 'properties', 'adminState');
  if (state !== undefined && !['None', 'Up', 'Down'].includes(String(state)))
    throw badRequest(`The value '${state}' of adminState is none of None, Up, Down.`, 'adminState');
  if (isByIp(address)) requireIp(address, isStandard);
  else if (isNew && state !== undefined && !members.has(String(address['name'])))
    throw badRequest(
      `The administrative state of '${address['name']}' can't be set while a pool of network interfaces is created.`,
      'adminState',
    );
}

function requireIp({ name, properties }: Json, isStandard: boolean): void {
  if (!isStandard) throw badRequest('A pool of IP addresses needs a load balancer of SKU Standard.', 'ipAddress');
  const place = at(properties, 'virtualNetwork', 'id') ?? at(properties, 'subnet', 'id');
  if (place === undefined)
    throw badRequest(`The backend address '${name}' needs virtualNetwork or subnet.`, 'virtualNetwork');
}

function keptAddress(address: Json): Json {
  const {
    networkInterfaceIPConfiguration: _,
    inboundNatRulesPortMapping: _ports,
    ...properties
  } = object(address['properties']);
  return { name: address['name'], properties };
}

/** Members by interface stand in the list too, each with its state; addresses without interface as written. */
export function shownAddresses(pool: Child, members: readonly Member[]): Json {
  const byIp = list(pool.properties['loadBalancerBackendAddresses']).map(object).filter(isByIp);
  const byInterface = members.map((member) => ({
    name: addressName(member),
    properties: { networkInterfaceIPConfiguration: { id: member.id }, adminState: adminStateOf(pool, member) },
  }));
  return { loadBalancerBackendAddresses: [...byInterface, ...byIp] };
}

export type AdminState = 'None' | 'Up' | 'Down';

export function adminStateOf(pool: Child, member: Pick<Member, 'id'>): AdminState {
  const known = list(pool.properties['loadBalancerBackendAddresses']).map(object);
  const mine = known.find(({ name }) => name === addressName(member));
  const state = at(mine, 'properties', 'adminState');
  return state === 'Up' || state === 'Down' ? state : 'None';
}
