import type { ArmError } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import type { World } from '../../core/world.ts';
import type { NetworkResource } from '../state.ts';
import { fillGateway, gatewayParts, showGateway } from './application-gateways/gateway.ts';
import type { NetworkType } from './find.ts';
import { fillInterface, showInterface } from './interfaces.ts';
import { fillBalancer, showBalancer } from './load-balancers.ts';
import { fillPublicAddress, showPublicAddress } from './public-addresses.ts';
import { balancerInUse, gatewayInUse } from './scale-set-users.ts';
import { addressInUse, groupInUse, interfaceInUse, networkInUse } from './uses.ts';

/** What the network provider keeps, type by type; one set of handlers serves them all. */
export interface Kind {
  readonly type: NetworkType;
  /** Its part of the REST reference. */
  readonly page?: string;
  /** Arrays under `properties` whose members are resources with ids of their own. */
  readonly parts: readonly string[];
  /** Adds what Azure decides at a write: addresses, defaults. */
  readonly fill?: (world: World, id: string, properties: Json, written: NetworkResource) => Json;
  /** What a read shows beside what was written. */
  readonly show?: (world: World, resource: NetworkResource) => Json;
  /** How long a write takes, where that is not a moment. */
  readonly writeMs?: (world: World) => number;
  /** Why it can't be deleted now. */
  readonly inUse?: (world: World, resource: NetworkResource) => ArmError | undefined;
}

export const kinds: readonly Kind[] = [
  { type: 'publicIPAddresses', parts: [], fill: fillPublicAddress, show: showPublicAddress, inUse: addressInUse },
  { type: 'virtualNetworks', parts: ['subnets', 'virtualNetworkPeerings'], inUse: networkInUse },
  { type: 'networkSecurityGroups', parts: ['securityRules'], inUse: groupInUse },
  {
    type: 'networkInterfaces',
    parts: ['ipConfigurations'],
    fill: fillInterface,
    show: showInterface,
    inUse: interfaceInUse,
  },
  {
    type: 'loadBalancers',
    page: 'load-balancer',
    parts: [
      'frontendIPConfigurations',
      'backendAddressPools',
      'probes',
      'loadBalancingRules',
      'inboundNatRules',
      'inboundNatPools',
      'outboundRules',
    ],
    fill: fillBalancer,
    show: showBalancer,
    inUse: balancerInUse,
  },
  {
    type: 'applicationGateways',
    page: 'application-gateway',
    parts: gatewayParts,
    fill: fillGateway,
    show: showGateway,
    writeMs: ({ settings }) => settings.gatewayWriteMs,
    inUse: gatewayInUse,
  },
];
