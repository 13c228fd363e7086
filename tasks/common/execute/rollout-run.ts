import type { Drain } from '../drain/drain.ts';
import { Failure } from '../failure.ts';
import { showsDrains } from '../health/source.ts';
import { goalOf, isHeld } from '../record/record.ts';
import { looksHealthy, type Node, sameImage } from '../rollout/node.ts';
import { azureMeans } from './azure-means.ts';
import { putBackAfter } from './ending/close.ts';
import { finishOrTell } from './ending/finish.ts';
import { handover } from './ending/handover.ts';
import { restore } from './ending/put-back.ts';
import type { Job } from './job.ts';
import type { Means } from './means.ts';
import { patiently } from './patience.ts';
import { rollToTheEnd } from './roll-to-the-end.ts';
import {
  hidesDrains,
  limitsOf,
  type RolloutPlan,
  type RolloutResult,
  runDeadlineMs,
  type Tools,
} from './rollout-plan.ts';
import { serveAgain } from './serve-again.ts';
import { untilDone } from './until-done.ts';
import { liftedBy } from './with-lifts.ts';

/** Carries out a plan in Azure, and leaves word for the post-job step until it has ended by itself. */
export async function runRollout(plan: RolloutPlan, tools: Tools): Promise<RolloutResult> {
  const { set, record, drain } = plan;
  const { owed } = liftedBy(plan);
  const left = handover(tools.leave, { set, record, undrain: drain?.undrain, owed, now: () => tools.clock.now() });
  const result = await carryOut(plan, azureMeans(plan, tools, left));
  const { outcome, situation } = result.ending;
  // What a cancelled task has written was only accepted.
  if (outcome !== 'cancelled' && result.record && !isHeld(result.record)) left.end(situation.nodes);
  return result;
}

/** Hold, aim, roll, and put everything back that has to be put back, however it ends. */
export async function carryOut(plan: RolloutPlan, means: Means): Promise<RolloutResult> {
  const { fleet, clock, cancelled, observer } = means;
  const drain = means.drain && drainOf(plan, means.drain, means);
  // A way back is not stopped by what it is the answer to.
  const alerts = plan.record.state === 'rollingBack' ? undefined : means.alerts;
  try {
    if (plan.record.state === 'rollingBack') await turnBack(plan, drain, means).catch(unlessCancelled(cancelled));
    await serveAgain(plan, drain, means).catch(unlessCancelled(cancelled));
    const job: Job = {
      fleet,
      ...(drain && { drain }),
      ...(alerts && { alerts }),
      target: goalOf(plan.record),
      limits: (nodes) => limitsOf(plan, nodes),
      choices: {
        sickBefore: new Set(plan.record.sick),
        onDrainTimeout: plan.onDrainTimeout,
        drains: drain !== undefined,
        awaitProtected: plan.protectedNodes === 'wait',
      },
      passed: plan.record.passed ?? 0,
      mayBeDrained: hidesDrains(plan),
      clock,
      runDeadlineMs,
      cancelled,
      observer,
    };
    const ending = await rollToTheEnd(job, means.hold, plan.model.image);
    observer.looked(ending.situation);
    return await finishOrTell(plan, ending, means);
  } catch (error) {
    await putBackAfter(error, plan.record, means);
    throw error;
  } finally {
    await fleet.close();
  }
}

/** A cancelled task stops waiting for its first writes; the loop then ends as it does when it is cancelled later. */
const unlessCancelled =
  (cancelled: AbortSignal) =>
  (error: unknown): void => {
    if (!cancelled.aborted || !(error instanceof Failure) || error.code === 'OwnershipLost') throw error;
  };

/** Where health does not show whether a node that is put back serves, its script is waited for. */
const drainOf = ({ health, limits }: RolloutPlan, drain: Drain, means: Means): Drain =>
  showsDrains(health) ? drain : untilDone(drain, limits.nodeHealthTimeoutMs, means);

/** A way back begins with the model, so that nothing new starts on the bad image, and with nodes left drained. */
async function turnBack(plan: RolloutPlan, drain: Drain | undefined, means: Means): Promise<void> {
  const { hold, observer } = means;
  const goal = goalOf(plan.record);
  const looksIdle = (node: Node) => !looksHealthy(node) || hidesDrains(plan);
  const idle = plan.before.filter((node) => sameImage(node.image, goal) && looksIdle(node) && node.running);
  if (
    sameImage(plan.model.image, goal) &&
    plan.before.every((node) => sameImage(node.image, goal)) &&
    idle.length === 0
  )
    return;
  const patience = { ...means, forMs: plan.limits.progressDeadlineMs };
  await patiently(() => hold.ensure(), { ...patience, what: 'the record could not be written' });
  await patiently(() => hold.aim(), { ...patience, what: 'the model could not be pointed at the image to go back to' });
  observer.remarked('the model names the image to go back to: nothing new starts on the bad one');
  const ids = idle.map((node) => node.id);
  await restore(ids, plan.before, drain, means);
}
