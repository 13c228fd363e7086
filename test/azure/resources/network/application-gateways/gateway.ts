import { ArmError, badRequest } from '../../../core/arm-errors.ts';
import type { Json } from '../../../core/http.ts';
import { keyOf } from '../../../core/ids.ts';
import { at, number, object } from '../../../core/json.ts';
import type { World } from '../../../core/world.ts';
import type { Child, NetworkResource } from '../../state.ts';
import { allMembers, membersOf } from '../members.ts';
import { partsOf } from '../parts.ts';

/** Lists under `properties` whose members have ids; they have no routes of their own (spec applicationGateway). */
export const gatewayParts = [
  'gatewayIPConfigurations',
  'frontendIPConfigurations',
  'frontendPorts',
  'backendAddressPools',
  'backendHttpSettingsCollection',
  'httpListeners',
  'probes',
  'urlPathMaps',
  'requestRoutingRules',
] as const;

/** What every gateway has at least one of. */
const needed = gatewayParts.filter((part) => part !== 'probes' && part !== 'urlPathMaps');

/** Checks what is written, and drops what only Azure writes. */
export function fillGateway(_world: World, _id: string, properties: Json): Json {
  for (const part of needed)
    if (partsOf(properties, part).length === 0)
      throw badRequest(`An application gateway needs at least one of ${part}.`, `properties.${part}`);
  for (const settings of partsOf(properties, 'backendHttpSettingsCollection')) requireDraining(settings);
  const { operationalState: _state, resourceGuid: _guid, ...kept } = properties;
  return { ...kept, backendAddressPools: partsOf(properties, 'backendAddressPools').map(withoutMembers) };
}

const withoutMembers = (pool: Child): Child => {
  const { backendIPConfigurations: _, ...properties } = pool.properties;
  return { ...pool, properties };
};

/** 1 to 3600 seconds (spec ApplicationGatewayConnectionDraining); code and sentence are ours. */
function requireDraining({ name, properties }: Child): void {
  const draining = properties['connectionDraining'];
  if (draining === undefined || draining === null) return;
  const seconds = number(at(draining, 'drainTimeoutInSec'));
  if (seconds !== undefined && Number.isInteger(seconds) && seconds >= 1 && seconds <= 3600) return;
  throw new ArmError(
    400,
    'ApplicationGatewayConnectionDrainingTimeoutOutOfRange',
    `The drain timeout of backend http settings ${name} must be between 1 and 3600 seconds.`,
  );
}

/** Who is in its pools, and whether it runs. */
export function showGateway(world: World, { id, properties }: NetworkResource): Json {
  const members = allMembers(world);
  const backendAddressPools = partsOf(properties, 'backendAddressPools').map((pool) => {
    const own = membersOf(members, 'applicationGatewayBackendAddressPools', pool.id).map((member) => ({
      id: member.id,
    }));
    return {
      ...pool,
      properties: {
        backendAddresses: [],
        ...object(pool.properties),
        ...(own.length > 0 && { backendIPConfigurations: own }),
      },
    };
  });
  return { backendAddressPools, operationalState: world.resources.gatewayStates.get(keyOf(id)) ?? 'Running' };
}
