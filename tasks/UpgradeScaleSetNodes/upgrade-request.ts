import type { TypedRule } from '../common/azure/alert-rule-id.ts';
import type { RolloutOptions } from '../common/execute/rollout-options.ts';
import type { Amount } from '../common/rollout/limits.ts';
import type { Selection } from '../common/rollout/selection.ts';

export interface UpgradeRequest extends RolloutOptions {
  /** The gallery image version to bring to the nodes. */
  readonly target: string;
  /** How many nodes are on it when this task ends, or which, and how that was typed. */
  readonly nodes: (Amount | Selection) & { readonly text: string };
  /** Nodes that run the target already get a fresh disk of it. */
  readonly force: boolean;
  /** Where to stop in between to see whether the new nodes stay well, and for how long. */
  readonly checkpoints: readonly Amount[];
  readonly bakeMs: number;
  /** Alert rules that stop the rollout when they fire. */
  readonly alertRules: readonly TypedRule[];
  /** What a node gets that scales out between two stages. */
  readonly scaleOutImage: 'stable' | 'new';
  /** What becomes of a rollout that halts: its nodes stay as they are, or are brought back. */
  readonly onFailure: 'stop' | 'rollback';
  /** Only say what would happen. */
  readonly plan: boolean;
}
