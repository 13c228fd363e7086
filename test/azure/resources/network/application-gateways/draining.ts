import { keyOf } from '../../../core/ids.ts';
import { at, number } from '../../../core/json.ts';
import type { World } from '../../../core/world.ts';
import type { Child, DrainingMember } from '../../state.ts';
import { addressOf } from '../addresses.ts';
import { allMembers, type Member, membersOf } from '../members.ts';
import { idAt, partsOf } from '../parts.ts';

/**
 * To be called before a change of who is in which pool; what it gives is called after it, and notes whom a gateway has
 * let go. Nobody calls it where an instance is deleted: there Azure does not drain (azure.md §15).
 */
export function watchPools(world: World): () => void {
  if (world.resources.applicationGateways.size === 0) return () => {};
  const before = memberships(world);
  return () => {
    const after = new Set(memberships(world).map(({ key }) => key));
    for (const gone of before.filter(({ key }) => !after.has(key))) letGo(world, gone);
    for (const key of after) world.resources.drainingMembers.delete(key);
  };
}

interface Membership {
  readonly key: string;
  readonly pool: Child;
  readonly member: Member;
  /** Undefined where no settings of the pool drain. */
  readonly drainS: number | undefined;
}

function memberships(world: World): readonly Membership[] {
  const members = allMembers(world);
  return [...world.resources.applicationGateways.values()].flatMap(({ properties }) =>
    partsOf(properties, 'backendAddressPools').flatMap((pool) =>
      membersOf(members, 'applicationGatewayBackendAddressPools', pool.id).map((member) => ({
        key: `${keyOf(pool.id)} ${keyOf(member.id)}`,
        pool,
        member,
        drainS: drainOf(properties, pool),
      })),
    ),
  );
}

/** The longest drain timeout of the settings that rules join with this pool. */
function drainOf(properties: Parameters<typeof partsOf>[0], pool: Child): number | undefined {
  const settings = settingsOf(properties, pool).map(({ properties: each }) => at(each, 'connectionDraining'));
  const timeouts = settings
    .filter((draining) => at(draining, 'enabled') === true)
    .map((draining) => number(at(draining, 'drainTimeoutInSec')) ?? 1);
  return timeouts.length === 0 ? undefined : Math.max(...timeouts);
}

/** The settings that rules join with a pool. */
export function settingsOf(properties: Parameters<typeof partsOf>[0], pool: Pick<Child, 'id'>): readonly Child[] {
  const joined = partsOf(properties, 'requestRoutingRules')
    .filter((rule) => keyOf(idAt(rule.properties, 'backendAddressPool') ?? '') === keyOf(pool.id))
    .map((rule) => keyOf(idAt(rule.properties, 'backendHttpSettings') ?? ''));
  return partsOf(properties, 'backendHttpSettingsCollection').filter(({ id }) => joined.includes(keyOf(id)));
}

function letGo(world: World, { key, pool, member, drainS }: Membership): void {
  if (drainS === undefined) return;
  world.resources.drainingMembers.set(key, {
    poolKey: keyOf(pool.id),
    memberId: member.id,
    machineKey: member.machineKey,
    address: addressOf(world, member),
    until: world.clock.now() + drainS * 1000,
  });
}

/** Whom the gateway still lets end, of this pool: as long as the machine and its time last. */
export const drainingOf = (world: World, poolId: string): readonly DrainingMember[] =>
  [...world.resources.drainingMembers.values()].filter(
    ({ poolKey, until, machineKey }) =>
      poolKey === keyOf(poolId) && until > world.clock.now() && isThere(world, machineKey),
  );

/** A machine that is gone, or going, takes its connections with it. */
function isThere({ compute, resources }: World, machineKey = ''): boolean {
  const machine = compute.instances.get(machineKey) ?? resources.virtualMachines.get(machineKey);
  return machine !== undefined && machine.provisioningState !== 'Deleting';
}
