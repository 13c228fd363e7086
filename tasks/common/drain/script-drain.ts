import type { CommandStatus } from '../azure/command-status.ts';
import type { RunCommands } from '../azure/run-command.ts';
import { takeAwayAtOnce, takingAway } from '../azure/take-away.ts';
import type { Clock } from '../clock.ts';
import type { Drain, DrainStatus } from './drain.ts';
import { drainNames } from './drain-names.ts';

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
  const names = drainNames(commands, rolloutId, clock);
  const takeAway = takingAway(commands, clock);
  const ended = new Map<string, Ended>();
  const startedAt = new Map<string, number>();
  const timeoutS = Math.ceil(scripts.timeoutMs / 1000);
  return {
    async start(nodeId) {
      const name = await names.toStart(nodeId);
      if (name === undefined) return; // its status tells how far it is
      ended.delete(nodeId);
      startedAt.set(nodeId, clock.now());
      await commands.put(nodeId, { name, script: scripts.drain, timeoutS });
    },
    async status(nodeId) {
      const name = await names.current(nodeId);
      const result = ended.get(nodeId);
      if (name === undefined) return result ?? { kind: 'none' };
      const status = await commands.read(nodeId, name);
      const isGoing = status.kind === 'none' || (status.kind === 'leaving' && !result);
      if (isGoing && (result || names.wasFound(nodeId))) names.over(nodeId);
      if (status.kind === 'none') return result ?? { kind: 'none' };
      if (status.kind === 'leaving') return { kind: result ? 'running' : 'none' };
      if (status.kind === 'running' && !result && !overdue(nodeId)) return { kind: 'running' };
      // Kept before it is removed: the answer to the removal may be lost, and the command gone all the same.
      const kept = result ?? (status.kind === 'running' ? noAnswer : drainStatus(status));
      ended.set(nodeId, kept);
      if ((await takeAway(nodeId, name)) === 'emptied') ended.set(nodeId, withEmptied(kept));
      return { kind: 'running' };
    },
    async cancel(nodeId, until = 'accepted') {
      ended.delete(nodeId);
      for (const name of await names.all(nodeId)) await takeAwayAtOnce(commands, nodeId, name);
      names.over(nodeId);
      if (scripts.undrain !== undefined) await commands.run(nodeId, scripts.undrain, until);
    },
  };

  function overdue(nodeId: string): boolean {
    const since = startedAt.get(nodeId) ?? clock.now();
    startedAt.set(nodeId, since);
    return clock.now() - since > scripts.timeoutMs + patienceMs;
  }
}

/** What is known of a drain that is over. */
type Ended = Extract<DrainStatus, { note: string }>;

const withEmptied = (ended: Ended): Ended => ({
  ...ended,
  note: [ended.note, 'its run command stays, emptied: Azure does not remove it']
    .filter((text) => text !== '')
    .join('; '),
});

const noAnswer: Ended = { kind: 'failed', note: 'the machine never answered whether it is drained' };

function drainStatus(status: Extract<CommandStatus, { kind: 'ended' }>): Ended {
  const said = status.output.trim().split('\n').slice(-3).join(' / ');
  if (status.state === 'TimedOut')
    return { kind: 'failed', note: `not idle within the drain timeout${said && `: ${said}`}` };
  if (status.state === 'Succeeded' && status.exitCode === 0) return { kind: 'drained', note: said };
  return {
    kind: 'failed',
    note: `the drain script ended with exit code ${status.exitCode} (${status.state})${said && `: ${said}`}`,
  };
}
