import { commandPrefix, freshName } from '../azure/command-name.ts';
import type { RunCommands } from '../azure/run-command.ts';
import type { Clock } from '../clock.ts';

/** The names of the run commands that drain nodes: one for each execution, found again by a run that did not begin it. */
export interface DrainNames {
  /** Of the command that drains the node, if there is one. */
  current(nodeId: string): Promise<string | undefined>;
  /** The name to start a drain by; undefined where a run before this one has begun: its command tells how far it is. */
  toStart(nodeId: string): Promise<string | undefined>;
  /** A run before this one has begun the drain. */
  wasFound(nodeId: string): boolean;
  /** Of all commands of this rollout's drains on the node. */
  all(nodeId: string): Promise<readonly string[]>;
  /** The command has gone: the next drain of the node gets another name. */
  over(nodeId: string): void;
}

export function drainNames(
  commands: Pick<RunCommands, 'named' | 'remove'>,
  rolloutId: string,
  clock: Pick<Clock, 'now'>,
): DrainNames {
  const prefix = commandPrefix('drain', rolloutId);
  const names = new Map<string, string>();
  const found = new Set<string>();
  /** Nodes whose commands could not be listed: a run before may have left one there. */
  const unseen = new Set<string>();

  /** What a run before this one has begun: the last counts, if a start whose answer was lost has left several. */
  async function find(nodeId: string): Promise<string | undefined> {
    unseen.add(nodeId);
    const [last, ...others] = [...(await commands.named(nodeId, prefix))].sort().reverse();
    unseen.delete(nodeId);
    for (const each of others) await commands.remove(nodeId, each);
    if (last === undefined) return undefined;
    names.set(nodeId, last);
    found.add(nodeId);
    return last;
  }

  return {
    current: async (nodeId) => names.get(nodeId) ?? find(nodeId),
    async toStart(nodeId) {
      if (unseen.has(nodeId)) await find(nodeId);
      if (found.has(nodeId)) return undefined;
      // One whose start was lost is started by the same name: it may be at work already.
      const name = names.get(nodeId) ?? freshName(prefix, clock);
      names.set(nodeId, name);
      return name;
    },
    async all(nodeId) {
      const known = names.get(nodeId);
      return known === undefined ? commands.named(nodeId, prefix) : [known];
    },
    wasFound: (nodeId) => found.has(nodeId),
    over(nodeId) {
      names.delete(nodeId);
      found.delete(nodeId);
    },
  };
}
