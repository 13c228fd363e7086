import type { ScaleSetModel, ScaleSetRef } from '../azure/scale-set.ts';
import { Failure } from '../failure.ts';
import { choices } from './drift.ts';
import { goalOf, type RolloutRecord } from './record.ts';

/** An upgrade call brings nodes onto whatever the model names at that moment. */
export const modelMoved = (set: ScaleSetRef, image: string, record: RolloutRecord) =>
  new Failure(
    'ModelChangedByOthers',
    `Another tool changed the image of scale set ${set.name} to ${image || 'a marketplace image'} while rollout ${record.rolloutId} brings ${goalOf(record)}`,
    `Nothing more was started. Find out who wrote the model (Activity log). ${choices(record)}`,
  );

/** Under any other mode Azure itself rolls nodes, undrained, as soon as the image is written. */
export function assertManual(set: ScaleSetRef, { upgradeMode }: Pick<ScaleSetModel, 'upgradeMode'>): void {
  if (upgradeMode === 'Manual') return;
  throw new Failure(
    'UpgradePolicyWouldRoll',
    `Somebody switched the upgrade policy of scale set ${set.name} to "${upgradeMode}" while a rollout is open: Azure itself would roll every node as soon as the image is written`,
    'Nothing more was started. Find out who wrote it (Activity log), set it back to Manual, then run the task again.',
  );
}

export const changedMeanwhile = (set: ScaleSetRef) =>
  new Failure(
    'RolloutChangedMeanwhile',
    `The rollout record of scale set ${set.name} changed between planning and the first step`,
    'Another run worked on this scale set at the same moment. Look at its result, then run the task again.',
  );
