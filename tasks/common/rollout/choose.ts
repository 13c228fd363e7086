import type { Node } from './node.ts';

/**
 * The order in which old nodes are taken: one zone after the other in turn, so that no zone loses more than its share;
 * within a zone by number. The same nodes in the same order on every run, which is what lets a second run go on where
 * the first was killed.
 */
export function inTurn(nodes: readonly Node[]): readonly Node[] {
  const byZone = new Map<string, Node[]>();
  for (const node of [...nodes].sort(byNumber)) byZone.set(node.zone, [...(byZone.get(node.zone) ?? []), node]);
  const zones = [...byZone.keys()].sort();
  const longest = Math.max(0, ...[...byZone.values()].map((queue) => queue.length));
  return Array.from({ length: longest }, (_, turn) => zones.flatMap((zone) => byZone.get(zone)?.[turn] ?? [])).flat();
}

/** `9` before `10`; names that are not numbers by their letters. */
function byNumber(one: Node, other: Node): number {
  return one.id.localeCompare(other.id, 'en', { numeric: true });
}
