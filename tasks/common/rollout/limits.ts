import type { Promised } from './look-back.ts';

/** What an author typed: a number of nodes, or a share of them. */
export type Amount =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

/** The limits of one rollout in nodes and milliseconds, worked out once while planning. */
export interface Limits {
  /** How many nodes are on the target image when this task ends; `all` follows the set when it grows. */
  readonly wanted: number | 'all';
  /** Ids of the nodes that alone may be taken; absent, any may. Then `wanted` is all of these. */
  readonly chosen?: ReadonlySet<string>;
  /** What the stages before have brought; absent, there is nothing to look back at. */
  readonly promised?: Promised;
  /** Old and new nodes together that may be out of service because of us. At least 1. */
  readonly maxUnavailable: number;
  /** Nodes that may fail on the new image before the rollout halts. */
  readonly maxFailedNodes: number;
  /** How long a new node must have been healthy without a break before it counts as ready. */
  readonly minReadyMs: number;
  /** How long a node may take from the accepted upgrade until it is ready. */
  readonly nodeHealthTimeoutMs: number;
  /** How long the rollout may go on without another node becoming ready. */
  readonly progressDeadlineMs: number;
  /** Numbers of nodes on the target at which the rollout stops to see whether they stay well; rising. */
  readonly checkpoints?: readonly number[];
  /** How long all of them must have been ready there. */
  readonly bakeMs?: number;
  /** From this moment on nothing new is begun: what is under way comes to its end. Absent, the run's own end counts. */
  readonly beginsUntil?: number;
}

export interface Rounded {
  readonly nodes: number;
  /** Says what rounding did, when a reader of the YAML could be surprised. */
  readonly note?: string;
}

/**
 * Nodes that may be unavailable: shares are rounded down, as Kubernetes does (deployment_util.go, ResolveFenceposts).
 * 25 % of 15 is 3. A share that comes to nothing becomes 1, since in-place replacement could never start otherwise.
 */
export function maxUnavailable(amount: Amount, nodes: number): Rounded {
  if (amount.kind === 'count') return { nodes: Math.min(amount.count, Math.max(1, nodes)) };
  const floored = Math.floor((amount.percent * nodes) / 100);
  if (floored > 0) return { nodes: floored };
  return { nodes: 1, note: `maxUnavailable ${amount.percent}% of ${nodes} nodes is less than one node; 1 is used` };
}

/**
 * Checkpoints in nodes: shares are rounded up as those of a stage are. What does not rise is met together with the one
 * before, and what reaches the end of the stage is no checkpoint: 10 %, 50 % of 4 nodes are 1 and 2; of 2 nodes 1.
 */
export function checkpointsOf(amounts: readonly Amount[], nodes: number, wanted: number | 'all'): readonly number[] {
  const end = wanted === 'all' ? nodes : Math.min(wanted, nodes);
  const counts = amounts.map((amount) =>
    amount.kind === 'count' ? amount.count : Math.ceil((amount.percent * nodes) / 100),
  );
  return [...new Set(counts)].filter((count) => count > 0 && count < end).sort((one, other) => one - other);
}

/**
 * Nodes that are to be on the new image: shares are rounded up but never reach the whole set, as GCP favours the side
 * with the explicit size. 10 % of 4 is 1; 60 % of 2 would be 2 and is 1; 100 % is all, also of nodes still to come.
 */
export function wantedNodes(amount: Amount, nodes: number): number | 'all' {
  if (amount.kind === 'percent' && amount.percent === 100) return 'all';
  if (amount.kind === 'count') return amount.count >= nodes ? 'all' : amount.count;
  const ceiled = Math.ceil((amount.percent * nodes) / 100);
  return Math.max(1, Math.min(ceiled, nodes - 1));
}
