import type { RolloutOptions } from '../common/execute/rollout-options.ts';
import type { RecordAction } from './record-deeds.ts';

export interface RollbackRequest extends RolloutOptions {
  /** An image version id, or undefined for the image that the record holds. */
  readonly to: string | undefined;
  readonly onlyThisRun?: undefined;
  /** Only the record is shown or changed, and no node. */
  readonly recordAction?: RecordAction;
}

/** To the image that the record holds, and only where this pipeline run has written it: there may be nothing to take back. */
export interface ThisRunRequest extends Omit<RollbackRequest, 'to' | 'onlyThisRun'> {
  readonly to: undefined;
  readonly onlyThisRun: true;
}

export type AnyRollbackRequest = RollbackRequest | ThisRunRequest;
