import type { Tools } from '../common/execute/rollout-plan.ts';
import { type RolloutRecord, renewsProven } from '../common/record/record.ts';
import { imageName } from '../common/report/words.ts';
import { knowsWayBack } from './destination.ts';

/** `to: thisRun` has found nothing that this pipeline run has done: nothing was changed, and that is no failure. */
export interface NothingToTakeBack {
  readonly set: string;
  /** Why, as one sentence. */
  readonly nothing: string;
  /** What is left to do for somebody; empty when it is nothing. */
  readonly next: string;
}

/**
 * Why a step that runs when this run has failed leaves the set as it is; undefined when there is something to take back. A run
 * that fails before it began anything finds the record of whoever was there last: a healthy fleet, or somebody's canary.
 */
export function nothingOfThisRun(
  set: string,
  record: RolloutRecord | undefined,
  run: Pick<Tools['run'], 'id'>,
): NothingToTakeBack | undefined {
  const because = (why: string, next = '') => ({ set, nothing: `Nothing to take back: ${why}`, next });
  if (!record) return because(`scale set ${set} has no rollout record`);
  const rollout = `rollout ${record.rolloutId} of scale set ${set}`;
  const { owner, state, stable } = record;
  if (owner.run !== run.id)
    return because(`${rollout} was last held by run ${owner.name || owner.run}, not by this one`);
  if (state === 'rolledBack') return because(`${rollout} is taken back already, to ${imageName(stable)}`);
  if (renewsProven(record))
    return because(`${rollout} only gives fresh disks of ${imageName(stable)}, ${proven}`, renewOn);
  if (state === 'whole' && !knowsWayBack(record))
    return because(`${rollout} found no other image than ${imageName(stable)}`);
  return undefined;
}

const proven = 'which is the proven image of its nodes already';

const renewOn = 'Finish the renewal: run UpgradeScaleSetNodes with the same image and force: true.';
