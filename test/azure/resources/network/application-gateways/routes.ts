import type { Answer, Request } from '../../../core/http.ts';
import { keyOf } from '../../../core/ids.ts';
import { accept } from '../../../core/operations.ts';
import type { Route } from '../../../core/routes.ts';
import type { World } from '../../../core/world.ts';
import { briefWork, networkPaths } from '../../operations.ts';
import type { GatewayState } from '../../state.ts';
import type { Kind } from '../kinds.ts';
import { find } from '../store.ts';
import { backendHealth, backendHealthOnDemand } from './backend-health.ts';

/** What a gateway can be asked beside being written, read and deleted. */
export const gatewayRoutes = (kind: Kind, one: string, page: string): readonly Route[] => [
  ['POST', `${one}/start`, power(kind, 'Starting', 'Running'), `${page}/application-gateways/start`],
  ['POST', `${one}/stop`, power(kind, 'Stopping', 'Stopped'), `${page}/application-gateways/stop`],
  [
    'POST',
    `${one}/backendhealth`,
    (...call) => backendHealth(...call, kind),
    `${page}/application-gateways/backend-health`,
  ],
  [
    'POST',
    `${one}/getBackendHealthOnDemand`,
    (...call) => backendHealthOnDemand(...call, kind),
    `${page}/application-gateways/backend-health-on-demand`,
  ],
];

const power =
  (kind: Kind, meanwhile: GatewayState, finally_: GatewayState) =>
  (world: World, request: Request): Answer => {
    const gateway = find(world, request, kind);
    const { gatewayStates } = world.resources;
    gatewayStates.set(keyOf(gateway.id), meanwhile);
    const done = () => void gatewayStates.set(keyOf(gateway.id), finally_);
    return accept(world, request, {
      status: 202,
      location: gateway.location,
      ...networkPaths(request, gateway.location),
      work: briefWork(world, done, world.settings.gatewayWriteMs),
    });
  };
