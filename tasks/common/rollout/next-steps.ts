import { counted } from '../report/words.ts';
import { alertStep } from './alerts.ts';
import { beginnings, stillToStart } from './beginnings.ts';
import { atCheckpoint, checkpointAt } from './checkpoints.ts';
import { type Groups, groupNodes, movingNodes } from './groups.ts';
import { entryOf, noteLookedBack, withoutProgressMs } from './logbook.ts';
import { keptBecause, lookBack, restoredBecause } from './look-back.ts';
import type { Node } from './node.ts';
import { brokenPromise, isOver, stillMissing } from './remaining.ts';
import { doneBecause, noRoom, outOfTime, promiseBroken, waitingFor } from './sentences.ts';
import { mostDrains, type Situation, whyBroken } from './state.ts';

/** What to do now. Each carries the sentence that explains it: log, summary and tests print the same one. */
export type Step =
  | { readonly kind: 'drain'; readonly nodeIds: readonly string[]; readonly reason: string }
  /** `renews`: they run the target, and get a fresh disk of it. */
  | { readonly kind: 'replace'; readonly nodeIds: readonly string[]; readonly reason: string; readonly renews?: true }
  /** Nodes whose drain failed serve again. */
  | { readonly kind: 'putBack'; readonly nodeIds: readonly string[]; readonly reason: string }
  | { readonly kind: 'wait'; readonly reason: string }
  /** `unseen`: it halts since it could not see, not because of what it saw: no reason to go back. */
  | { readonly kind: 'halt'; readonly reason: string; readonly unseen?: true }
  /** What the stages before have brought is there and well: now this one begins. */
  | { readonly kind: 'lookBack'; readonly reason: string }
  /** The nodes up to a checkpoint have stayed well for long enough. */
  | { readonly kind: 'pass'; readonly reason: string }
  /** Time is up, and nothing is under way any more: a clean point to stop at. */
  | { readonly kind: 'pause'; readonly reason: string }
  | { readonly kind: 'done'; readonly reason: string };

/**
 * `fail` halts. `skipToEnd` puts the node back into service and tries it once more after all others, then leaves it as it is.
 * `proceed` replaces it all the same, and its sessions are cut.
 */
export type OnDrainTimeout = 'fail' | 'skipToEnd' | 'proceed';

export interface Choices {
  /** Old nodes that were out of service before the rollout began: they go first, and are not our loss. */
  readonly sickBefore: ReadonlySet<string>;
  /** Is there a way to drain? Without one a chosen node is replaced at once. */
  readonly drains: boolean;
  /** What becomes of a node whose drain failed. */
  readonly onDrainTimeout: OnDrainTimeout;
  /** A protected node belongs to what has to be done: it is waited for until somebody takes its protection away. */
  readonly awaitProtected?: boolean;
}

/** Decides what to start now from what we see now. No memory but the logbook, no I/O. */
export function nextSteps(situation: Situation, choices: Choices): readonly Step[] {
  const groups = groupNodes(situation);
  const alarm = alertStep(situation);
  if (alarm?.kind === 'halt') return [alarm];
  const halted = reasonToHalt(groups, situation, choices);
  const back = lookBack(groups, situation);
  const aside = back ? 'looking back: ' : '';
  if (halted) return [{ kind: 'halt', reason: `${aside}${halted}` }];
  if (alarm && !canPause(groups, situation, choices)) return [alarm];
  if (back?.isKept) {
    const onwards = nextSteps({ ...situation, logbook: noteLookedBack(situation.logbook) }, choices);
    return [{ kind: 'lookBack', reason: keptBecause(groups, situation) }, ...onwards];
  }

  const starts = startsOf(groups, situation, choices);
  if (starts.length > 0) return starts;
  const missing = stillMissing(groups, situation, choices);
  if (movingNodes(groups).length > 0) return [{ kind: 'wait', reason: `${aside}${waitingFor(groups, situation)}` }];
  const isThrough = missing === 0 && !back;
  const lacking = isThrough ? brokenPromise(groups, situation) : [];
  if (lacking.length > 0) return [{ kind: 'halt', reason: promiseBroken(lacking, situation) }];
  if (isThrough) return [{ kind: 'done', reason: doneBecause(groups, situation) }];
  // Where broken nodes take up all the room, no run that comes later could begin with anybody either.
  const hasRoom = groups.broken.length < situation.limits.maxUnavailable;
  if (isOver(situation) && hasRoom) return [{ kind: 'pause', reason: outOfTime(groups, missing) }];
  const mark = checkpointAt(groups, situation);
  if (mark !== undefined) return [atCheckpoint(mark, groups, situation)];
  // What room there is others take up who are out of service: one that was added and boots, one that is left alone.
  if (stillToStart(groups, situation) === 0 || hasRoom)
    return [{ kind: 'wait', reason: `${aside}${waitingFor(groups, situation, choices)}` }];
  return [{ kind: 'halt', reason: noRoom(groups, situation, missing) }];
}

