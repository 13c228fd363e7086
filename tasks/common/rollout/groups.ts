import type { Node } from './node.ts';
import { type NodeState, nodeStates, type Situation, stateOf } from './state.ts';

/** The fleet sorted by where each node is on its way. */
export type Groups = Readonly<Record<NodeState, readonly Node[]>>;

/** A situation never changes, and planner, invariants and progress bar all ask: a large fleet is sorted for them once. */
const known = new WeakMap<Situation, Groups>();

export function groupNodes(situation: Situation): Groups {
  const groups = known.get(situation) ?? sorted(situation);
  known.set(situation, groups);
  return groups;
}

function sorted(situation: Situation): Groups {
  const groups = Object.fromEntries(nodeStates.map((state) => [state, []])) as unknown as Record<NodeState, Node[]>;
  for (const node of situation.nodes) groups[stateOf(node, situation)].push(node);
  return groups;
}

/** Nodes that are out of service because of us and on their way back, deleting ones and Azure's own work included. */
export function movingNodes(groups: Groups): readonly Node[] {
  return [
    ...groups.draining,
    ...groups.drained,
    ...groups.stuck,
    ...groups.returning,
    ...groups.replacing,
    ...groups.settling,
    ...groups.relapsed,
    ...groups.leaving,
    ...groups.busy,
  ];
}

/** Nodes that are on the target, or on their way there. */
export const takenNodes = (groups: Groups): number =>
  movingNodes(groups).length -
  groups.leaving.length -
  groups.returning.length +
  groups.ready.length +
  groups.broken.length;
