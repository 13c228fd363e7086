import { balancerProbe } from '../../compute/scale-sets/machine-spec.ts';
import { ArmError } from '../../core/arm-errors.ts';
import type { Answer, Json, Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { accept } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import type { ProbeFinding, ProbeSpec } from '../../machines/machines.ts';
import { networkPaths } from '../operations.ts';
import type { Child } from '../state.ts';
import { addressOf } from './addresses.ts';
import { type AdminState, adminStateOf } from './backend-addresses.ts';
import type { Kind } from './kinds.ts';
import { usesPool } from './load-balancers.ts';
import { allMembers, type Member, membersOf } from './members.ts';
import { idAt, partsOf } from './parts.ts';
import { find } from './store.ts';

/** One member of one of the rule's pools. */
interface Backend {
  readonly member: Member;
  readonly adminState: AdminState;
}

/** How long a look at the members takes; "a few minutes" in the portal. */
const lookMs = 5_000;

/** `POST …/loadBalancingRules/:part/health`: the answer is behind `Location` (load-balancer-manage-health-status). */
export function ruleHealth(world: World, request: Request, kind: Kind): Answer {
  const balancer = find(world, request, kind);
  const rule = ruleOf(balancer.properties, request);
  const probe = probeOf(balancer.properties, rule);
  const pools = partsOf(balancer.properties, 'backendAddressPools').filter((pool) => usesPool(rule, pool.id));
  return accept(world, request, {
    status: 202,
    location: balancer.location,
    ...networkPaths(request, balancer.location),
    work: (completion) =>
      later(world, lookMs, () =>
        askAll(world, backendsOf(world, pools), probe, (findings) =>
          completion.succeed(summary(world, probe, findings)),
        ),
      ),
  });
}

function ruleOf(properties: Json, request: Request): Child {
  const name = keyOf(request.params['part'] ?? '');
  const rule = partsOf(properties, 'loadBalancingRules').find((known) => keyOf(known.name) === name);
  if (rule) return rule;
  throw new ArmError(404, 'NotFound', `Resource ${request.url.pathname} not found.`);
}

interface RuleProbe extends ProbeSpec {
  /** `noHealthyBackendsBehavior`: with no member well, all count as well. */
  readonly allDownIsUp: boolean;
}

/** A rule without a probe has no health (load-balancer-manage-health-status, limitations; sentence: own). */
function probeOf(properties: Json, rule: Child): RuleProbe {
  const id = keyOf(idAt(rule.properties, 'probe') ?? '');
  const probe = partsOf(properties, 'probes').find((known) => keyOf(known.id) === id);
  if (probe)
    return {
      ...balancerProbe(probe.properties),
      allDownIsUp: probe.properties['noHealthyBackendsBehavior'] === 'AllProbedUp',
    };
  throw new ArmError(400, 'LoadBalancingRuleHasNoProbe', `The load balancing rule ${rule.id} has no health probe.`);
}

const backendsOf = (world: World, pools: readonly Child[]): readonly Backend[] =>
  pools.flatMap((pool) =>
    membersOf(allMembers(world), 'loadBalancerBackendAddressPools', pool.id).map((member) => ({
      member,
      adminState: adminStateOf(pool, member),
    })),
  );

type Findings = readonly (readonly [Backend, ProbeFinding])[];

function askAll(world: World, backends: readonly Backend[], probe: ProbeSpec, done: (all: Findings) => void): void {
  const found = new Map<Backend, ProbeFinding>();
  const answer = (backend: Backend, finding: ProbeFinding) => {
    found.set(backend, finding);
    if (found.size === backends.length) done(backends.map((each) => [each, found.get(each) ?? 'off']));
  };
  if (backends.length === 0) done([]);
  for (const backend of backends) {
    const { machineKey } = backend.member;
    if (machineKey === undefined) answer(backend, 'off');
    else world.machines.probe(machineKey, probe, (finding) => answer(backend, finding));
  }
}

function summary(world: World, probe: RuleProbe, findings: Findings): Json {
  const allDown = probe.allDownIsUp && !findings.some(([, finding]) => finding === 'well');
  const loadBalancerBackendAddresses = findings.map(([{ member, adminState }, finding]) => {
    const reason = allDown && finding !== 'off' ? 'Up_Probe_AllDownIsUp' : reasonOf(probe, finding, adminState);
    return {
      ipAddress: addressOf(world, member),
      networkInterfaceIPConfigurationId: member.id,
      state: reason.split('_')[0],
      reason,
    };
  });
  const count = (state: string) => loadBalancerBackendAddresses.filter((each) => each.state === state).length;
  return { up: count('Up'), down: count('Down'), loadBalancerBackendAddresses };
}

/** Reason codes of the page; a machine that is turned off has empty values. */
function reasonOf({ protocol }: ProbeSpec, finding: ProbeFinding, adminState: AdminState): string {
  if (finding === 'off') return '';
  if (adminState !== 'None') return `${adminState}_Admin`;
  if (finding === 'well') return 'Up_Probe_Success';
  if (protocol === 'tcp') return 'Down_Probe_TcpProbeTimeout';
  return finding === 'sick' ? 'Down_Probe_HttpStatusCodeError' : 'Down_Probe_HttpEndpointUnreachable';
}
