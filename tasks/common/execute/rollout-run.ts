import { readFiredAlerts } from '../azure/alert-rules.ts';
import type { Azure } from '../azure/connect.ts';
import { runCommands } from '../azure/run-command.ts';
import type { ScaleSetModel } from '../azure/scale-set.ts';
import { seeNodes, uniformFleet } from '../azure/uniform-fleet.ts';
import type { Clock } from '../clock.ts';
import type { AskRun, RunState } from '../devops/run-state.ts';
import type { Drain } from '../drain/drain.ts';
import { scriptDrain } from '../drain/script-drain.ts';
import { Failure } from '../failure.ts';
import { openJudge } from '../health/judge.ts';
import { showsDrains } from '../health/source.ts';
import type { AskStatus } from '../network/ask-status.ts';
import { pausesOf } from '../pause/pauses.ts';
import type { WatchedRules } from '../preflight/quiet-alerts.ts';
import type { NewId } from '../random.ts';
import { afterwards } from '../record/afterwards.ts';
import { goalOf, holdOn } from '../record/hold.ts';
import { isFinished, isHeld, isPaused, type Owner, type RolloutRecord } from '../record/record.ts';
import { toBeTakenBack } from '../record/way-back.ts';
import { type Limits, maxUnavailable } from '../rollout/limits.ts';
import { foundAgain } from '../rollout/look-back.ts';
import { looksHealthy, type Node, sameImage } from '../rollout/node.ts';
import { leftOut, perhapsLeftOut, type Seen, surelyLeftOut, whySpared } from '../rollout/state.ts';
import { watchAlerts } from './alert-watch.ts';
import { close, closeInTime, givePolicyBack, putBackAfter } from './close.ts';
import { type Handover, handover, type Leave } from './handover.ts';
import type { Ending, Observer } from './job.ts';
import type { Means } from './means.ts';
import { atTheEnd, patiently } from './patience.ts';
import { restore } from './put-back.ts';
import { roll } from './roll.ts';
import type { RolloutOptions } from './rollout-options.ts';
import { turnsBack } from './turns-back.ts';

/** What a use case needs from outside: Azure, time, names, and someone who listens. */
export interface Tools {
  readonly azure: Azure;
  /** Asks a node of the scale set itself how it is. */
  readonly askStatus: AskStatus;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly run: Pick<Owner, 'attempt' | 'name' | 'url'> & { readonly id: string };
  /** Asks Azure DevOps whether another run still runs; absent, nobody can be asked. */
  readonly askRun?: AskRun;
  readonly cancelled: AbortSignal;
  readonly observer: Observer;
  /** Takes down what the post-job step has to know. */
  readonly leave: Leave;
}

/** A rollout that has been planned and checked; nothing has been written yet. */
export interface RolloutPlan extends RolloutOptions {
  readonly model: ScaleSetModel;
  readonly before: readonly Node[];
  /** Pages of the list of nodes: what a look costs. */
  readonly pages: number;
  readonly basis: RolloutRecord | undefined;
  /** The alert rules that are heeded, as they were found before the first write. */
  readonly watched?: WatchedRules;
  /** What is known of the run that holds the rollout of `basis`, when it is another. */
  readonly holder?: RunState;
  /** How long nodes must stay well at a checkpoint. */
  readonly bakeMs?: number;
  /** What the model names between two stages; absent, the proven image. */
  readonly scaleOutImage?: 'stable' | 'new';
  /** What becomes of a rollout that halts: its nodes stay as they are, or are brought back. */
  readonly onFailure?: 'stop' | 'rollback';
  /** When the task was begun: jobDeadline counts from here, also of a way back that follows. */
  readonly begunAt: number;
  /** In state `rolling` or `rollingBack`: which way it goes follows from it. */
  readonly record: RolloutRecord;
}

/** The plan's limits in a set of so many nodes: it may grow or shrink while we work. */
export const limitsOf = (plan: RolloutPlan, nodes: number): Limits => ({
  ...plan.limits,
  wanted: plan.record.wanted,
  ...(plan.record.chosen && { chosen: new Set(plan.record.chosen) }),
  ...(plan.record.promised !== undefined && {
    promised: { nodes: plan.record.promised, named: new Set(plan.record.promisedNodes) },
  }),
  maxUnavailable: maxUnavailable(plan.maxUnavailable, nodes).nodes,
  ...(plan.record.checkpoints && { checkpoints: plan.record.checkpoints, bakeMs: plan.bakeMs ?? 0 }),
  ...(plan.jobDeadlineMs !== undefined && { beginsUntil: plan.begunAt + plan.jobDeadlineMs }),
});

/** What is there of the nodes that the stages before have brought, as one sentence; undefined when there were none. */
export const lookedBackAt = ({ before, record: { promised, target } }: RolloutPlan): string | undefined =>
  promised === undefined ? undefined : foundAgain(before, target, promised);

export interface RolloutResult {
  readonly plan: RolloutPlan;
  readonly ending: Ending;
  /** As it stands in the tags now; undefined when nothing had to be done and nothing was written. */
  readonly record: RolloutRecord | undefined;
  readonly whole: boolean;
  /** The plan of the way back, when the rollout was taken back, and how it had ended before. */
  readonly back?: RolloutPlan;
  readonly failed?: Ending;
  /** What kept it from being written how this ended, or from being taken back. */
  readonly trouble?: Failure;
}

/** The longest that one run may take: the limit of a job on a Microsoft-hosted agent is six hours. */
export const runDeadlineMs = 6 * 3_600_000;

