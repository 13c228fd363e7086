import { runCommands } from '../../azure/run-command.ts';
import type { ScaleSetModel } from '../../azure/scale-set.ts';
import type { Drain } from '../../drain/drain.ts';
import { scriptDrain } from '../../drain/script-drain.ts';
import { type Pauses, pausesOf } from '../../pause/pauses.ts';
import { type Hold, holdOn } from '../../record/hold.ts';
import { goalOf, isHeld, type RolloutRecord } from '../../record/record.ts';
import { ownerOf, type Tools } from '../rollout-plan.ts';
import { type Handover, handover, type Left } from './handover.ts';
import { liftsLeft } from './lifts-left.ts';

/** Longer than Azure lets a machine boot (20 minutes); the agent may allow less after a cancel, and then ends this process. */
const patienceMs = 25 * 60_000;

/** All that a post-job step works with. */
export interface Desk {
  readonly left: Left;
  readonly tools: Tools;
  readonly model: ScaleSetModel;
  /** As it is written from now on: by an owner of our own, so that a main step that still lives stops at its next look. */
  readonly record: RolloutRecord;
  readonly hold: Hold;
  readonly pauses: Pauses;
  readonly drain: Drain;
  readonly word: Handover;
  readonly deadline: number;
}

/** The record is ours from here on while the rollout is held, and nothing is drained. */
export function deskFor(left: Left, basis: RolloutRecord, model: ScaleSetModel, tools: Tools): Desk {
  const { azure, clock, cancelled, observer, newId, run } = tools;
  const { set, undrain } = left;
  const record = isHeld(basis) ? { ...basis, owner: ownerOf(run, newId(), clock.now()) } : basis;
  const word = handover(tools.leave, { set, record, undrain, owed: left.lifted, now: () => clock.now(), before: left });
  const remark: Tools['observer']['remarked'] = (text, about) => observer.remarked(text, about);
  const around = { azure, set, clock, cancelled, remark, beginning: word.begin };
  const lifts = liftsLeft(left, goalOf(record), tools, word.lift);
  const scripts = { drain: '', timeoutMs: 0, ...(undrain !== undefined && { undrain }) }; // nothing is drained here
  return {
    left,
    tools,
    model,
    record,
    hold: holdOn({ ...around, basis, model, record, takeover: true, allowModelDrift: false, startsNothing: true }),
    pauses: pausesOf({ ...around, basis, record, lifts }),
    drain: word.watched(scriptDrain(runCommands(azure, set, model), record.rolloutId, scripts, clock)),
    word,
    deadline: clock.now() + patienceMs,
  };
}
