import type { Node } from '../rollout/node.ts';

/** The scale set as the loop needs it: look, start, and learn what became of what was started. */
export interface Fleet {
  /** All nodes with their instance views, by list and never one by one. */
  look(): Promise<Look>;
  /** Has protection lifted where a node has one that is ours to lift; gives those that Azure would replace now. */
  unprotect(nodeIds: readonly string[]): Promise<readonly string[]>;
  /** Asks Azure to replace the disks of these nodes; returns once the call is accepted. */
  startReplacement(nodeIds: readonly string[], by: Replacing): Promise<Start>;
  /** Those of these nodes that have left the set by now, or are about to. */
  gone(nodeIds: readonly string[]): Promise<readonly string[]>;
  /** Writes the record before the first change; later reads it, and throws a Failure when the rollout is not ours. */
  hold(): Promise<void>;
  /** Writes into the record how many checkpoints are passed. */
  pass(passed: number): Promise<void>;
  /** Takes away what looking has left on nodes. */
  close(): Promise<void>;
  /** Makes the model name the image that nodes are about to get. */
  aim(): Promise<void>;
}

export interface Look {
  readonly nodes: readonly Node[];
  /** Errors behind calls that had been accepted, by node: they came to light at this look. */
  readonly problems: ReadonlyMap<string, string>;
  /** Nodes of accepted calls that have ended without telling what became of them: whether they arrived the next looks tell. */
  readonly unsure?: ReadonlySet<string>;
  /** A protection has been lifted or given back: no node is ready by it, and yet things go on. */
  readonly headway?: boolean;
  /** Pages of the list: what a look costs. */
  readonly pages: number;
}

/** `upgrade` brings a node onto the model's image, `reimage` gives it a fresh disk of its own. */
export type Replacing = 'upgrade' | 'reimage';

/**
 * `busy`: Azure takes no upgrade now (409); `behindOurs`: and one of ours is open. `unsure`: the answer was lost, so the next
 * looks tell.
 */
export type Start = 'accepted' | 'busy' | 'behindOurs' | 'unsure';
