import { retryAfterMs } from '../network/retry-after.ts';
import type { NextTry } from './oidc-retry.ts';

/** After the last of these the service is given up: 90 seconds, since an update of it (410) may take 70. */
const waitsMs = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000];

/** Off Azure nobody is at that address: two more looks, for a machine that has just come up. */
const silentTries = 3;

const longestWaitMs = 30_000;

/** 404, 410, 429 and 5xx pass (learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling). */
export const isPassingStatus = (status: number): boolean => status >= 500 || [404, 410, 429].includes(status);

/** What to do after a refusal of the metadata service, or after no answer at all (`status` undefined). */
export function nextMetadataTry(
  status: number | undefined,
  retryAfter: string | undefined,
  attempt: number,
  now: number,
): NextTry {
  const wait = waitsMs[attempt - 1];
  if (wait === undefined || (status === undefined && attempt >= silentTries)) return { kind: 'giveUp' };
  if (status !== undefined && !isPassingStatus(status)) return { kind: 'giveUp' };
  const afterMs = retryAfterMs(retryAfter, now) ?? wait;
  return afterMs > longestWaitMs ? { kind: 'giveUp' } : { kind: 'retry', afterMs };
}
