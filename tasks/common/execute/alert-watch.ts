import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { AlertsSeen, FiredAlert } from '../rollout/alerts.ts';

/** What the alerts say, read anew only when what is known is older than this. */
export interface AlertWatch {
  seen(atMostMs: number): Promise<AlertsSeen>;
}

/**
 * Reads alerts for a rollout. A reading that fails, for whatever reason, leaves them unread; it is kept with its time, so
 * that the planner can say how long that may last.
 */
export function watchAlerts(read: () => Promise<readonly FiredAlert[]>, clock: Clock): AlertWatch {
  let last: { readonly seen: AlertsSeen; readonly at: number } | undefined;
  return {
    async seen(atMostMs) {
      if (last && clock.now() - last.at < atMostMs) return last.seen;
      const seen = await readOnce(read, last?.seen, clock);
      last = { seen, at: clock.now() };
      return seen;
    },
  };
}

async function readOnce(
  read: () => Promise<readonly FiredAlert[]>,
  before: AlertsSeen | undefined,
  clock: Clock,
): Promise<AlertsSeen> {
  const begun = clock.now();
  try {
    const fired = await read();
    return { fired, readSince: before && !before.unread ? before.readSince : begun };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const since = before?.unread?.since ?? begun;
    return { fired: before?.fired ?? [], readSince: before?.readSince ?? begun, unread: { since, why: error.message } };
  }
}
