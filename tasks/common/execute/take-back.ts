import { readScaleSet } from '../azure/scale-set.ts';
import { listNodes } from '../azure/uniform-fleet.ts';
import { readRecord } from '../record/codec.ts';
import { assertStillOurs } from '../record/ownership.ts';
import type { Owner, RolloutRecord } from '../record/record.ts';
import { imageName } from '../report/words.ts';
import { looksHealthy, type Node, sameImage } from '../rollout/node.ts';
import type { Ending } from './job.ts';
import { ownerOf, type RolloutPlan, type RolloutResult, runRollout, type Tools } from './rollout-run.ts';

/**
 * A rollout that halted is taken back by the run that began it: the model names the proven image already (that is how a
 * halt ends), now its nodes follow, within the same limits and without stages. The job's deadline does not cut it short:
 * a run that comes later would bring the bad image first, only to find out again.
 */
export async function takeBack(failed: RolloutResult, tools: Tools): Promise<RolloutResult> {
  const { plan } = failed;
  const { jobDeadlineMs: _notForTheWayBack, ...options } = plan;
  const model = await readScaleSet(tools.azure, plan.set);
  const basis = readRecord(model.tags);
  if (failed.record && basis?.owner.token !== failed.record.owner.token) assertStillOurs(basis, plan.record.owner);
  const { nodes, pages } = await listNodes(tools.azure, plan.set);
  const record = wayBack(plan.record, nodes, ownerOf(tools.run, tools.newId(), tools.clock.now()));
  tools.observer.remarked(`taking it back to ${imageName(record.stable)}: ${failed.ending.reason}`, 'back');
  const back = await runRollout({ ...options, model, before: nodes, pages, basis, record }, tools);
  return { ...back, plan, back: back.plan, failed: failed.ending, ending: endingOf(back.ending, failed.ending.reason) };
}

/** Goes on with a way back that an earlier run began. */
export async function goOnBack(
  { jobDeadlineMs: _notForTheWayBack, ...plan }: RolloutPlan,
  tools: Tools,
): Promise<RolloutResult> {
  tools.observer.remarked(`an earlier run began to take this rollout back: going on with that`);
  const back = await runRollout(plan, tools);
  return { ...back, back: plan, ending: endingOf(back.ending, 'an earlier run of this rollout failed') };
}

/** Only what was seen of the nodes is a reason to go back; where Azure or somebody else is in the way, it would be too. */
export const mayTakeBack = ({ ending, plan: { record } }: RolloutResult): boolean =>
  ending.outcome === 'halted' && ending.failure === undefined && !sameImage(record.stable, record.target);

/** The record of the way back. All that is out of service now is the rollout's doing, and goes first. */
const wayBack = (
  { chosen: _all, checkpoints: _stops, passed: _none, ...record }: RolloutRecord,
  nodes: readonly Node[],
  owner: Owner,
): RolloutRecord => ({
  ...record,
  state: 'rollingBack',
  stage: '100%',
  wanted: 'all',
  sick: nodes.filter((node) => !looksHealthy(node)).map((node) => node.id),
  owner,
});

function endingOf(back: Ending, why: string): Ending {
  if (back.outcome === 'completed') return { ...back, outcome: 'rolledBack', reason: `${why}; ${back.reason}` };
  return { ...back, reason: `${why}; the way back has not come to its end: ${back.reason}` };
}
