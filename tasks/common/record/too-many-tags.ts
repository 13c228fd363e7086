import { Failure } from '../failure.ts';
import { counted } from '../report/words.ts';
import type { RolloutRecord } from './record.ts';
import { fieldOf } from './tag-fields.ts';

/** Tags of one resource (tag-resources page). */
export const maxTags = 50;

/** `own` are everybody else's; `ours` are the names of the tags that the record needs. Only the list of disks grows with the set. */
export function tooManyTags(own: number, ours: readonly string[], { renew }: RolloutRecord): Failure {
  const count = own + ours.length;
  const list = ours.filter((name) => fieldOf(name) === 'renew').length;
  const sums = `The scale set has ${own} tags of its own; with the ${ours.length} of the rollout record`;
  const over = `they would be ${count}, and Azure allows ${maxTags}`;
  if (!renew || list < 2)
    return new Failure('TooManyTags', `${sums} ${over}`, 'Remove tags from the scale set, then run the task again.');
  return new Failure(
    'TooManyTags',
    `${sums}, ${list} of them for the ${counted(Object.keys(renew).length, 'disk')} that force renews, ${over}`,
    `Remove at least ${counted(count - maxTags, 'tag')} from the scale set, then run the task again. Or publish the same image as another version and upgrade to that without force: this needs no such list.`,
  );
}
