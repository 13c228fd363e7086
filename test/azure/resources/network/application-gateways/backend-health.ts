import { ArmError } from '../../../core/arm-errors.ts';
import type { Answer, Json, Request } from '../../../core/http.ts';
import { keyOf } from '../../../core/ids.ts';
import { accept } from '../../../core/operations.ts';
import { later, type World } from '../../../core/world.ts';
import { networkPaths } from '../../operations.ts';
import type { Child, NetworkResource } from '../../state.ts';
import type { Kind } from '../kinds.ts';
import { idAt, partsOf } from '../parts.ts';
import { find } from '../store.ts';
import { settingsOf } from './draining.ts';
import { type Look, lookAt, probeSpec, serversOf } from './servers.ts';

/** How long a look at the servers takes. */
const lookMs = 5_000;

/** `POST …/backendhealth`: every pool with the settings that rules join it with; the answer is behind `Location`. */
export function backendHealth(world: World, request: Request, kind: Kind): Answer {
  const gateway = runningGateway(world, request, kind);
  const pairs = partsOf(gateway.properties, 'backendAddressPools').map(
    (pool) => [pool, settingsOf(gateway.properties, pool)] as const,
  );
  const looks = pairs.flatMap(([pool, settings]) => settings.map((each) => lookAt(gateway, pool, each)));
  return answerLater(world, request, gateway, looks, (servers) => ({
    backendAddressPools: pairs.map(([pool, settings]) => ({
      backendAddressPool: { id: pool.id },
      backendHttpSettingsCollection: settings.map((each) => ({
        backendHttpSettings: { id: each.id },
        servers: servers.get(`${pool.id} ${each.id}`) ?? [],
      })),
    })),
  }));
}

/** `POST …/getBackendHealthOnDemand`: one pool with one of the settings, by a probe that is in the body. */
export function backendHealthOnDemand(world: World, request: Request, kind: Kind): Answer {
  const gateway = runningGateway(world, request, kind);
  const pool = named(gateway, 'backendAddressPools', idAt(request.json, 'backendAddressPool'));
  const settings = named(gateway, 'backendHttpSettingsCollection', idAt(request.json, 'backendHttpSettings'));
  const look = { ...lookAt(gateway, pool, settings), probe: probeSpec(request.json, settings) };
  return answerLater(world, request, gateway, [look], (servers) => ({
    backendAddressPool: { id: pool.id },
    backendHealthHttpSettings: {
      backendHttpSettings: { id: settings.id },
      servers: servers.get(`${pool.id} ${settings.id}`) ?? [],
    },
  }));
}

/** A gateway that is stopped has nobody who looks (code and sentence: own). */
function runningGateway(world: World, request: Request, kind: Kind): NetworkResource {
  const gateway = find(world, request, kind);
  const state = world.resources.gatewayStates.get(keyOf(gateway.id)) ?? 'Running';
  if (state === 'Running') return gateway;
  throw new ArmError(
    400,
    'ApplicationGatewayNotRunning',
    `The application gateway ${gateway.id} is ${state}; backend health needs a running one.`,
  );
}

function named(gateway: NetworkResource, part: string, id = ''): Child {
  const found = partsOf(gateway.properties, part).find((known) => keyOf(known.id) === keyOf(id));
  if (found) return found;
  throw new ArmError(400, 'InvalidResourceReference', `Resource ${id} referenced by the request was not found.`);
}

type Servers = ReadonlyMap<string, readonly Json[]>;

function answerLater(
  world: World,
  request: Request,
  gateway: NetworkResource,
  looks: readonly Look[],
  answer: (servers: Servers) => Json,
): Answer {
  return accept(world, request, {
    status: 202,
    location: gateway.location,
    ...networkPaths(request, gateway.location),
    work: (completion) =>
      later(world, lookMs, () => carryOut(world, looks, (servers) => completion.succeed(answer(servers)))),
  });
}

function carryOut(world: World, looks: readonly Look[], done: (servers: Servers) => void): void {
  const seen = new Map<string, readonly Json[]>();
  if (looks.length === 0) done(seen);
  for (const look of looks)
    serversOf(world, look, (servers) => {
      seen.set(`${look.pool.id} ${look.settings.id}`, servers);
      if (seen.size === looks.length) done(seen);
    });
}
