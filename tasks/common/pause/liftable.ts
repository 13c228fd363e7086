import { goalOf, type RolloutRecord } from '../record/record.ts';
import { isOn, type Node } from '../rollout/node.ts';

/** What becomes of nodes that are protected from actions of the set: left alone, waited for, or brought along. */
export type ProtectedNodes = 'skip' | 'wait' | 'replace';

/**
 * Ids that the record freezes before any protection is lifted: nodes that are protected now and that this stage may take, and
 * those whose protection an earlier run may have lifted and has not given back. Whoever is protected later is left alone.
 */
export function liftable(
  choice: ProtectedNodes,
  nodes: readonly Node[],
  record: RolloutRecord,
  basis: RolloutRecord | undefined,
): readonly string[] {
  const owed = new Set(basis?.paused?.protection);
  const named = record.chosen && new Set(record.chosen);
  const goal = goalOf(record);
  const mayBeTaken = (node: Node) =>
    node.protected && !node.leaveOut && !isOn(node, goal) && named?.has(node.id) !== false;
  return nodes
    .filter((node) => owed.has(node.id) || (choice === 'replace' && mayBeTaken(node)))
    .map(({ id }) => id)
    .sort((one, other) => Number(one) - Number(other));
}
