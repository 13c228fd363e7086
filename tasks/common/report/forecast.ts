import type { Node } from '../rollout/node.ts';
import type { Situation } from '../rollout/state.ts';

/** What a rollout would do and need if all goes as expected: the same loop, on a fleet that is only imagined. */
export interface Forecast {
  readonly waves: readonly Wave[];
  readonly calls: Calls;
  readonly tookMs: number;
  readonly outcome: string;
  readonly reason: string;
  readonly after: Situation;
}

/** Nodes that are taken out of service at one moment. */
export interface Wave {
  readonly afterMs: number;
  readonly nodes: readonly Node[];
}

/** Calls to Azure by kind, from the first write on: exact when nodes take the times that are assumed. */
export interface Calls {
  readonly reads: number;
  /** Writes of the scale set: record, model, or both at once. */
  readonly setWrites: number;
  /** Those of them that change the model's image. */
  readonly imageWrites: number;
  readonly upgrades: number;
  /** Calls that give nodes a fresh disk of their image; only where there are such. */
  readonly reimages?: number;
  readonly drains: number;
  /** Removals of the run commands that drain. */
  readonly drainEnds: number;
  readonly undrains: number;
  /** Switches of automatic repairs and writes of the autoscale setting. */
  readonly pauses: number;
  /** Writes of nodes that lift their protection and give it back. */
  readonly protections: number;
  /** Starts of the health script, and removals of its commands; only where there is one. */
  readonly checks?: number;
  readonly checkEnds?: number;
}

export const totalCalls = ({ imageWrites: _counted, ...calls }: Calls): number =>
  Object.values(calls).reduce((sum, many) => sum + many, 0);
