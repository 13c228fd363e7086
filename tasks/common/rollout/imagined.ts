import type { Node } from './node.ts';

/** How long things are taken to last, all in milliseconds. */
export interface Times {
  /** From the start of a drain until the node serves nobody. */
  readonly drainMs: number;
  /** From the accepted upgrade until the machine runs on its new disk. */
  readonly diskMs: number;
  /** From then on until its health is good. */
  readonly healthyMs: number;
  /** One write of the scale set, until Azure has finished it. */
  readonly writeMs: number;
}

/**
 * How a node would look at `now` if all goes well: one that is replaced comes up healthy on the goal in its time, one
 * that Azure is at work with comes to its end. What is sick stays sick until it is replaced.
 */
export function imaginedNode(
  node: Node,
  replacedAt: number | undefined,
  goal: string,
  times: Times,
  { since, now }: { readonly since: number; readonly now: number },
): Node | undefined {
  if (replacedAt !== undefined) {
    const { stale: _renewed, ...fresh } = node;
    return onNewDisk({ ...fresh, image: goal, problem: '' }, replacedAt, times, now);
  }
  if (now - since < times.diskMs + times.healthyMs) return node;
  if (node.provisioning === 'deleting') return undefined;
  return node.provisioning === 'working' || node.health === 'initializing' ? serving(node) : node;
}

function onNewDisk(node: Node, replacedAt: number, times: Times, now: number): Node {
  const age = now - replacedAt;
  if (age < times.diskMs) return { ...node, provisioning: 'working', running: false, health: 'unknown' };
  if (age < times.diskMs + times.healthyMs)
    return { ...node, provisioning: 'succeeded', running: true, health: 'initializing' };
  return freshlyServing(node, replacedAt + times.diskMs + times.healthyMs);
}

/** Where Azure tells since when a node has its health, it will tell the new time. */
const freshlyServing = (node: Node, healthTime: number): Node => ({
  ...serving(node),
  ...(node.healthTime !== undefined && { healthTime }),
});

const serving = (node: Node): Node => ({ ...node, provisioning: 'succeeded', running: true, health: 'healthy' });