/** Time is up, nothing is under way, and something is left to do. */
const canPause = (groups: Groups, situation: Situation, choices: Choices) =>
  isOver(situation) && movingNodes(groups).length === 0 && stillMissing(groups, situation, choices) > 0;

function reasonToHalt(groups: Groups, situation: Situation, choices: Choices): string | undefined {
  const { limits, now, logbook } = situation;
  if (groups.broken.length > limits.maxFailedNodes) {
    const why = groups.broken.map((node) => whyBroken(node, situation)).join('; ');
    return `${counted(groups.broken.length, 'node')} failed, the limit is ${limits.maxFailedNodes}: ${why}`;
  }
  const stuck = groups.stuck.find((node) => !mayCut(node, choices));
  if (stuck && choices.onDrainTimeout === 'fail')
    return `${stuck.name} could not be drained: ${noteOf(stuck, situation)}`;
  const looksBack = lookBack(groups, situation)?.isKept === false;
  const unfinished = looksBack || movingNodes(groups).length + stillMissing(groups, situation, choices) > 0;
  const idleMs = withoutProgressMs(logbook, now);
  if (unfinished && !waitsOnPurpose(situation) && idleMs >= limits.progressDeadlineMs)
    return `no node became ready for ${Math.round(idleMs / 1000)} s: ${waitingFor(groups, situation, choices)}`;
  return undefined;
}

/** Nothing is to come further while nodes bake. */
export function bakes(situation: Situation): boolean {
  const groups = groupNodes(situation);
  return movingNodes(groups).length === 0 && checkpointAt(groups, situation) !== undefined;
}

/** While alerts cannot be read nothing is begun, so nothing becomes ready: that time is counted there. */
const waitsOnPurpose = (situation: Situation) => bakes(situation) || situation.alerts?.unread !== undefined;

/** A node that serves nobody has no sessions to lose, and one that is switched off cannot even be asked. */
const mayCut = (node: Node, choices: Choices) =>
  choices.onDrainTimeout === 'proceed' || !node.running || choices.sickBefore.has(node.id);

const noteOf = (node: Node, { logbook }: Situation) => {
  const errand = entryOf(logbook, node.id).errand;
  return errand?.kind === 'drainFailed' ? errand.note : '';
};

/** Nodes whose drain has ended are replaced, new ones begin theirs; what goes into one call is one step. */
function startsOf(groups: Groups, situation: Situation, choices: Choices): readonly Step[] {
  const drained = [...groups.drained, ...groups.stuck.filter((node) => mayCut(node, choices))];
  const chosen = beginnings(groups, situation, choices);
  const back = lookBack(groups, situation);
  const budget = back
    ? restoredBecause(groups, back, situation)
    : `${chosen.length} of ${counted(groups.old.length, 'old node')}, maxUnavailable is ${situation.limits.maxUnavailable}`;
  if (!choices.drains) return replacements([...drained, ...chosen], budget);
  return [
    ...replacements(drained, 'drained'),
    ...groups.stuck.filter((node) => !mayCut(node, choices)).map((node) => putBack(node, situation)),
    ...stepsFor('drain', chosen, budget),
  ];
}

function putBack(node: Node, situation: Situation): Step {
  const isLast = (entryOf(situation.logbook, node.id).undrained?.times ?? 0) + 1 >= mostDrains;
  const next = isLast ? 'serves again and stays on its image' : 'serves again and is tried once more after all others';
  const reason = `could not be drained: ${noteOf(node, situation)}; it ${next}`;
  return { kind: 'putBack', nodeIds: [node.id], reason };
}

/** Those that get another image and those that get their own once more are two calls. */
function replacements(nodes: readonly Node[], reason: string): readonly Step[] {
  const [upgraded, renewed] = [nodes.filter(({ stale }) => !stale), nodes.filter(({ stale }) => stale)];
  const renewals = stepsFor('replace', renewed, reason).map((step) => ({ ...step, renews: true as const }));
  return [...stepsFor('replace', upgraded, reason), ...renewals];
}

const stepsFor = (kind: 'drain' | 'replace', nodes: readonly Node[], reason: string): readonly Step[] =>
  nodes.length === 0 ? [] : [{ kind, nodeIds: nodes.map((node) => node.id), reason }];
