import type { Drain } from '../../drain/drain.ts';
import { read, type Stage } from './imagined-stage.ts';

/** As `scriptDrain`: the end of a drain is seen at one look and its command removed; at the next the node is drained. */
export function imaginedDrain({ times, clock, calls }: Stage): Drain {
  const startedAt = new Map<string, number>();
  const removed = new Set<string>();
  return {
    async start(nodeId) {
      calls.drains += 1;
      startedAt.set(nodeId, clock.now());
    },
    async status(nodeId) {
      read(calls, 1);
      const since = startedAt.get(nodeId);
      if (since === undefined) return { kind: 'none' };
      if (removed.has(nodeId)) return { kind: 'drained', note: '' };
      if (clock.now() - since < times.drainMs) return { kind: 'running' };
      calls.drainEnds += 1;
      removed.add(nodeId);
      return { kind: 'running' };
    },
    async cancel() {
      calls.drainEnds += 1;
      calls.undrains += 1;
    },
  };
}
