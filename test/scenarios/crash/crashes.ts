import assert from 'node:assert/strict';
import { type Cell, type Crash, type Told, tell } from './story.ts';

/** At once, in the middle of what was begun, and when all of that has ended. */
const rests = [1_000, 20_000, 200_000];

/** Every call in turn: killed before it had its effect and after. A read has none, so there both are the same. */
const crashesOf = (calls: Told['calls']): readonly Crash[] =>
  calls.flatMap(({ write }, index) =>
    (write ? [true, false] : [false]).map((applied) => ({
      atCall: index + 1,
      applied,
      restMs: rests[index % rests.length] ?? 0,
    })),
  );

/** Tells the story once with each crash, and holds every end against that of the story without one. */
export async function crashEverywhere(cell: Cell): Promise<number> {
  const whole = await tell(cell);
  const crashes = crashesOf(whole.calls);
  for (const crash of crashes) {
    try {
      const told = await tell(cell, crash);
      assert.ok(told.crashed, 'the call was never made');
      assert.deepEqual([told.outcomes, told.end], [whole.outcomes, whole.end]);
    } catch (error) {
      throw new Error(`${momentOf(crash, whole)}: ${(error as Error).message}`, { cause: error });
    }
  }
  return crashes.length;
}

const momentOf = ({ atCall, applied, restMs }: Crash, { calls }: Told) =>
  `killed at call ${atCall} of ${calls.length}, its effect ${applied ? '' : 'not '}applied, the next run after ${restMs / 1000} s`;
