import { armCure } from './arm-cures.ts';
import { armAnswer, isStatus } from './arm-failure.ts';

/**
 * Is Azure at work with the resource at the moment, so that the same call may be taken later? A 409 also says that a lock,
 * a quota or the limit of ten models is in the way (azure.md §2, §6): those do not pass by waiting.
 */
export function isBusy(error: unknown): boolean {
  if (!isStatus(error, 409)) return false;
  const answer = armAnswer(error);
  return armCure(answer).code === 'Conflict' && !/reached its limit/i.test(answer.message);
}
