import { readScaleSet } from '../../azure/scale-set.ts';
import { Failure } from '../../failure.ts';
import { findPauses } from '../../pause/find-pauses.ts';
import { readRecord } from '../../record/codec.ts';
import { assertStillOurs } from '../../record/ownership.ts';
import { withPaused } from '../../record/record.ts';
import { toBeTakenBack } from '../../record/way-back.ts';
import { imageName } from '../../report/words.ts';
import { lookAround } from '../azure-means.ts';
import type { Ending } from '../job.ts';
import { patiently } from '../patience.ts';
import { ownerOf, type RolloutPlan, type RolloutResult, type Tools } from '../rollout-plan.ts';
import { runRollout } from '../rollout-run.ts';
import { withLifts } from '../with-lifts.ts';

/**
 * A rollout that halted is taken back by the run that began it: the model names the proven image already (that is how a
 * halt ends), now its nodes follow, within the same limits and without stages. The job's deadline does not cut it short:
 * a run that comes later would bring the bad image first, only to find out again. Whatever happens on the way, why it
 * halted is told.
 */
export async function takeBack(failed: RolloutResult, tools: Tools): Promise<RolloutResult> {
  const { plan } = failed;
  let way: RolloutPlan = plan;
  try {
    way = await planWayBack(failed, tools);
    const back = await runRollout(way, tools);
    return { ...back, plan, back: way, failed: failed.ending, ending: endingOf(back.ending, failed.ending.reason) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const ending = { ...failed.ending, reason: unfinished(failed.ending.reason, error.message) };
    return { ...failed, back: way, failed: failed.ending, ending, trouble: error };
  }
}

/** The set and its nodes as they are now; a look that fails for a passing reason is no reason to leave nodes as they are. */
async function planWayBack(failed: RolloutResult, tools: Tools): Promise<RolloutPlan> {
  const { jobDeadlineMs: _notForTheWayBack, ...plan } = failed.plan;
  const patience = { ...tools, forMs: plan.limits.progressDeadlineMs, what: 'the fleet could not be seen' };
  const model = await patiently(() => readScaleSet(tools.azure, plan.set), patience);
  const basis = readRecord(model.tags);
  if (failed.record && basis?.owner.token !== failed.record.owner.token) assertStillOurs(basis, plan.record.owner);
  const { nodes, pages } = await patiently(() => lookAround(plan, tools), patience);
  const from = basis?.state === 'backPending' ? basis : toBeTakenBack(plan.record, nodes);
  const owner = ownerOf(tools.run, tools.newId(), tools.clock.now());
  const { azure, observer } = tools;
  const seen = { azure, set: plan.set, model, basis, remark: (text: string) => observer.remarked(text) };
  const paused = await patiently(() => findPauses(plan, seen), patience); // a halt has put back what was paused
  const record = withPaused({ ...from, state: 'rollingBack', owner }, paused);
  tools.observer.remarked(`taking it back to ${imageName(record.stable)}: ${failed.ending.reason}`, 'back');
  return withLifts({ ...plan, model, before: nodes, pages, basis, record });
}

/** Goes on with a way back that an earlier run began, or left to be gone. */
export async function goOnBack(
  { jobDeadlineMs: _notForTheWayBack, ...plan }: RolloutPlan,
  tools: Tools,
): Promise<RolloutResult> {
  tools.observer.remarked(`an earlier run began to take this rollout back: going on with that`);
  const back = await runRollout(plan, tools);
  return { ...back, back: plan, ending: endingOf(back.ending, 'an earlier run of this rollout failed') };
}

function endingOf(back: Ending, why: string): Ending {
  if (back.outcome === 'completed') return { ...back, outcome: 'rolledBack', reason: `${why}; ${back.reason}` };
  return { ...back, reason: unfinished(why, back.reason) };
}

const unfinished = (why: string, reason: string) => `${why}; the way back has not come to its end: ${reason}`;
