import { looksHealthy, type Node } from '../rollout/node.ts';
import type { NodeUrl } from './node-url.ts';

/** Who says whether a node is healthy. */
export type HealthSource =
  /** What the set itself reports: its Application Health extension, or the probe of its load balancer. */
  | { readonly kind: 'azure' }
  /** The agent asks each node. */
  | { readonly kind: 'http'; readonly url: NodeUrl }
  /** The author's script, run on each node that is on the new image. */
  | { readonly kind: 'script'; readonly script: string }
  /** A node that is provisioned and runs is taken to be healthy. */
  | { readonly kind: 'none' };

/**
 * Does a node that is drained look sick? Where it does not, a drain that a killed run has left shows in Azure's run
 * commands alone.
 */
export const showsDrains = ({ kind }: HealthSource): boolean => kind === 'azure' || kind === 'http';

/** Running is all that is asked: the set's own report does not count here. */
export const presumed = (node: Node): Node => judged(node, isUp(node) ? 'healthy' : 'unknown');

/** The node with this health. Since when the set has reported another is nothing to go by then. */
export function judged({ healthTime: _ofTheSet, ...node }: Node, health: Node['health']): Node {
  return { ...node, health };
}

/** Worth asking: it is there, whole and switched on. */
export const isUp = (node: Node): boolean => looksHealthy({ ...node, health: 'healthy' });

/** In words, for those who read what a rollout is about to do or has done. */
export function healthNote(source: HealthSource): string | undefined {
  switch (source.kind) {
    case 'azure':
      return undefined;
    case 'http':
      return `health: the agent asks each node at ${source.url.text}, and 200 is healthy`;
    case 'script':
      return 'health: healthScript runs on each node of the image that nodes are brought to, and exit code 0 is healthy; a node on another image counts as healthy when it runs';
    case 'none':
      return 'healthSource none: a node counts as healthy as soon as it runs, whatever its application does';
  }
}
