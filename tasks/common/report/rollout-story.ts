import { entryOf } from '../rollout/logbook.ts';
import { groupNodes, type Step } from '../rollout/next-steps.ts';
import { type Node, sameImage } from '../rollout/node.ts';
import { type NodeState, type Situation, stateOf, whyBroken } from '../rollout/state.ts';

/** One thing that happened, as a line of the log and of the summary. */
export interface Event {
  readonly at: number;
  readonly what: string;
  readonly text: string;
}

/** What is worth telling about a step; `wait` is told apart, since it repeats. */
export function eventOf(step: Step, situation: Situation): Event {
  const at = situation.now;
  if (step.kind !== 'drain' && step.kind !== 'replace') return { at, what: step.kind, text: step.reason };
  return { at, what: step.kind, text: `${namesOf(step.nodeIds, situation)} (${step.reason})` };
}

const namesOf = (nodeIds: readonly string[], { nodes }: Situation) =>
  nodeIds.map((id) => nodes.find((node) => node.id === id)?.name ?? id).join(', ');

/** What became of nodes between two looks: ready, broken, gone, or new in the set. */
export function changesBetween(before: Situation, after: Situation): readonly Event[] {
  const earlier = new Map(before.nodes.map((node) => [node.id, stateOf(node, before)]));
  const seen = after.nodes.flatMap((node) => changeOf(node, earlier.get(node.id), after));
  const gone = before.nodes
    .filter((node) => !after.nodes.some(({ id }) => id === node.id))
    .map((node) => ({ at: after.now, what: 'gone', text: `${node.name} has left the set` }));
  return [...seen, ...gone];
}

function changeOf(node: Node, earlier: NodeState | undefined, situation: Situation): readonly Event[] {
  const at = situation.now;
  const state = stateOf(node, situation);
  if (earlier === undefined) return [{ at, what: 'joined', text: `${node.name} has joined the set` }];
  if (state === earlier) return [];
  if (state === 'ready') return [{ at, what: 'ready', text: `${node.name} is healthy on the new image` }];
  if (state === 'broken') return [{ at, what: 'broken', text: whyBroken(node, situation) }];
  if (state === 'drained') return [{ at, what: 'drained', text: drainedText(node, situation) }];
  return [];
}

function drainedText(node: Node, { logbook }: Situation): string {
  const errand = entryOf(logbook, node.id).errand;
  const note = errand?.kind === 'drained' && errand.note !== '' ? ` (${errand.note})` : '';
  return `${node.name} serves nobody any more${note}`;
}

/** How far the stage is: nodes that are ready, of those that it has to bring there. */
export function progressOf(situation: Situation): { readonly ready: number; readonly wanted: number } {
  const { nodes, limits, target } = situation;
  const ready = groupNodes(situation).ready.length;
  if (limits.wanted !== 'all') return { ready: Math.min(ready, limits.wanted), wanted: limits.wanted };
  return { ready, wanted: nodes.filter((node) => !node.protected || sameImage(node.image, target)).length };
}
