import { imageName } from '../report/words.ts';
import type { AlertsSeen } from './alerts.ts';
import type { Limits } from './limits.ts';
import { type Entry, entryOf, type Logbook } from './logbook.ts';
import { isOn, looksHealthy, type Node } from './node.ts';

/**
 * Where a node is on its way. Old nodes rest until they are chosen:
 *
 *   old ── drain ──► draining ──► drained ── replace ──► replacing ──► settling ──► ready
 *                       └──► stuck (the drain failed)        └───────────┴──► broken
 *
 * `relapsed` is a node that settles anew: it was healthy on the target and is not any more, which may be the image's doing.
 * `leaving` is a node that Azure is deleting, `spared` one that is left alone: protected from us, asking for it by its tag, or
 * not to be drained. `returning` is one whose drain failed and that was put back into service just now. `busy` is an old node that Azure is
 * at work with, not for this run: it is being created, or a run that was killed had it upgraded. `unchosen` is an old node
 * that this stage does not name.
 */
export const nodeStates = [
  'old',
  'draining',
  'drained',
  'stuck',
  'returning',
  'replacing',
  'settling',
  'relapsed',
  'ready',
  'broken',
  'leaving',
  'busy',
  'spared',
  'unchosen',
] as const;

export type NodeState = (typeof nodeStates)[number];

/** How long an upgrade whose answer was lost is looked for before it is asked again. */
export const lookupMs = 60_000;

export interface Situation {
  readonly nodes: readonly Node[];
  readonly logbook: Logbook;
  readonly target: string;
  readonly limits: Limits;
  /** What alert rules say; absent when none are heeded. */
  readonly alerts?: AlertsSeen;
  readonly now: number;
}

export function stateOf(node: Node, { logbook, target, limits, now }: Situation): NodeState {
  const entry = entryOf(logbook, node.id);
  if (node.provisioning === 'deleting') return 'leaving';
  if (isOn(node, target)) return stateOnTarget(node, entry, limits, now);
  if (entry.errand) return stateOfErrand(node, entry, limits, now);
  const isNamed = limits.chosen?.has(node.id) !== false;
  if (isReturning(node, entry, limits, now)) return 'returning';
  if (isNamed && whySpared(node, logbook)) return 'spared';
  if (node.provisioning === 'working') return 'busy';
  return isNamed ? 'old' : 'unchosen';
}

/** Why an old node stays on its image, if it does. */
export function whySpared(node: Node, logbook: Logbook): 'leftOut' | 'undrainable' | 'protected' | undefined {
  if (node.leaveOut) return 'leftOut';
  if ((entryOf(logbook, node.id).undrained?.times ?? 0) >= mostDrains) return 'undrainable';
  return node.protected ? 'protected' : undefined;
}

/** How often a node is drained before it is left on its image. */
export const mostDrains = 2;

/** Put back into service, and not seen to serve yet: after as long as a new node may take it counts as sick. */
const isReturning = (node: Node, { undrained }: Entry, limits: Limits, now: number) =>
  undrained !== undefined && !looksHealthy(node) && now - undrained.since < limits.nodeHealthTimeoutMs;

function stateOnTarget(node: Node, entry: Entry, limits: Limits, now: number): NodeState {
  if (entry.ready) return 'ready';
  // Whether it is well is nobody's business but of whoever asked to leave it out, unless we replaced it before.
  if (node.leaveOut && !entry.errand) return 'spared';
  // The outcome of a call with several nodes says nothing of the single one: its own state does.
  if (entry.problem !== undefined && node.provisioning === 'failed') return 'broken';
  if (now - (entry.settlingSince ?? now) >= limits.nodeHealthTimeoutMs) return 'broken';
  return entry.healthyOnce && hasFallenSick(node) ? 'relapsed' : 'settling';
}

/** Out of service, and not because Azure is at work with it: that would be a reboot, whoever asked for it. */
const hasFallenSick = (node: Node) => !looksHealthy(node) && node.provisioning !== 'working';

function stateOfErrand(node: Node, entry: Entry, limits: Limits, now: number): NodeState {
  const errand = entry.errand;
  if (errand?.kind === 'draining') return 'draining';
  if (errand?.kind === 'drained' || errand?.kind === 'lifting') return 'drained';
  if (errand?.kind === 'drainFailed') return 'stuck';
  if (errand === undefined) return 'old';
  if (entry.problem !== undefined && node.provisioning !== 'working') return 'broken';
  const lookedUp = now - errand.since >= lookupMs;
  if (lookedUp && !errand.certain && node.provisioning !== 'working') return 'drained';
  // A node that had failed before we came shows its old state until Azure begins with it.
  if (lookedUp && node.provisioning === 'failed') return 'broken';
  return now - errand.since >= limits.nodeHealthTimeoutMs ? 'broken' : 'replacing';
}

/** Why a node is broken, as a sentence for people. */
export function whyBroken(node: Node, { logbook, target, limits }: Situation): string {
  const problem = entryOf(logbook, node.id).problem ?? node.problem;
  if (problem !== '') return `${node.name}: ${problem}`;
  const seconds = `${Math.round(limits.nodeHealthTimeoutMs / 1000)} s`;
  if (!isOn(node, target))
    return `${node.name}: still on its old ${node.stale ? 'disk' : 'image'} ${seconds} ${afterAccepted}`;
  const isNew = entryOf(logbook, node.id).errand !== undefined;
  return `${node.name}: ${node.health} on ${imageName(target)} ${isNew ? `${seconds} ${afterAccepted}` : `for ${seconds}`}`;
}

/** True of an upgrade and of a reimage: when a node has its new disk, nothing tells which of them it was. */
const afterAccepted = 'after Azure has accepted its replacement';

/** What can be said of nodes without knowing the limits. */
export type Seen = Pick<Situation, 'nodes' | 'logbook' | 'target'>;

/** Nodes that were taken out of service and stay on their old image: they must serve again. */
export function leftOut({ nodes, logbook, target }: Seen): readonly string[] {
  const stays = (node: Node) => !isOn(node, target) && node.provisioning !== 'working';
  return nodes.filter((node) => isOut(node, logbook) || (isAskedFor(node, logbook) && stays(node))).map(({ id }) => id);
}

/** Of them those that Azure was not asked for: it may be about to begin with others, whatever the last look showed. */
export const surelyLeftOut = ({ nodes, logbook }: Seen): readonly string[] =>
  nodes.filter((node) => isOut(node, logbook)).map(({ id }) => id);

/**
 * Old nodes that are out of service and nobody knows why: a run that was killed may have drained them, also those that
 * were sick before. Where health `hides` that a node is drained, any of them may be out of service.
 */
export const perhapsLeftOut = ({ nodes, target }: Pick<Seen, 'nodes' | 'target'>, hides = false): readonly string[] =>
  nodes
    .filter((node) => !isOn(node, target) && node.provisioning === 'succeeded' && node.running)
    .filter((node) => hides || !looksHealthy(node))
    .map(({ id }) => id);

const isOut = ({ id }: Node, logbook: Logbook) =>
  ['draining', 'drained', 'drainFailed'].includes(entryOf(logbook, id).errand?.kind ?? '');

/** Azure was asked for its new disk, and it may be that nothing came of it. */
const isAskedFor = ({ id }: Node, logbook: Logbook) => entryOf(logbook, id).errand?.kind === 'replacing';
