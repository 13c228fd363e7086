import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { NetworkResource } from '../state.ts';

const networkTypes = [
  'publicIPAddresses',
  'virtualNetworks',
  'networkSecurityGroups',
  'networkInterfaces',
  'loadBalancers',
  'applicationGateways',
] as const;

export type NetworkType = (typeof networkTypes)[number];

/** The network resource with this id, whatever its type. */
export function findNetworkResource(world: World, id: string): NetworkResource | undefined {
  const named = /\/providers\/Microsoft\.Network\/([^/]+)\//i.exec(id)?.[1]?.toLowerCase();
  const type = networkTypes.find((known) => known.toLowerCase() === named);
  return type && world.resources[type].get(keyOf(id));
}
