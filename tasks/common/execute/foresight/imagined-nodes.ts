import type { ProtectionAnswer } from '../../azure/protection.ts';
import { goalOf } from '../../record/record.ts';
import { imaginedNode } from '../../rollout/imagined.ts';
import type { Node } from '../../rollout/node.ts';
import { read, type Stage } from './imagined-stage.ts';

/** The nodes of a stage as they would be at each moment, by what was asked of Azure for them. */
export interface ImaginedNodes {
  now(): readonly Node[];
  replace(nodeIds: readonly string[]): void;
  /** It has its new disk and is well on it. */
  isWell(nodeId: string): boolean;
  /** As `writeProtection`: the write has ended before the next look. */
  protect(nodeId: string, isProtected: boolean): Promise<ProtectionAnswer>;
}

export function imaginedNodes({ plan, times, clock, calls }: Stage): ImaginedNodes {
  const replacedAt = new Map<string, number>();
  const written = new Map<string, boolean>();
  const since = clock.now();
  const goal = goalOf(plan.record);
  const withProtection = (node: Node): Node => ({ ...node, protected: written.get(node.id) ?? node.protected });
  return {
    now: () =>
      plan.before.flatMap((before) => {
        const node = imaginedNode(before, replacedAt.get(before.id), goal, times, { since, now: clock.now() });
        return node ? [withProtection(node)] : [];
      }),
    replace(nodeIds) {
      for (const id of nodeIds) replacedAt.set(id, clock.now());
    },
    isWell: (nodeId) =>
      clock.now() - (replacedAt.get(nodeId) ?? Number.NEGATIVE_INFINITY) >= times.diskMs + times.healthyMs,
    async protect(nodeId, isProtected) {
      read(calls, 1);
      calls.protections += 1;
      written.set(nodeId, isProtected);
      return 'asked';
    },
  };
}
