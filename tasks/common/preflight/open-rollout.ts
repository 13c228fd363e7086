import { Failure } from '../failure.ts';
import { isFinished, isGoingBack, type RolloutRecord } from '../record/record.ts';
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

const goingBack = (name: string, { rolloutId, target, stable, state }: RolloutRecord) =>
  new Failure(
    'RolloutGoingBack',
    `Rollout ${rolloutId} of scale set ${name} is being taken back from ${target} to ${stable} and has not come to its end (${state})`,
    'Run RollbackScaleSet, or UpgradeScaleSetNodes with the image that is taken back and onFailure: rollback: the way back goes on where it stands. Then start anew.',
  );
