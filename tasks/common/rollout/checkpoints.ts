import { counted } from '../report/words.ts';
import { type Groups, takenNodes } from './groups.ts';
import { entryOf } from './logbook.ts';
import type { Step } from './next-steps.ts';
import type { Situation } from './state.ts';

/** How many nodes may be taken before the rollout stops to see whether they stay well; undefined: no stop is ahead. */
export const nextCheckpoint = ({ limits: { checkpoints = [] }, logbook }: Situation): number | undefined =>
  checkpoints[logbook.passed];

/** The checkpoint that has been reached and not passed. */
export function checkpointAt(groups: Groups, situation: Situation): number | undefined {
  const mark = nextCheckpoint(situation);
  return mark !== undefined && takenNodes(groups) >= mark ? mark : undefined;
}

/** It is passed once every new node has been ready, and alerts were read, for the time of baking: a gap begins it anew. */
export function atCheckpoint(mark: number, groups: Groups, { limits, logbook, alerts, now }: Situation): Step {
  const { bakeMs = 0, minReadyMs } = limits;
  const readySince = groups.ready.map(({ id }) => (entryOf(logbook, id).healthySince ?? now) + minReadyMs);
  const until = Math.max(...readySince, logbook.lastProgress, alerts?.readSince ?? 0) + bakeMs;
  const reason = `checkpoint ${mark}: ${counted(groups.ready.length, 'node')} ready`;
  if (now >= until) return { kind: 'pass', reason: `${reason} for ${Math.round(bakeMs / 1000)} s, going on` };
  return { kind: 'wait', reason: `${reason}, waiting whether they stay so for ${Math.round(bakeMs / 1000)} s` };
}
