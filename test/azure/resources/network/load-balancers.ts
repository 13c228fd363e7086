import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, list, object } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { Child, NetworkResource } from '../state.ts';
import { keptAddresses, shownAddresses } from './backend-addresses.ts';
import { allMembers, membersOf } from './members.ts';
import { partsOf } from './parts.ts';
import { requireProbeRules } from './scale-set-users.ts';

/** Members that only Azure writes: who reads a balancer and writes it back sends them along. */
const readOnly = ['backendIPConfigurations', 'loadBalancingRules', 'inboundNatRules', 'outboundRules', 'outboundRule'];

/** What is kept of a write: pools with the addresses that a client may choose, nothing that Azure adds. */
export function fillBalancer(world: World, id: string, properties: Json, { sku }: NetworkResource): Json {
  const old = world.resources.loadBalancers.get(keyOf(id));
  if (old)
    requireProbeRules(
      world,
      old.properties.loadBalancingRules as readonly Child[],
      partsOf(properties, 'loadBalancingRules'),
    );
  const strip = (part: string) => partsOf(properties, part).map((child) => without(child));
  const backendAddressPools = strip('backendAddressPools').map((pool) =>
    keptAddresses(world, pool, {
      isNew: !old?.properties.backendAddressPools.some((known) => keyOf(known.id) === keyOf(pool.id)),
      isStandard: sku['name'] === 'Standard',
    }),
  );
  const [frontendIPConfigurations, probes] = [strip('frontendIPConfigurations'), strip('probes')];
  const loadBalancingRules = partsOf(properties, 'loadBalancingRules').map(keptRule);
  return { ...properties, frontendIPConfigurations, probes, backendAddressPools, loadBalancingRules };
}

/** Azure CLI writes whole parts where a reference is meant, and words in lower case: what is kept is as documented. */
function keptRule(rule: Child): Child {
  const { loadDistribution, ...others } = rule.properties;
  const kept = Object.entries(others).map(([member, value]) =>
    isPart(member) && value ? [member, { id: at(object(value), 'id') }] : [member, value],
  );
  const word = distributions.find((one) => one.toLowerCase() === String(loadDistribution).toLowerCase());
  return { ...rule, properties: { ...Object.fromEntries(kept), ...(word && { loadDistribution: word }) } };
}

const isPart = (member: string) => ['frontendIPConfiguration', 'backendAddressPool', 'probe'].includes(member);

/** Network REST, `LoadDistribution`. */
const distributions = ['Default', 'SourceIP', 'SourceIPProtocol'];

const without = (child: Child): Child => ({
  ...child,
  properties: Object.fromEntries(Object.entries(child.properties).filter(([member]) => !readOnly.includes(member))),
});

/** Each pool shows whom it sends to, and each part the rules that use it (Network REST, read-only members). */
export function showBalancer(world: World, { properties }: NetworkResource): Json {
  const members = allMembers(world);
  const rules = partsOf(properties, 'loadBalancingRules');
  const backendAddressPools = partsOf(properties, 'backendAddressPools').map((pool) => {
    const own = membersOf(members, 'loadBalancerBackendAddressPools', pool.id);
    return withProperties(pool, {
      ...shownAddresses(pool, own),
      ...nonEmpty('backendIPConfigurations', own.map(reference)),
      ...nonEmpty('loadBalancingRules', rules.filter((rule) => usesPool(rule, pool.id)).map(reference)),
    });
  });
  const used = (part: string, member: string) =>
    partsOf(properties, part).map((child) => {
      const users = rules.filter((rule) => isId(at(rule.properties, member, 'id'), child.id));
      return withProperties(child, nonEmpty('loadBalancingRules', users.map(reference)));
    });
  return {
    backendAddressPools,
    probes: used('probes', 'probe'),
    frontendIPConfigurations: used('frontendIPConfigurations', 'frontendIPConfiguration'),
  };
}

/** A rule names one pool, or several in a list. */
export const usesPool = ({ properties }: Pick<Child, 'properties'>, poolId: string): boolean =>
  [properties['backendAddressPool'], ...list(properties['backendAddressPools'])].some((pool) =>
    isId(at(object(pool), 'id'), poolId),
  );

const isId = (value: unknown, id: string) => keyOf(String(value)) === keyOf(id);

const reference = ({ id }: { readonly id: string }) => ({ id });

const withProperties = (child: Child, more: Json): Child => ({
  ...child,
  properties: { ...child.properties, ...more },
});

const nonEmpty = (member: string, ids: readonly Json[]): Json => (ids.length > 0 ? { [member]: ids } : {});
