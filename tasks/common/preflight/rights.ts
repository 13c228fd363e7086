import { armAnswer, armFailure } from '../azure/arm-failure.ts';
import type { Azure } from '../azure/connect.ts';
import { type LockLevel, permits, readLocks, readPermissions } from '../azure/permissions.ts';
import { Failure } from '../failure.ts';
import { neededFor, type Part } from './actions.ts';

/** What a task is about to do at one scope. */
export interface Ask {
  readonly scope: string;
  readonly parts: readonly Part[];
}

/** Actions that the caller lacks at one scope; at least one. */
export interface Missing {
  readonly scope: string;
  readonly actions: readonly string[];
}

export type Remark = (text: string) => void;

/**
 * Looks for missing actions before anything is written. What can't be looked up is said aloud and not held against
 * anybody: the call itself will tell.
 */
export async function missingRights(azure: Azure, asks: readonly Ask[], remark: Remark): Promise<readonly Missing[]> {
  const found: Missing[] = [];
  for (const { scope, parts } of asks) {
    const permissions = await orRemark(() => readPermissions(azure, scope), `the rights on ${scope}`, remark);
    const actions = permissions ? neededFor(parts).filter((action) => !permits(permissions, action)) : [];
    if (actions.length > 0) found.push({ scope, actions });
  }
  return found;
}

/** All that is missing in one failure, so that one request to an administrator is enough. */
export function refuseMissing({ account }: Azure, missing: readonly Missing[]): void {
  if (missing.length === 0) return;
  const list = missing.map(({ scope, actions }) => `on ${scope}: ${actions.join(', ')}`);
  throw new Failure(
    'RightsMissing',
    `The ${account} lacks rights that this task needs; nothing has been changed. Missing ${list.join('; ')}`,
    'Check that these scopes are meant (the names in the inputs), then give the identity the custom role of this task there (docs/permissions.md). A new assignment takes up to ten minutes to count.',
  );
}

/** Refuses locks at or above a scope that would stop the task in the middle. */
export async function assertUnlocked(
  azure: Azure,
  scope: string,
  stoppedBy: readonly LockLevel[],
  remark: Remark,
): Promise<void> {
  const locks = await orRemark(() => readLocks(azure, scope), `the locks on ${scope}`, remark);
  const inTheWay = (locks ?? []).filter(({ level }) => stoppedBy.includes(level));
  if (inTheWay.length === 0) return;
  throw new Failure(
    'ScopeLocked',
    `${scope} is locked; nothing has been changed. In the way: ${inTheWay.map(({ id, level }) => `${level} lock ${id}`).join('; ')}`,
    'Have the lock removed for the time of this task.',
  );
}

/** Somebody answered, and it says nothing about rights. */
const senseless = new Set(['AnswerUnreadable', 'AnswerNotJson']);

/** Without an answer (no sign-in, no network) nothing else would work either, so that ends the task here. */
async function orRemark<T>(read: () => Promise<T>, what: string, remark: Remark): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const failure = armFailure(error, `Reading ${what}`);
    if (armAnswer(error).status === undefined && !senseless.has(failure.code)) throw failure;
    remark(`${capital(what)} are not known, so a missing one shows only when it is needed. ${failure.message}`);
    return undefined;
  }
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
