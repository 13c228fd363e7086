import { imageName } from '../report/words.ts';
import { alertStep } from './alerts.ts';
import { inTurn } from './choose.ts';
import { entryOf } from './logbook.ts';
import { looksHealthy, type Node } from './node.ts';
import { type NodeState, type Situation, stateOf, whyBroken } from './state.ts';

/** What to do now. Each carries the sentence that explains it: log, summary and tests print the same one. */
export type Step =
  | { readonly kind: 'drain'; readonly nodeIds: readonly string[]; readonly reason: string }
  | { readonly kind: 'replace'; readonly nodeIds: readonly string[]; readonly reason: string }
  | { readonly kind: 'wait'; readonly reason: string }
  /** `unseen`: it halts since it could not see, not because of what it saw: no reason to go back. */
  | { readonly kind: 'halt'; readonly reason: string; readonly unseen?: true }
  /** The nodes up to a checkpoint have stayed well for long enough. */
  | { readonly kind: 'pass'; readonly reason: string }
  /** Time is up, and nothing is under way any more: a clean point to stop at. */
  | { readonly kind: 'pause'; readonly reason: string }
  | { readonly kind: 'done'; readonly reason: string };

export interface Choices {
  /** Old nodes that were out of service before the rollout began: they go first, and are not our loss. */
  readonly sickBefore: ReadonlySet<string>;
  /** Is there a way to drain? Without one a chosen node is replaced at once. */
  readonly drains: boolean;
  /** A node whose drain failed is replaced all the same, and its sessions are cut. */
  readonly cutSessions: boolean;
  /** A protected node belongs to what has to be done: it is waited for until somebody takes its protection away. */
  readonly awaitProtected?: boolean;
}

/** The fleet sorted by where each node is on its way. */
export type Groups = Readonly<Record<NodeState, readonly Node[]>>;

export function groupNodes(situation: Situation): Groups {
  const groups: Record<NodeState, Node[]> = {
    old: [],
    draining: [],
    drained: [],
    stuck: [],
    replacing: [],
    settling: [],
    ready: [],
    broken: [],
    leaving: [],
    busy: [],
    spared: [],
    unchosen: [],
  };
  for (const node of situation.nodes) groups[stateOf(node, situation)].push(node);
  return groups;
}

/** Decides what to start now from what we see now. No memory but the logbook, no I/O. */
export function nextSteps(situation: Situation, choices: Choices): readonly Step[] {
  const groups = groupNodes(situation);
  const alarm = alertStep(situation);
  if (alarm?.kind === 'halt') return [alarm];
  const halted = reasonToHalt(groups, situation, choices);
  if (halted) return [{ kind: 'halt', reason: halted }];

  if (alarm && !canPause(groups, situation, choices)) return [alarm];

  const starts = startsOf(groups, situation, choices);
  if (starts.length > 0) return starts;
  const missing = stillMissing(groups, situation, choices);
  if (movingNodes(groups).length > 0) return [{ kind: 'wait', reason: waitingFor(groups, situation) }];
  if (missing === 0) return [{ kind: 'done', reason: doneBecause(groups, situation) }];
  if (isOver(situation)) return [{ kind: 'pause', reason: outOfTime(groups, missing) }];
  const mark = checkpointAt(groups, situation);
  if (mark !== undefined) return [atCheckpoint(mark, groups, situation)];
  if (stillToStart(groups, situation) === 0) return [{ kind: 'wait', reason: waitingFor(groups, situation, choices) }];
  return [{ kind: 'halt', reason: noRoom(groups, situation, missing) }];
}

/** Time is up, nothing is under way, and something is left to do. */
const canPause = (groups: Groups, situation: Situation, choices: Choices) =>
  isOver(situation) && movingNodes(groups).length === 0 && stillMissing(groups, situation, choices) > 0;

const isOver = ({ limits, now }: Situation) => limits.beginsUntil !== undefined && now >= limits.beginsUntil;

