import type { Renewal } from './renewal.ts';

/**
 * The small note that a rollout leaves on the scale set, so that any later run, or a person in the portal, knows where
 * it stands. Written only at edges: before the first change, and when a task ends.
 */
export interface RolloutRecord {
  readonly rolloutId: string;
  readonly state: RecordState;
  /** The image that the rollout brings (or, when it is rolled back, brought) to the nodes. */
  readonly target: string;
  /** The image that is proven: scale-outs get it until every node runs the target. */
  readonly stable: string;
  /** What was stable before the last rollout that became whole: where a rollback from there leads. */
  readonly previous?: string;
  /** The stage as typed (`1`, `10%`, `100%`) and the count it came to when it began. */
  readonly stage: string;
  readonly wanted: number | 'all';
  /** Ids of the nodes that the stage names, when it names some; then `wanted` is how many. */
  readonly chosen?: readonly string[];
  /** The checkpoints of the stage in nodes, and how many of them are passed. */
  readonly checkpoints?: readonly number[];
  readonly passed?: number;
  /** How many nodes the stages before have brought, and ids of those that they named: looked back at before this stage begins. */
  readonly promised?: number;
  readonly promisedNodes?: readonly string[];
  /** Old nodes that were out of service before the stage began: not our loss. */
  readonly sick: readonly string[];
  /** Disks of its image that it renews, as `force` asked; absent when it was not asked to. */
  readonly renew?: Renewal;
  /** What was found running before anything was paused, as long as it is not put back. */
  readonly paused?: Paused;
  /** The rest of the model, as it was when this run began; absent in records of older versions. */
  readonly model?: ModelPrint;
  /** Between two stages the model names the target, so that a node which scales out gets it: as asked for. */
  readonly scaleOut?: 'new';
  readonly owner: Owner;
}

/** Repairs, autoscale and protection are put back whenever a task ends, the upgrade policy when all nodes run one image. */
export interface Paused {
  /** Automatic repairs ran. */
  readonly repairs?: true;
  /** The autoscale setting in which a profile of ours holds the capacity. */
  readonly autoscale?: string;
  /** The mode of the upgrade policy before it was switched to Manual. */
  readonly upgradeMode?: 'Automatic' | 'Rolling';
  /** Automatic OS upgrades were on. */
  readonly osUpgrades?: true;
  /** Ids of nodes that were protected from actions of the set, and whose protection is lifted while they are replaced. */
  readonly protection?: readonly string[];
}

/**
 * `rolling` and `rollingBack`: a task is at work, or died at it. `waiting`: a stage is done and more are to come.
 * `halted`: stopped by a failure. `stopped`: by cancel or deadline. `backPending`: it is to be taken back, or further back,
 * and no task is at it. `whole` and `rolledBack`: finished.
 */
export type RecordState =
  | 'rolling'
  | 'waiting'
  | 'halted'
  | 'stopped'
  | 'whole'
  | 'rollingBack'
  | 'backPending'
  | 'rolledBack';

export const recordStates: readonly RecordState[] = [
  'rolling',
  'waiting',
  'halted',
  'stopped',
  'whole',
  'rollingBack',
  'backPending',
  'rolledBack',
];

/** Which run holds the rollout. */
export interface Owner {
  readonly run: string;
  /** Rises with each attempt of the same run. */
  readonly attempt: string;
  /** How people know the run, and where they find it. */
  readonly name: string;
  readonly url: string;
  /** One per task execution: two tasks of the same run are two owners. */
  readonly token: string;
  /** Milliseconds since the epoch, beyond the deadline of the run. */
  readonly expires: number;
}

/** A short print of each part of a model, by the part's name, and the version that made it. */
export interface ModelPrint {
  readonly by: string;
  readonly parts: Readonly<Record<string, string>>;
}

/** Parts whose prints differ; none where the prints cannot be compared. */
export function partsThatDiffer(one: ModelPrint | undefined, other: ModelPrint): readonly string[] {
  if (one?.by !== other.by) return [];
  const names = new Set([...Object.keys(one.parts), ...Object.keys(other.parts)]);
  return [...names].filter((name) => one.parts[name] !== other.parts[name]).sort();
}

/** A task is at work (or died at it): another run may not simply go ahead. */
export const isHeld = (record: RolloutRecord) => record.state === 'rolling' || record.state === 'rollingBack';

/** It has begun to be taken back: nobody brings its target to nodes any more. */
export const isGoingBack = (record: RolloutRecord) => record.state === 'rollingBack' || record.state === 'backPending';

/** The image that the nodes are brought to. */
export const goalOf = (record: RolloutRecord) => (isGoingBack(record) ? record.stable : record.target);

/** Nothing is left to do for this rollout, so that a new one may begin. */
export const isFinished = (record: RolloutRecord) => record.state === 'whole' || record.state === 'rolledBack';

/** Open, and it gives nodes fresh disks of the image that is proven already: there is nothing to take back. */
export const renewsProven = (record: RolloutRecord) =>
  record.renew !== undefined && !isFinished(record) && record.stable.toLowerCase() === record.target.toLowerCase();

/**
 * Where a rollback would lead from here. An image that was proven already may be brought once more: then to the one before.
 * While it is only renewed, nobody has said that anything is wrong with it.
 */
export function wayBackOf(record: RolloutRecord): string {
  const { state, stable, target, previous } = record;
  if (renewsProven(record)) return stable;
  const isProven = state === 'whole' || stable.toLowerCase() === target.toLowerCase();
  return isProven ? (previous ?? stable) : stable;
}

/** Something is paused that the end of a task should have put back. */
export const isPaused = ({ paused }: RolloutRecord) =>
  paused?.repairs === true || paused?.autoscale !== undefined || paused?.protection !== undefined;

/** The same record with this paused, or nothing. */
export const withPaused = (
  { paused: _before, ...record }: RolloutRecord,
  paused: Paused | undefined,
): RolloutRecord => ({ ...record, ...(paused && Object.keys(paused).length > 0 && { paused }) });
