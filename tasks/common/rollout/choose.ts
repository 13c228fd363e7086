import type { Node } from './node.ts';

/**
 * The order in which nodes are taken: next is always one of the zone that has lost the smallest share of its nodes, and
 * of that zone one of the fault domain that has, so that none of them loses more than its part; there by number. What
 * is already gone of a zone counts, so the order is the same whether nodes are taken one by one or many at once, and a
 * second run goes on where the first was killed.
 *
 * Zone 1 has nodes 0 and 1 in fault domain 0 and node 2 in fault domain 1; zone 2 has node 3. Within zone 1, half of
 * node 0 is a quarter of its domain, of node 2 the half, of node 1 three quarters: 0, 2, 1. Among the zones these are a
 * sixth, the half and five sixths of zone 1, and node 3 is the half of zone 2: 0, 2, 3, 1.
 */
export const inTurn = (candidates: readonly Node[], fleet: readonly Node[]): readonly Node[] =>
  spread(candidates, fleet, [({ zone }) => zone, ({ faultDomain }) => faultDomain]);

type Place = (node: Node) => string;

function spread(
  candidates: readonly Node[],
  fleet: readonly Node[],
  [placeOf, ...within]: readonly Place[],
): readonly Node[] {
  if (!placeOf) return [...candidates].sort(byNumber);
  return [...new Set(candidates.map(placeOf))]
    .sort()
    .flatMap((place) => {
      const here = (node: Node) => placeOf(node) === place;
      const all = fleet.filter(here);
      return shares(spread(candidates.filter(here), all, within), all.length);
    })
    .sort((one, other) => one.share - other.share)
    .map(({ node }) => node);
}

/** What share of its place is gone when half of this node is: a place of one node has its turn in the middle. */
function shares(inOrder: readonly Node[], size: number): readonly { readonly node: Node; readonly share: number }[] {
  const gone = size - inOrder.length;
  return inOrder.map((node, index) => ({ node, share: (gone + index + 0.5) / size }));
}

/** `9` before `10`; names that are not numbers by their letters. */
function byNumber(one: Node, other: Node): number {
  return numbers.compare(one.id, other.id);
}

/** Made once: a thousand nodes are compared ten thousand times at every look. */
const numbers = new Intl.Collator('en', { numeric: true });