export function ownerOf(run: Tools['run'], token: string, now: number): Owner {
  const { id, attempt, name, url } = run;
  return { run: id, attempt, name, url, token, expires: now + runDeadlineMs + 15 * 60_000 };
}

/** Carries out a plan in Azure, and leaves word for the post-job step until it has ended by itself. */
export async function runRollout(plan: RolloutPlan, tools: Tools): Promise<RolloutResult> {
  const { set, record, drain } = plan;
  const left = handover(tools.leave, { set, record, undrain: drain?.undrain, now: () => tools.clock.now() });
  const result = await carryOut(plan, azureMeans(plan, tools, left));
  const { outcome, situation } = result.ending;
  // What a cancelled task has written was only accepted.
  if (outcome !== 'cancelled' && result.record && !isHeld(result.record)) left.end(situation.nodes);
  return result;
}

/** The nodes as the author's source of health sees them, before anything is written. */
export const lookAround = ({ set, health }: Pick<RolloutOptions, 'set' | 'health'>, { azure, askStatus }: Tools) =>
  seeNodes(azure, set, openJudge(health, { azure, set, askStatus }));

function azureMeans(plan: RolloutPlan, { azure, askStatus, clock, cancelled, observer }: Tools, left: Handover): Means {
  const remark: Observer['remarked'] = (text, about) => observer.remarked(text, about);
  const hold = holdOn({ azure, clock, cancelled, remark, beginning: left.begin, ...plan });
  const pauses = pausesOf({ azure, clock, cancelled, remark, ...plan });
  const drain = drainOf(plan, azure, clock);
  const bench = {
    commands: runCommands(azure, plan.set, plan.model),
    rolloutId: plan.record.rolloutId,
    target: goalOf(plan.record),
    clock,
    minReadyMs: plan.limits.minReadyMs,
    sweeps: hidesDrains(plan),
    remark,
  };
  const judge = openJudge(plan.health, { azure, set: plan.set, askStatus, bench });
  const preparation = {
    hold: () => prepare({ hold, pauses }),
    aim: () => hold.aim(),
    pass: (passed: number) => hold.pass(passed),
    asking: left.ask,
  };
  const fleet = uniformFleet(azure, plan.set, preparation, judge);
  const rules = plan.watched?.rules;
  const alerts = rules && watchAlerts(() => readFiredAlerts(azure, rules), clock);
  return {
    hold,
    pauses,
    fleet,
    ...(drain && { drain: left.watched(drain) }),
    ...(alerts && { alerts }),
    clock,
    cancelled,
    observer,
  };
}

/** Before a node is touched: the record, and then what it says is paused. */
export async function prepare({ hold, pauses }: Pick<Means, 'hold' | 'pauses'>): Promise<void> {
  await hold.ensure();
  await pauses.begin();
}

/** Hold, aim, roll, and put everything back that has to be put back, however it ends. */
export async function carryOut(plan: RolloutPlan, means: Means): Promise<RolloutResult> {
  const { drain, fleet, clock, cancelled, observer } = means;
  // A way back is not stopped by what it is the answer to.
  const alerts = plan.record.state === 'rollingBack' ? undefined : means.alerts;
  try {
    if (plan.record.state === 'rollingBack') await turnBack(plan, means).catch(unlessCancelled(cancelled));
    const ending = await roll({
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
    });
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

/** A way back begins with the model, so that nothing new starts on the bad image, and with nodes left drained. */
async function turnBack(plan: RolloutPlan, means: Means): Promise<void> {
  const { hold, drain, observer } = means;
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
  await restore(
    idle.map((node) => node.id),
    plan.before,
    drain,
    means,
  );
}

/** Why it stopped is told also when that could not be written any more; one that went well has to have its end written. */
async function finishOrTell(plan: RolloutPlan, ending: Ending, means: Means): Promise<RolloutResult> {
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
    : afterwards(plan.record, ended, plan.scaleOutImage);
  const out = drainedByUs(plan, ending);
  const record = await putBack(plan, { outcome, out, nodes: situation.nodes, after }, means);
  return { plan, ending, record, whole };
}

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
    await patiently(() => hold.ensure(), atTheEnd(means, 'the record could not be written'));
  if (hold.begun) return (await close(after, means)).record;
  return owesAPolicy(plan, after) ? givePolicyBack(plan.basis, means) : plan.basis;
}

/** A run that was killed may have drained nodes that look healthy all the same: every old one may be out of service. */
const hidesDrains = ({ basis, health }: RolloutPlan): boolean =>
  basis !== undefined && isHeld(basis) && !showsDrains(health);

/** Nodes that this run, or one that was killed before it, has drained and that stay as they are. */
function drainedByUs(plan: RolloutPlan, { outcome, situation }: Ending): readonly string[] {
  const { basis, record } = plan;
  const own = outcome === 'completed' ? [] : outcome === 'cancelled' ? surelyLeftOut(situation) : leftOut(situation);
  const others = basis && isHeld(basis) ? perhapsLeftOut(situation, new Set(record.sick), hidesDrains(plan)) : [];
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
  const isDone = (node: Node) => sameImage(node.image, target) || whySpared(node, logbook) !== undefined;
  return nodes.every((node) => node.provisioning === 'deleting' || isDone(node));
}

function drainOf(plan: RolloutPlan, azure: Azure, clock: Clock): Drain | undefined {
  if (!plan.drain) return undefined;
  return scriptDrain(runCommands(azure, plan.set, plan.model), plan.record.rolloutId, plan.drain, clock);
}
