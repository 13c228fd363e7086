import type { Node } from './node.ts';

/**
 * The order in which nodes are taken: next is always one of the zone that has lost the smallest share of its nodes, so
 * that no zone loses more than its part; within a zone by number. What is already gone of a zone counts, so the order
 * is the same whether nodes are taken one by one or many at once, and a second run goes on where the first was killed.
 * Of zones with 2, 1 and 1 nodes: one of each zone, then the last of the first.
 */
export function inTurn(candidates: readonly Node[], fleet: readonly Node[]): readonly Node[] {
  const zones = [...new Set(candidates.map(({ zone }) => zone))].sort();
  return zones
    .flatMap((zone) => shares(candidates.filter(inZone(zone)), fleet.filter(inZone(zone)).length))
    .sort((one, other) => one.share - other.share)
    .map(({ node }) => node);
}

const inZone =
  (zone: string) =>
  (node: Node): boolean =>
    node.zone === zone;

/** What share of its zone is gone when half of this node is: a zone of one node has its turn in the middle. */
function shares(candidates: readonly Node[], size: number): readonly { readonly node: Node; readonly share: number }[] {
  const gone = size - candidates.length;
  return [...candidates].sort(byNumber).map((node, index) => ({ node, share: (gone + index + 0.5) / size }));
}

/** `9` before `10`; names that are not numbers by their letters. */
function byNumber(one: Node, other: Node): number {
  return numbers.compare(one.id, other.id);
}

/** Made once: a thousand nodes are compared ten thousand times at every look. */
const numbers = new Intl.Collator('en', { numeric: true });
