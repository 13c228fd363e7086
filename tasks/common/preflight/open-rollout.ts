import { Failure } from '../failure.ts';
import { isFinished, isGoingBack, type RolloutRecord, renewsProven } from '../record/record.ts';
import { sameImage } from '../rollout/node.ts';

/**
 * The same target goes on; another one while a rollout is open would leave three images in one set. One that is being taken
 * back is never brought forward again.
 */
export function assertSameRollout(name: string, target: string, basis: RolloutRecord | undefined): void {
  if (!basis || isFinished(basis)) return;
  if (isGoingBack(basis)) throw goingBack(name, basis);
  if (sameImage(basis.target, target)) return;
  throw new Failure(
    'AnotherRolloutOpen',
    `Scale set ${name} is in the middle of rollout ${basis.rolloutId} to ${basis.target} (${basis.state})`,
    'Finish that rollout (run UpgradeScaleSetNodes with its image), or take it back with RollbackScaleSet, then start the new one.',
  );
}

/**
 * Which disks a rollout renews is written down when it begins: later nobody could tell which of them are new. And a stage
 * that is not asked to renew must neither do it nor call the rollout finished without.
 */
export function assertSameForce(name: string, force: boolean, basis: RolloutRecord | undefined): void {
  if (!basis || isFinished(basis) || isGoingBack(basis) || force === (basis.renew !== undefined)) return;
  const { rolloutId, target, state } = basis;
  const rollout = `rollout ${rolloutId} of scale set ${name} to ${target} (${state})`;
  if (force)
    throw new Failure(
      'ForceChangedMidway',
      `Input "force" is true, and ${rollout} was begun without it: which of its nodes have a fresh disk is not known`,
      `Finish that rollout with force: false${sameImage(basis.stable, target) ? '' : ', or take it back with RollbackScaleSet'}. Then run the task with force: true.`,
    );
  throw new Failure(
    'ForceChangedMidway',
    `Input "force" is false, and ${rollout} was begun with force: true: it also renews nodes that ran the image before`,
    renewsProven(basis)
      ? 'Run the task with force: true until that rollout is finished. Or close it as it stands: RollbackScaleSet with recordAction: adopt, when every node runs the image. There is nothing to take back.'
      : 'Run the task with force: true until that rollout is finished. Or take it back with RollbackScaleSet.',
  );
}

const goingBack = (name: string, { rolloutId, target, stable, state }: RolloutRecord) =>
  new Failure(
    'RolloutGoingBack',
    `Rollout ${rolloutId} of scale set ${name} is being taken back from ${target} to ${stable} and has not come to its end (${state})`,
    'Run RollbackScaleSet, or UpgradeScaleSetNodes with the image that is taken back and onFailure: rollback: the way back goes on where it stands. Then start anew.',
  );