function reasonToHalt(groups: Groups, situation: Situation, choices: Choices): string | undefined {
  const { limits, now, logbook } = situation;
  if (groups.broken.length > limits.maxFailedNodes) {
    const why = groups.broken.map((node) => whyBroken(node, situation)).join('; ');
    return `${count(groups.broken.length, 'node')} failed, the limit is ${limits.maxFailedNodes}: ${why}`;
  }
  const stuck = groups.stuck.find((node) => !mayCut(node, choices));
  if (stuck) return `${stuck.name} could not be drained: ${noteOf(stuck, situation)}`;
  const unfinished = movingNodes(groups).length + stillMissing(groups, situation, choices) > 0;
  const bakes = movingNodes(groups).length === 0 && checkpointAt(groups, situation) !== undefined;
  // While alerts cannot be read nothing is begun, so nothing becomes ready: that time is counted there.
  if (unfinished && !bakes && !situation.alerts?.unread && now - logbook.lastProgress >= limits.progressDeadlineMs) {
    return `no node became ready for ${Math.round((now - logbook.lastProgress) / 1000)} s: ${waitingFor(groups, situation, choices)}`;
  }
  return undefined;
}

/** A node that serves nobody has no sessions to lose, and one that is switched off cannot even be asked. */
const mayCut = (node: Node, choices: Choices) =>
  choices.cutSessions || !node.running || choices.sickBefore.has(node.id);

const noteOf = (node: Node, { logbook }: Situation) => {
  const errand = entryOf(logbook, node.id).errand;
  return errand?.kind === 'drainFailed' ? errand.note : '';
};

/** Nodes whose drain has ended are replaced, new ones begin theirs; what goes into one call is one step. */
function startsOf(groups: Groups, situation: Situation, choices: Choices): readonly Step[] {
  const drained = [...groups.drained, ...groups.stuck.filter((node) => mayCut(node, choices))];
  const chosen = beginnings(groups, situation, choices);
  const budget = `${chosen.length} of ${count(groups.old.length, 'old node')}, maxUnavailable is ${situation.limits.maxUnavailable}`;
  if (!choices.drains) return stepsFor('replace', [...drained, ...chosen], budget);
  return [...stepsFor('replace', drained, 'drained'), ...stepsFor('drain', chosen, budget)];
}

const stepsFor = (kind: 'drain' | 'replace', nodes: readonly Node[], reason: string): readonly Step[] =>
  nodes.length === 0 ? [] : [{ kind, nodeIds: nodes.map((node) => node.id), reason }];

/**
 * Which old nodes are taken now. With 10 nodes, maxUnavailable 3, one node settling and one that fell sick since we
 * came: 3 - 1 - 1 = 1 slot is free. The sick one goes first, since taking it costs nobody a server.
 */
function beginnings(groups: Groups, situation: Situation, choices: Choices): readonly Node[] {
  if (isOver(situation)) return [];
  const slots = Math.max(0, situation.limits.maxUnavailable - movingNodes(groups).length - groups.broken.length);
  const resting = { healthy: groups.old.filter(looksHealthy), sick: groups.old.filter((node) => !looksHealthy(node)) };
  const lost = resting.sick.filter((node) => !choices.sickBefore.has(node.id));
  const lostElsewhere = groups.unchosen.filter((node) => !looksHealthy(node) && !choices.sickBefore.has(node.id));
  const sickBefore = resting.sick.filter((node) => choices.sickBefore.has(node.id));
  const ordered = (nodes: readonly Node[]) => inTurn(nodes, situation.nodes);
  const others = [...ordered(sickBefore), ...ordered(resting.healthy)].slice(
    0,
    Math.max(0, slots - lost.length - lostElsewhere.length),
  );
  return [...ordered(lost).slice(0, slots), ...others].slice(0, stillToStart(groups, situation));
}

/** How many more old nodes this stage has to take, of those that can be taken now: up to the next checkpoint. */
function stillToStart(groups: Groups, situation: Situation): number {
  const many = stillToTake(groups.old.length, groups, situation);
  const mark = nextCheckpoint(situation);
  return mark === undefined ? many : Math.min(many, Math.max(0, mark - takenNodes(groups)));
}

const nextCheckpoint = ({ limits: { checkpoints = [] }, logbook }: Situation) => checkpoints[logbook.passed];

