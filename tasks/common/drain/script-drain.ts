import { commandPrefix, freshName } from '../azure/command-name.ts';
import type { CommandStatus, RunCommands } from '../azure/run-command.ts';
import type { Clock } from '../clock.ts';
import type { Drain, DrainStatus } from './drain.ts';

/** The author's scripts: `drain` takes the node out of service and ends when it is idle, `undrain` takes that back. */
export interface DrainScripts {
  readonly drain: string;
  readonly undrain?: string;
  readonly timeoutMs: number;
}

/** Azure's own answer may be late by the time that the agent on the machine needs to report. */
const patienceMs = 120_000;

/**
 * Drains by managed run command. The command is the state that a later run finds; its name begins with the rollout's id,
 * so that the end of an older rollout's drain is never taken for this one's, and ends with the time, since a name does not
 * serve twice. It is removed before the node gets its new disk, since Azure may run managed commands again there
 * (unproven; a switch of the simulation).
 */
export function scriptDrain(commands: RunCommands, rolloutId: string, scripts: DrainScripts, clock: Clock): Drain {
  const prefix = commandPrefix('drain', rolloutId);
  const names = new Map<string, string>();
  const ended = new Map<string, DrainStatus>();
  const startedAt = new Map<string, number>();
  const timeoutS = Math.ceil(scripts.timeoutMs / 1000);
  return {
    async start(nodeId) {
      ended.delete(nodeId);
      startedAt.set(nodeId, clock.now());
      // One whose start was lost is started by the same name: it may be at work already.
      const name = names.get(nodeId) ?? freshName(prefix, clock);
      names.set(nodeId, name);
      await commands.put(nodeId, { name, script: scripts.drain, timeoutS });
    },
    async status(nodeId) {
      const name = names.get(nodeId) ?? (await find(nodeId));
      const result = ended.get(nodeId);
      if (name === undefined) return result ?? { kind: 'none' };
      const status = await commands.read(nodeId, name);
      if (result && status.kind === 'none') names.delete(nodeId);
      if (status.kind === 'none') return result ?? { kind: 'none' };
      if (status.kind === 'leaving') return { kind: result ? 'running' : 'none' };
      if (status.kind === 'running' && !result && !overdue(nodeId)) return { kind: 'running' };
      // Kept before it is removed: the answer to the removal may be lost, and the command gone all the same.
      if (!result) ended.set(nodeId, status.kind === 'running' ? noAnswer : drainStatus(status));
      await commands.remove(nodeId, name);
      return { kind: 'running' };
    },
    async cancel(nodeId) {
      ended.delete(nodeId);
      const name = names.get(nodeId);
      const there = name === undefined ? await commands.named(nodeId, prefix) : [name];
      for (const each of there) await commands.remove(nodeId, each);
      names.delete(nodeId);
      if (scripts.undrain !== undefined) await commands.run(nodeId, scripts.undrain);
    },
  };

  /** What a run before this one has begun: the last counts, if a start whose answer was lost has left several. */
  async function find(nodeId: string): Promise<string | undefined> {
    const [last, ...others] = [...(await commands.named(nodeId, prefix))].sort().reverse();
    for (const each of others) await commands.remove(nodeId, each);
    if (last !== undefined) names.set(nodeId, last);
    return last;
  }

  function overdue(nodeId: string): boolean {
    const since = startedAt.get(nodeId) ?? clock.now();
    startedAt.set(nodeId, since);
    return clock.now() - since > scripts.timeoutMs + patienceMs;
  }
}

const noAnswer: DrainStatus = { kind: 'failed', note: 'the machine never answered whether it is drained' };

function drainStatus(status: Extract<CommandStatus, { kind: 'ended' }>): DrainStatus {
  const said = status.output.trim().split('\n').slice(-3).join(' / ');
  if (status.state === 'TimedOut')
    return { kind: 'failed', note: `not idle within the drain timeout${said && `: ${said}`}` };
  if (status.state === 'Succeeded' && status.exitCode === 0) return { kind: 'drained', note: said };
  return {
    kind: 'failed',
    note: `the drain script ended with exit code ${status.exitCode} (${status.state})${said && `: ${said}`}`,
  };
}
