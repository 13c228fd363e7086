import { ArmError } from '../../../core/arm-errors.ts';
import type { Answer, Json, Request } from '../../../core/http.ts';
import { keyOf } from '../../../core/ids.ts';
import { at, list, number, object, text } from '../../../core/json.ts';
import { accept } from '../../../core/operations.ts';
import { later, type World } from '../../../core/world.ts';
import type { ProbeFinding, ProbeSpec } from '../../../machines/machines.ts';
import { networkPaths } from '../../operations.ts';
import type { Child, NetworkResource } from '../../state.ts';
import { addressOf } from '../addresses.ts';
import type { Kind } from '../kinds.ts';
import { allMembers, membersOf } from '../members.ts';
import { idAt, partsOf } from '../parts.ts';
import { find } from '../store.ts';
import { drainingOf, settingsOf } from './draining.ts';

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

interface Look {
  readonly pool: Child;
  readonly settings: Child;
  readonly probe: ProbeSpec;
}

function lookAt({ properties }: NetworkResource, pool: Child, settings: Child): Look {
  const probeKey = keyOf(idAt(settings.properties, 'probe') ?? '');
  const probe = partsOf(properties, 'probes').find(({ id }) => keyOf(id) === probeKey);
  return { pool, settings, probe: probeSpec(object(probe?.properties), settings) };
}

/** Without a probe of one's own: `/`, every 30 seconds, three failures (application-gateway-probe-overview). */
function probeSpec(probe: Json, { properties }: Child): ProbeSpec {
  const protocol = (text(probe['protocol']) ?? text(properties['protocol']) ?? 'Http').toLowerCase();
  return {
    protocol: protocol === 'https' || protocol === 'tcp' ? protocol : 'http',
    port: number(probe['port']) ?? number(properties['port']) ?? 80,
    path: text(probe['path']) ?? '/',
    intervalS: number(probe['interval']) ?? 30,
    numberOfProbes: number(probe['unhealthyThreshold']) ?? 3,
  };
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

/** Members by interface, then whom the gateway lets end, then addresses that stand in the pool as they are. */
function serversOf(world: World, { pool, probe }: Look, done: (servers: readonly Json[]) => void): void {
  const members = membersOf(allMembers(world), 'applicationGatewayBackendAddressPools', pool.id);
  const others = [...drainingServers(world, pool), ...unknownServers(pool)];
  const found = new Map<string, Json>();
  const answer = (id: string, server: Json) => {
    found.set(id, server);
    if (found.size === members.length) done([...members.map((member) => found.get(member.id) ?? {}), ...others]);
  };
  if (members.length === 0) done(others);
  for (const member of members) {
    const server = { address: addressOf(world, member), ipConfiguration: { id: member.id } };
    const say = (finding: ProbeFinding) => answer(member.id, { ...server, ...verdict(world, finding) });
    if (member.machineKey === undefined) say('off');
    else world.machines.probe(member.machineKey, probe, say);
  }
}

const drainingServers = (world: World, pool: Child): readonly Json[] =>
  drainingOf(world, pool.id).map(({ address, memberId }) => ({
    address,
    ipConfiguration: { id: memberId },
    health: 'Draining',
    healthProbeLog: '',
  }));

/** Nothing is behind an address or name that no interface of this world has. */
const unknownServers = (pool: Child): readonly Json[] =>
  list(pool.properties['backendAddresses']).map((each) => ({
    address: text(at(each, 'ipAddress')) ?? text(at(each, 'fqdn')),
    health: 'Unknown',
    healthProbeLog: '',
  }));

function verdict({ settings }: World, finding: ProbeFinding): Json {
  const [well, sick] = settings.gatewayHealthWords === 'seen' ? ['Healthy', 'Unhealthy'] : ['Up', 'Down'];
  return { health: finding === 'well' ? well : sick, healthProbeLog: logs[finding] };
}

/** The first is what the CLI shows; the others tell the same in our words. */
const logs: Readonly<Record<ProbeFinding, string>> = {
  well: 'Success. Received 200 status code',
  sick: 'Received invalid status code: 503 in the backend server’s HTTP response.',
  silent: 'Cannot connect to backend server. Time taken by the backend to respond exceeded the threshold.',
  off: 'Cannot connect to backend server. It does not run.',
};
