import { fenced } from './markdown.ts';
import type { Event } from './rollout-story.ts';
import { eventLine } from './rollout-summary.ts';

/** What the post-job step did after a rollout that was cancelled or cut off. */
export function putBackSummary(reason: string, events: readonly Event[], startedAt: number): string {
  const lines = events.map((event) => eventLine(event, startedAt)).join('\n');
  return [`The step was cancelled or cut off. After it: ${reason}.`, ...(lines === '' ? [] : [fenced(lines)])].join(
    '\n\n',
  );
}
