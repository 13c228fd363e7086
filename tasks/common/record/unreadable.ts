import { Failure } from '../failure.ts';
import { prefix } from './tag-fields.ts';

/** What is written; records of older schemas are read as well, and are of this one from their next write on. */
export const schema = '2';
const readable: readonly string[] = ['1', '2'];

/** Of a newer one nobody here knows what it means: it is not guessed at, and its tags are not to be deleted. */
export function assertReadable(version: string | undefined): void {
  if (version !== undefined && readable.includes(version)) return;
  if (version === undefined || !/^\d+$/.test(version) || Number(version) <= Number(schema))
    throw unreadable(`its schema is ${version ?? 'missing'}, this version of the task reads ${readable.join(' and ')}`);
  throw new Failure(
    'RecordTooNew',
    `The rollout record in the tags of the scale set is of schema ${version}; this version of the task reads ${readable.join(' and ')}`,
    'A newer version of this task wrote it: use that one, or let it bring the rollout to its end first. Do not delete the tags.',
  );
}

/** Somebody else wrote into our tags. */
export const unreadable = (why: string) =>
  new Failure(
    'RecordUnreadable',
    `The rollout record in the tags of the scale set cannot be read: ${why}`,
    `Somebody changed the tags that begin with "${prefix}". Restore them, or forget the rollout (RollbackScaleSet with recordAction: forget) and start again from the image that the nodes run.`,
  );
