import { retryAfterMs } from '../network/retry-after.ts';

/** What to do after a refusal: a pure answer, so that each case is a row in a table. */
export type NextTry = { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'giveUp' };

const longestWaitMs = 30_000;

/**
 * Only 429, 5xx and no answer at all (`status` undefined) are worth another try; a server that wants more patience than
 * `longestWaitMs` is not waited for.
 */
export function nextTry(
  status: number | undefined,
  retryAfter: string | undefined,
  attempt: number,
  now: number,
): NextTry {
  if (status !== undefined && status !== 429 && status < 500) return { kind: 'giveUp' };
  const afterMs = retryAfterMs(retryAfter, now) ?? 1_000 * 2 ** (attempt - 1);
  return afterMs > longestWaitMs ? { kind: 'giveUp' } : { kind: 'retry', afterMs };
}
