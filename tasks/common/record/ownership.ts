import type { AskRun, RunState } from '../devops/run-state.ts';
import { Failure } from '../failure.ts';
import { isHeld, type Owner, type RolloutRecord } from './record.ts';

/**
 * May this run take the rollout? A later task or attempt of the same run always may; another run only when Azure DevOps
 * says that the owner has ended, when the owner's time is over, or when its author says `takeover`.
 */
export function assertMayTake(
  record: RolloutRecord | undefined,
  owner: Owner,
  takeover: boolean,
  now: number,
  holder?: RunState,
): void {
  if (!isTaken(record, owner, takeover, now) || holder?.kind === 'ended') return;
  const known = holder?.kind === 'running' ? `; Azure DevOps says that it is ${holder.says}` : '';
  const unknown = holder?.kind === 'unknown' ? ` Whether it still runs could not be asked: ${holder.why}.` : '';
  throw new Failure(
    'RolloutHeldByAnotherRun',
    `Rollout ${record.rolloutId} of this scale set is held by run ${record.owner.name} (${record.owner.url || record.owner.run}) until ${new Date(record.owner.expires).toISOString()}${known}`,
    `Wait for that run to end${known === '' ? '' : ', or cancel it'}. If it is dead (its agent was lost), set the input takeover to true for one run.${unknown}`,
  );
}

/** Asks what became of the run that holds the rollout; undefined where nobody is in the way, and nothing is asked. */
export async function askHolder(
  record: RolloutRecord | undefined,
  owner: Owner,
  takeover: boolean,
  now: number,
  ask: AskRun | undefined,
): Promise<RunState | undefined> {
  if (!ask || !isTaken(record, owner, takeover, now)) return undefined;
  return ask(record.owner.run);
}

/** Said aloud: the rollout changes hands although its owner's time is not over. */
export const takenFrom = ({ rolloutId, owner }: RolloutRecord, says: string) =>
  `run ${owner.name} held rollout ${rolloutId} and has ended, as Azure DevOps says (${says}): taking it over`;

function isTaken(
  record: RolloutRecord | undefined,
  owner: Owner,
  takeover: boolean,
  now: number,
): record is RolloutRecord {
  if (!record || !isHeld(record) || takeover) return false;
  return record.owner.run !== owner.run && record.owner.expires > now;
}

/** Read again before each start: a run that stalled and was replaced must not go on. */
export function assertStillOurs(record: RolloutRecord | undefined, owner: Owner): void {
  if (record?.owner.token === owner.token) return;
  if (!record) throw recordGone();
  throw new Failure(
    'OwnershipLost',
    `The rollout is no longer ours; it is held by run ${record.owner.name} (${record.owner.url || record.owner.run})`,
    'Nothing more was started here. Follow the run that holds the rollout.',
  );
}

/** Nobody has the rollout then, so this run still puts back what it can. */
const recordGone = () =>
  new Failure(
    'RecordGone',
    'The record of the rollout is gone from the tags of the scale set: another tool rewrote them',
    'Nothing more was started. Let that tool keep tags that begin with "phoenix-". Then choose. To go on: run the task again. To go back: RollbackScaleSet with the image version id in `to`. To take the fleet as it is, once every node runs what the model names: RollbackScaleSet with recordAction: adopt.',
  );