/** The checkpoint that has been reached and not passed. */
function checkpointAt(groups: Groups, situation: Situation): number | undefined {
  const mark = nextCheckpoint(situation);
  return mark !== undefined && takenNodes(groups) >= mark ? mark : undefined;
}

/** It is passed once every new node has been ready, and alerts were read, for the time of baking: a gap begins it anew. */
function atCheckpoint(mark: number, groups: Groups, { limits, logbook, alerts, now }: Situation): Step {
  const { bakeMs = 0, minReadyMs } = limits;
  const readySince = groups.ready.map(({ id }) => (entryOf(logbook, id).healthySince ?? now) + minReadyMs);
  const until = Math.max(...readySince, logbook.lastProgress, alerts?.readSince ?? 0) + bakeMs;
  const reason = `checkpoint ${mark}: ${count(groups.ready.length, 'node')} ready`;
  if (now >= until) return { kind: 'pass', reason: `${reason} for ${Math.round(bakeMs / 1000)} s, going on` };
  return { kind: 'wait', reason: `${reason}, waiting whether they stay so` };
}

/** The same with those that are protected, when these are waited for. */
const stillMissing = (groups: Groups, situation: Situation, { awaitProtected }: Choices) =>
  stillToTake(groups.old.length + (awaitProtected ? groups.spared.length : 0), groups, situation);

function stillToTake(candidates: number, groups: Groups, { limits }: Situation): number {
  if (limits.wanted === 'all' || limits.chosen) return candidates;
  return Math.min(candidates, Math.max(0, limits.wanted - takenNodes(groups)));
}

/** Nodes that are on the target, or on their way there. */
const takenNodes = (groups: Groups) =>
  movingNodes(groups).length - groups.leaving.length + groups.ready.length + groups.broken.length;

/** Nodes that are out of service because of us and on their way back, deleting ones and Azure's own work included. */
export function movingNodes(groups: Groups): readonly Node[] {
  return [
    ...groups.draining,
    ...groups.drained,
    ...groups.stuck,
    ...groups.replacing,
    ...groups.settling,
    ...groups.leaving,
    ...groups.busy,
  ];
}

function waitingFor(groups: Groups, { target }: Situation, { awaitProtected }: Partial<Choices> = {}): string {
  const settling = {
    booting: groups.settling.filter((node) => !looksHealthy(node)),
    proving: groups.settling.filter(looksHealthy),
  };
  const waiting = { ...groups, ...settling, spared: awaitProtected ? groups.spared : [] };
  const parts = (['draining', 'drained', 'replacing', 'booting', 'proving', 'leaving', 'busy', 'spared'] as const)
    .filter((state) => waiting[state].length > 0)
    .map((state) => `${names(waiting[state])} ${words(target)[state]}`);
  return `waiting for ${parts.length > 0 ? parts.join(', ') : 'a free slot'}`;
}

const noRoom = (groups: Groups, { limits }: Situation, missing: number) =>
  `no room for the last ${count(missing, 'old node')}: ${count(groups.broken.length, 'broken node')} of maxUnavailable ${limits.maxUnavailable}`;

const outOfTime = (groups: Groups, missing: number) =>
  `the time of jobDeadline is over: ${count(groups.ready.length, 'node')} ready, ${missing} to go`;

const words = (target: string) => ({
  draining: 'to finish its requests',
  drained: 'to be replaced',
  replacing: 'to get its new disk',
  booting: `to become healthy on ${imageName(target)}`,
  proving: 'to stay healthy for long enough',
  leaving: 'to be deleted',
  busy: 'to come out of an operation of Azure that this run did not start',
  spared: 'to lose its protection from scale set actions',
});

function doneBecause(groups: Groups, { target }: Situation): string {
  const spared = groups.spared.length > 0 ? `, ${names(groups.spared)} protected and left alone` : '';
  const failed = groups.broken.length > 0 ? `, ${names(groups.broken)} failed within the limit` : '';
  return `${count(groups.ready.length, 'node')} ready on ${imageName(target)}${spared}${failed}`;
}

const names = (nodes: readonly Node[]) =>
  nodes.length > 5 ? `${nodes.length} nodes` : nodes.map((node) => node.name).join(', ');

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
