import { sameImage } from '../../rollout/node.ts';
import type { Ending } from '../job.ts';
import type { RolloutPlan } from '../rollout-plan.ts';

/**
 * Is a rollout that ends like this taken back by the same task? Only what was seen of the nodes is a reason to; where Azure
 * or somebody else is in the way, it would be too.
 */
export const turnsBack = ({ onFailure, record }: RolloutPlan, { outcome, failure }: Ending): boolean =>
  onFailure === 'rollback' &&
  record.state === 'rolling' &&
  outcome === 'halted' &&
  failure === undefined &&
  !sameImage(record.stable, record.target);
