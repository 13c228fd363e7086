import { Failure } from '../common/failure.ts';
import { type RolloutRecord, renewsProven, wayBackOf } from '../common/record/record.ts';
import { sameImage } from '../common/rollout/node.ts';
import type { AnyRollbackRequest } from './rollback-request.ts';

type Asked = Pick<AnyRollbackRequest, 'to' | 'onlyThisRun' | 'set'>;

/** From an open rollout the way leads to its stable image; from a finished one to what was stable before it. */
export function goalOfRollback(asked: Asked, basis: RolloutRecord | undefined): string {
  const { to, set } = asked;
  if (to !== undefined) return to;
  if (!basis)
    throw unknown(
      asked,
      `scale set ${set.name} has no rollout record in its tags, so the image to go back to is not known`,
    );
  if (renewsProven(basis)) throw onlyRenewed(set.name, basis);
  if (knowsWayBack(basis)) return wayBackOf(basis);
  throw unknown(asked, `the record of scale set ${set.name} knows no image before ${basis.stable}`);
}

/** Is there another image than the one that is proven by now? */
export const knowsWayBack = ({ state, stable, target, previous }: RolloutRecord): boolean =>
  (state !== 'whole' && !sameImage(stable, target)) || previous !== undefined;

const unknown = ({ onlyThisRun }: Asked, why: string) =>
  new Failure(
    'NothingToRollBack',
    `Input "to" is "${onlyThisRun ? 'thisRun' : 'previous'}", but ${why}`,
    'Give the image version id in the input "to".',
  );

/** A step that runs `on: failure` must not bring a fleet to an older image because the renewal of a disk has failed. */
const onlyRenewed = (name: string, { rolloutId, stable, state }: RolloutRecord) =>
  new Failure(
    'NothingToRollBack',
    `Input "to" is "previous", and there is nothing to take back: rollout ${rolloutId} of scale set ${name} (${state}) gives fresh disks of ${stable}, which is the proven image of its nodes already. Nothing was changed`,
    'Finish the renewal: run UpgradeScaleSetNodes with the same image and force: true. Or close it with recordAction: adopt, when every node runs that image. To bring the nodes to another image all the same, give its version id in "to".',
  );
