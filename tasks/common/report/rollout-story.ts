import { groupNodes } from '../rollout/groups.ts';
import { entryOf } from '../rollout/logbook.ts';
import type { Step } from '../rollout/next-steps.ts';
import { type Node, sameImage } from '../rollout/node.ts';
import { type Situation, stateOf, whyBroken } from '../rollout/state.ts';
import { imageName } from './words.ts';

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

function namesOf(nodeIds: readonly string[], { nodes }: Situation): string {
  const byId = nodesById(nodes);
  return nodeIds.map((id) => byId.get(id)?.name ?? id).join(', ');
}

const nodesById = (nodes: readonly Node[]): ReadonlyMap<string, Node> => new Map(nodes.map((node) => [node.id, node]));

/** What became of nodes between two looks: ready, broken, gone, or new in the set. */
export function changesBetween(before: Situation, after: Situation): readonly Event[] {
  const [earlier, now] = [nodesById(before.nodes), nodesById(after.nodes)];
  const seen = after.nodes.flatMap((node) => changeOf(node, earlier.get(node.id), before, after));
  const gone = before.nodes
    .filter(({ id }) => !now.has(id))
    .map((node) => ({ at: after.now, what: 'gone', text: `${node.name} has left the set` }));
  return [...seen, ...gone];
}

function changeOf(node: Node, earlier: Node | undefined, before: Situation, situation: Situation): readonly Event[] {
  const at = situation.now;
  if (!earlier) return [{ at, what: 'joined', text: `${node.name} has joined the set` }];
  const state = stateOf(node, situation);
  if (state === stateOf(earlier, before)) return [];
  // A node that nobody replaced only had its health looked at again: nothing happened to it.
  const replaced = entryOf(before.logbook, node.id).errand !== undefined;
  if (state === 'ready' && replaced)
    return [{ at, what: 'ready', text: `${node.name} is healthy on ${imageName(node.image)}` }];
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
  const { ready: there } = groupNodes(situation);
  const { chosen } = limits;
  if (chosen) {
    const isChosen = ({ id }: Node) => chosen.has(id);
    return { ready: there.filter(isChosen).length, wanted: nodes.filter(isChosen).length };
  }
  const ready = there.length;
  if (limits.wanted !== 'all') return { ready: Math.min(ready, limits.wanted), wanted: limits.wanted };
  return { ready, wanted: nodes.filter((node) => !node.protected || sameImage(node.image, target)).length };
}
