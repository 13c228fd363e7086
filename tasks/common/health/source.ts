import { looksHealthy, type Node } from '../rollout/node.ts';
import type { NodeUrl } from './node-url.ts';

/** Who says whether a node is healthy. */
export type HealthSource =
  /** What the set itself reports: its Application Health extension, or the probe of its load balancer. */
  | { readonly kind: 'azure' }
  /** The agent asks each node. */
  | { readonly kind: 'http'; readonly url: NodeUrl }
  /** A node that is provisioned and runs is taken to be healthy. */
  | { readonly kind: 'none' };

/**
 * Does a node that is drained look sick? Where it does not, a drain that a killed run has left shows in Azure's run
 * commands alone.
 */
export const showsDrains = ({ kind }: HealthSource): boolean => kind === 'azure' || kind === 'http';

/** Running is all that is asked: the set's own report does not count here. */
export const presumed = (node: Node): Node => judged(node, isUp(node) ? 'healthy' : 'unknown');

/** Somebody else's word: what the set reports does not count, nor since when it does. */
export const judged = ({ healthTime: _reported, ...node }: Node, health: Node['health']): Node => ({ ...node, health });

/** Worth asking: it is there, whole and switched on. */
export const isUp = (node: Node): boolean => looksHealthy({ ...node, health: 'healthy' });

/** In words, for those who read what a rollout is about to do or has done. */
export function healthNote(source: HealthSource): string | undefined {
  switch (source.kind) {
    case 'azure':
      return undefined;
    case 'http':
      return `health: the agent asks each node at ${source.url.text}, and 200 is healthy`;
    case 'none':
      return 'healthSource none: a node counts as healthy as soon as it runs, whatever its application does';
  }
}
