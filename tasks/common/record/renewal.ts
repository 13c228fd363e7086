import { printLength } from '../azure/disk-print.ts';
import { type Node, sameImage } from '../rollout/node.ts';
import { fromRanges, toRanges } from './ranges.ts';
import { isFinished, type RolloutRecord } from './record.ts';

/**
 * Disks that a rollout with `force` renews although they are of its image: the print that each had when it began, by the
 * node's id. One that has been renewed is crossed out, so that the text stays as long as it was when the room for it was
 * checked. Empty when there are none to renew: the rollout was forced all the same.
 */
export type Renewal = Readonly<Record<string, string>>;

/** In place of a print: it has been renewed. */
const done = '*'.repeat(printLength);

/** In place of a print: Azure did not say which disk it is. */
const unknown = '.'.repeat(printLength);

/** All that runs the target when the rollout begins, protected nodes included: that may change while it goes on. */
export const renewalOf = (nodes: readonly Node[], target: string): Renewal =>
  Object.fromEntries(
    nodes
      .filter(({ image, provisioning }) => sameImage(image, target) && provisioning !== 'deleting')
      .map(({ id, disk = unknown }) => [id, disk]),
  );

/** The nodes as this rollout sees them; `renewed` are those of which Azure has said so to this run. */
export function seenBy(
  { renew, target }: Pick<RolloutRecord, 'renew' | 'target'>,
  nodes: readonly Node[],
  renewed: ReadonlySet<string> = new Set(),
): readonly Node[] {
  if (!renew) return nodes;
  const isStale = (node: Node) =>
    sameImage(node.image, target) && !renewed.has(node.id) && mayBeOn(renew[node.id] ?? done, node);
  return nodes.map((node) => (isStale(node) ? { ...node, stale: true as const } : node));
}

/** Only another disk proves that it is another one. */
const mayBeOn = (print: string, { disk }: Node) =>
  print !== done && (print === unknown || disk === undefined || disk === print);

/** The record with all crossed out that the last look shows renewed; at the end of the rollout nothing is left of the list. */
export function crossedOut(record: RolloutRecord, nodes: readonly Node[]): RolloutRecord {
  if (!record.renew) return record;
  if (isFinished(record)) return { ...record, renew: {} };
  const stale = new Set(nodes.filter((node) => node.stale).map(({ id }) => id));
  const there = new Set(nodes.map(({ id }) => id));
  const isOut = (id: string) => there.has(id) && !stale.has(id);
  const renew = Object.entries(record.renew).map(([id, print]) => [id, isOut(id) ? done : print] as const);
  return { ...record, renew: Object.fromEntries(renew) };
}

/** `0-2,5:` and the prints in this order, end to end: those of a thousand nodes fit into 16 tags. */
export function renewalText(renewal: Renewal): string {
  const ids = fromRanges(toRanges(Object.keys(renewal)));
  return ids.length === 0 ? none : `${toRanges(ids)}:${ids.map((id) => renewal[id]).join('')}`;
}

const none = 'none';

/** Undefined when it is none of our texts. */
export function renewalIn(text: string): Renewal | undefined {
  if (text === none) return {};
  const [, ranges = '', prints = ''] = /^([\d,-]+):([\w*.-]+)$/.exec(text) ?? [];
  const ids = fromRanges(ranges);
  if (ids.length === 0 || prints.length !== ids.length * printLength) return undefined;
  return Object.fromEntries(ids.map((id, index) => [id, prints.slice(index * printLength, (index + 1) * printLength)]));
}
