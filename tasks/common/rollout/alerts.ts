import type { Step } from './next-steps.ts';
import type { Situation } from './state.ts';

/** An alert rule that says at this moment that something is wrong. All of it is text for people. */
export interface FiredAlert {
  readonly rule: string;
  /** What the rule watches. */
  readonly on: string;
  readonly since: string;
}

/** What is known of the alert rules that the author named. */
export interface AlertsSeen {
  /** As last read; while they cannot be read, as they were. */
  readonly fired: readonly FiredAlert[];
  /** Since when every reading has come through. */
  readonly readSince: number;
  /** Since when they cannot be read, and why. */
  readonly unread?: { readonly since: number; readonly why: string };
}

/**
 * What alerts have to say before anything else is decided: one that has fired ends the rollout, and while they cannot be
 * read nothing is begun, for as long as a rollout may go without progress. Undefined when all is quiet.
 */
export function alertStep({ alerts, limits, now }: Situation): Extract<Step, { kind: 'halt' | 'wait' }> | undefined {
  if (!alerts) return undefined;
  if (alerts.fired.length > 0) return { kind: 'halt', reason: alerts.fired.map(firedText).join('; ') };
  if (!alerts.unread) return undefined;
  const { since, why } = alerts.unread;
  if (now - since < limits.progressDeadlineMs)
    return { kind: 'wait', reason: `nothing is begun while alerts cannot be read (${why})` };
  const seconds = Math.round((now - since) / 1000);
  return {
    kind: 'halt',
    unseen: true,
    reason: `alerts could not be read for ${seconds} s, and what is not read is not quiet: ${why}`,
  };
}

export const firedText = ({ rule, on, since }: FiredAlert): string =>
  `alert ${rule} has fired on ${on}, since ${since}`;
