import { Failure } from '../failure.ts';
import { isHeld, type Owner, type RolloutRecord } from './record.ts';

/**
 * May this run take the rollout? A later task or attempt of the same run always may; another run only when the
 * owner's time is over, or when its author says `takeover`.
 */
export function assertMayTake(record: RolloutRecord | undefined, owner: Owner, takeover: boolean, now: number): void {
  if (!record || !isHeld(record) || takeover) return;
  if (record.owner.run === owner.run || record.owner.expires <= now) return;
  throw new Failure(
    'RolloutHeldByAnotherRun',
    `Rollout ${record.rolloutId} of this scale set is held by run ${record.owner.name} (${record.owner.url || record.owner.run}) until ${new Date(record.owner.expires).toISOString()}`,
    'Wait for that run to end. If it is dead (its agent was lost), set the input takeover to true for one run.',
  );
}

/** Read again before each start: a run that stalled and was replaced must not go on. */
export function assertStillOurs(record: RolloutRecord | undefined, owner: Owner): void {
  if (record?.owner.token === owner.token) return;
  const holder = record
    ? `run ${record.owner.name} (${record.owner.url || record.owner.run})`
    : 'nobody: the record is gone from the tags';
  throw new Failure(
    'OwnershipLost',
    `The rollout is no longer ours; it is held by ${holder}`,
    record
      ? 'Nothing more was started here. Follow the run that holds the rollout.'
      : 'Another tool rewrote the tags of the scale set. Let it keep tags that begin with "phoenix-", then run the task again.',
  );
}
