import type { Json } from '../../../core/http.ts';
import { keyOf } from '../../../core/ids.ts';
import { at, list, number, object, text } from '../../../core/json.ts';
import type { World } from '../../../core/world.ts';
import type { ProbeFinding, ProbeSpec } from '../../../machines/machines.ts';
import type { Child, NetworkResource } from '../../state.ts';
import { addressOf } from '../addresses.ts';
import { allMembers, membersOf } from '../members.ts';
import { idAt, partsOf } from '../parts.ts';
import { drainingOf } from './draining.ts';

/** One pool seen by one of the settings that rules join it with. */
export interface Look {
  readonly pool: Child;
  readonly settings: Child;
  readonly probe: ProbeSpec;
}

export function lookAt({ properties }: NetworkResource, pool: Child, settings: Child): Look {
  const probeKey = keyOf(idAt(settings.properties, 'probe') ?? '');
  const probe = partsOf(properties, 'probes').find(({ id }) => keyOf(id) === probeKey);
  return { pool, settings, probe: probeSpec(object(probe?.properties), settings) };
}

/** Without a probe of one's own: `/`, every 30 seconds, three failures (application-gateway-probe-overview). */
export function probeSpec(probe: Json, { properties }: Child): ProbeSpec {
  const protocol = (text(probe['protocol']) ?? text(properties['protocol']) ?? 'Http').toLowerCase();
  return {
    protocol: protocol === 'https' || protocol === 'tcp' ? protocol : 'http',
    port: number(probe['port']) ?? number(properties['port']) ?? 80,
    path: text(probe['path']) ?? '/',
    intervalS: number(probe['interval']) ?? 30,
    numberOfProbes: number(probe['unhealthyThreshold']) ?? 3,
  };
}

/** Members by interface, then whom the gateway lets end, then addresses that stand in the pool as they are. */
export function serversOf(world: World, { pool, probe }: Look, done: (servers: readonly Json[]) => void): void {
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
