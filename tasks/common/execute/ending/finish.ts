import { Failure } from '../../failure.ts';
import { afterwards } from '../../record/afterwards.ts';
import { isFinished, isHeld, isPaused, type RolloutRecord } from '../../record/record.ts';
import { crossedOut } from '../../record/renewal.ts';
import { toBeTakenBack } from '../../record/way-back.ts';
import { isOn, type Node, sameImage } from '../../rollout/node.ts';
import { leftOut, perhapsLeftOut, type Seen, surelyLeftOut, whySpared } from '../../rollout/state.ts';
import type { Ending } from '../job.ts';
import type { Means } from '../means.ts';
import { atTheEnd, patiently } from '../patience.ts';
import { hidesDrains, type RolloutPlan, type RolloutResult } from '../rollout-plan.ts';
import { close, closeInTime, givePolicyBack, putBackAfter } from './close.ts';
import { restore } from './put-back.ts';
import { turnsBack } from './turns-back.ts';

/** Why it stopped is told also when that could not be written any more; one that went well has to have its end written. */
export async function finishOrTell(plan: RolloutPlan, ending: Ending, means: Means): Promise<RolloutResult> {
  const { hold } = means;
  try {
    return await finish(plan, ending, means);
  } catch (error) {
    const mustTell = error instanceof Failure && error.code !== 'OwnershipLost' && ending.outcome !== 'completed';
    if (!mustTell) throw error;
    await putBackAfter(error, plan.record, means);
    const reason = `${ending.reason}; its end could not be written: ${error.message}`;
    const record = hold.begun ? plan.record : plan.basis;
    return { plan, ending: { ...ending, reason }, record, whole: false, trouble: error };
  }
}

async function finish(plan: RolloutPlan, ending: Ending, means: Means): Promise<RolloutResult> {
  const { situation, outcome } = ending;
  const whole = isWhole(situation);
  const ended = { completed: outcome === 'completed', whole, failed: outcome === 'halted' };
  const after = turnsBack(plan, ending)
    ? { record: toBeTakenBack(plan.record, situation.nodes), modelImage: plan.record.stable }
    : withoutTheRenewed(afterwards(plan.record, ended, plan.scaleOutImage), situation.nodes);
  const out = drainedByUs(plan, ending);
  const record = await putBack(plan, { outcome, out, nodes: situation.nodes, after }, means);
  const modelNames = outcome === 'completed' && means.hold.begun ? means.hold.image : undefined;
  const isLeft = modelNames !== undefined && !sameImage(modelNames, after.modelImage);
  return { plan, ending, record, whole, ...(isLeft && { modelNames }) };
}

/** A run that comes later need not find out by their disks who has been renewed, and where disks keep their ids it could not. */
const withoutTheRenewed = ({ record, modelImage }: ReturnType<typeof afterwards>, nodes: readonly Node[]) => ({
  record: crossedOut(record, nodes),
  modelImage,
});

/** What a rollout is ended by: the record that it began with, and the model then. */
export type Begun = Pick<RolloutPlan, 'basis' | 'model'>;

/** How it ended, what is out of service by it, and what is to be written. */
export interface Ended {
  readonly outcome: Ending['outcome'];
  readonly out: readonly string[];
  readonly nodes: readonly Node[];
  readonly after: ReturnType<typeof afterwards>;
}

/**
 * Puts back everything that was changed for the time of the rollout, and writes how it ended; the post-job step does the
 * same for a task that could not. Returns the record as it stands then.
 */
export async function putBack(
  plan: Begun,
  { outcome, out, nodes, after }: Ended,
  means: Omit<Means, 'fleet'>,
): Promise<RolloutRecord | undefined> {
  const { hold, drain } = means;
  const restored = restore(out, nodes, drain, means);
  if (outcome === 'cancelled') return (await closeInTime(after, restored, means)) ?? plan.basis;
  await restored;
  if (!hold.begun && owesAnEnding(plan, outcome, after))
    await patiently(
      () => hold.ensure(outcome === 'completed' ? undefined : 'ending'),
      atTheEnd(means, 'the record could not be written'),
    );
  if (hold.begun) return (await close(after, means)).record;
  return owesAPolicy(plan, after) ? givePolicyBack(plan.basis, means) : plan.basis;
}

/** Nodes that this run, or one that was killed before it, has drained and that stay as they are. */
function drainedByUs(plan: RolloutPlan, { outcome, situation }: Ending): readonly string[] {
  const { basis } = plan;
  const own = outcome === 'cancelled' ? surelyLeftOut(situation) : leftOut(situation);
  const others = basis && isHeld(basis) ? perhapsLeftOut(situation, hidesDrains(plan)) : [];
  return [...new Set([...own, ...others])];
}

/**
 * An earlier run may have died before it wrote its end: then this one writes it, also when no node was left to do. And a
 * stage is not complete while the model names another image than it should: the next scale-out would get that one. A
 * finished rollout that is run again and finds its nodes sick stays finished: what comes next may be another image.
 */
function owesAnEnding(
  { basis, model }: Begun,
  outcome: Ending['outcome'],
  { record: { state }, modelImage }: ReturnType<typeof afterwards>,
): boolean {
  if (outcome === 'completed' && !sameImage(model.image, modelImage)) return true;
  if (basis && isPaused(basis)) return true;
  if (basis === undefined || basis.state === state) return false;
  return isHeld(basis) || outcome === 'completed' || (outcome === 'halted' && !isFinished(basis));
}

/** An earlier run had to leave the upgrade policy Manual, or died just before; what was in the way may be gone by now. */
function owesAPolicy(
  plan: Begun,
  { record }: ReturnType<typeof afterwards>,
): plan is Begun & { readonly basis: RolloutRecord } {
  const { basis, model } = plan;
  const { upgradeMode, osUpgrades } = basis?.paused ?? {};
  const isSwitched = (upgradeMode && model.upgradeMode === 'Manual') || (osUpgrades && !model.automaticOsUpgrade);
  return basis !== undefined && isFinished(basis) && isFinished(record) && Boolean(isSwitched);
}

/** Every node that is not on its way out and not left alone runs the goal. */
export function isWhole({ nodes, target, logbook }: Seen): boolean {
  const isDone = (node: Node) => isOn(node, target) || whySpared(node, logbook) !== undefined;
  return nodes.every((node) => node.provisioning === 'deleting' || isDone(node));
}
