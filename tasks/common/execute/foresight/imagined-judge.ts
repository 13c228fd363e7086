import type { CommandStatus } from '../../azure/command-status.ts';
import type { Judge } from '../../health/judge.ts';
import { scriptJudge } from '../../health/script-judge.ts';
import { goalOf } from '../../record/record.ts';
import { read, type Stage } from './imagined-stage.ts';

/** How long an imagined health script runs. */
const checkMs = 5_000;

/** The real judge of the author's script, on commands that are only imagined; nodes are as healthy as they are imagined. */
export function imaginedJudge({ plan, clock, calls }: Stage, isWell: (nodeId: string) => boolean): Judge {
  if (plan.health.kind !== 'script') return { judge: async (nodes) => nodes, close: async () => {} };
  const startedAt = new Map<string, number>();
  calls.checks = 0;
  calls.checkEnds = 0;
  const commands = {
    async put(nodeId: string) {
      calls.checks = (calls.checks ?? 0) + 1;
      startedAt.set(nodeId, clock.now());
    },
    async read(nodeId: string): Promise<CommandStatus> {
      read(calls, 1);
      const since = startedAt.get(nodeId);
      if (since === undefined) return { kind: 'none' };
      if (clock.now() - since < checkMs) return { kind: 'running' };
      return {
        kind: 'ended',
        exitCode: isWell(nodeId) ? 0 : 1,
        state: isWell(nodeId) ? 'Succeeded' : 'Failed',
        output: '',
      };
    },
    async named() {
      read(calls, 1);
      return [];
    },
    async empty() {},
    async remove(nodeId: string) {
      calls.checkEnds = (calls.checkEnds ?? 0) + 1;
      startedAt.delete(nodeId);
    },
  };
  const { rolloutId } = plan.record;
  const { minReadyMs } = plan.limits;
  const bench = {
    commands,
    rolloutId,
    target: goalOf(plan.record),
    clock,
    minReadyMs,
    sweeps: false,
    remark: () => {},
  };
  return scriptJudge(plan.health.script, bench);
}
