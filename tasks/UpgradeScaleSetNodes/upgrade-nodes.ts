import type { TypedRule } from '../common/azure/alert-rule-id.ts';
import { readScaleSet, type ScaleSetModel } from '../common/azure/scale-set.ts';
import { assertImageUsable } from '../common/azure/target-image.ts';
import { beforeTheKill } from '../common/execute/before-the-kill.ts';
import { type Foresight, foreseeBoth } from '../common/execute/foresee.ts';
import type { RolloutOptions } from '../common/execute/rollout-options.ts';
import {
  limitsOf,
  lookAround,
  lookedBackAt,
  ownerOf,
  type RolloutPlan,
  type RolloutResult,
  runRollout,
  type Tools,
} from '../common/execute/rollout-run.ts';
import { goOnBack, takeBack } from '../common/execute/take-back.ts';
import { turnsBack } from '../common/execute/turns-back.ts';
import { Failure } from '../common/failure.ts';
import { healthNote } from '../common/health/source.ts';
import { findPauses } from '../common/pause/find-pauses.ts';
import { type Check, gatherRefusals, stopAtFirst } from '../common/preflight/check.ts';
import { assertModelUnchanged, assertNoPendingDrift } from '../common/preflight/model-drift.ts';
import { assertModelIsOurs, assertRoomForModel, stableImage } from '../common/preflight/model-image.ts';
import { assertSameRollout } from '../common/preflight/open-rollout.ts';
import { alertAsks, lookAtAlerts, type WatchedRules } from '../common/preflight/quiet-alerts.ts';
import { missingRights, refuseMissing } from '../common/preflight/rights.ts';
import { assertSetUnlocked, imageAsk, repairsAsks, setAsks } from '../common/preflight/rollout-rights.ts';
import { setChecks } from '../common/preflight/set-fit.ts';
import { readRecord, writeRecord } from '../common/record/codec.ts';
import { askHolder, assertMayTake, takenFrom } from '../common/record/ownership.ts';
import { promisedTo } from '../common/record/promise.ts';
import { isFinished, isGoingBack, type Paused, type RolloutRecord, withPaused } from '../common/record/record.ts';
import { imageName } from '../common/report/words.ts';
import { type Amount, checkpointsOf, maxUnavailable, wantedNodes } from '../common/rollout/limits.ts';
import { looksHealthy, type Node, sameImage } from '../common/rollout/node.ts';
import { missing, type Selection, selected } from '../common/rollout/selection.ts';

export interface UpgradeRequest extends RolloutOptions {
  /** The gallery image version to bring to the nodes. */
  readonly target: string;
  /** How many nodes are on it when this task ends, or which, and how that was typed. */
  readonly nodes: (Amount | Selection) & { readonly text: string };
  /** Where to stop in between to see whether the new nodes stay well, and for how long. */
  readonly checkpoints: readonly Amount[];
  readonly bakeMs: number;
  /** Alert rules that stop the rollout when they fire. */
  readonly alertRules: readonly TypedRule[];
  /** What a node gets that scales out between two stages. */
  readonly scaleOutImage: 'stable' | 'new';
  /** What becomes of a rollout that halts: its nodes stay as they are, or are brought back. */
  readonly onFailure: 'stop' | 'rollback';
  /** Only say what would happen. */
  readonly plan: boolean;
}

/** Brings nodes of a scale set onto an image version: checks everything, then rolls. */
export const upgradeNodes = (request: UpgradeRequest, tools: Tools): Promise<RolloutResult> =>
  beforeTheKill(upgrade(request, tools), tools);

async function upgrade(request: UpgradeRequest, tools: Tools): Promise<RolloutResult> {
  const plan = await prepareUpgrade(request, tools, stopAtFirst);
  if (plan.record.state === 'rollingBack') return goOnBack(plan, tools);
  announce(request, plan, tools);
  const result = await runRollout(plan, tools);
  return turnsBack(plan, result.ending) ? takeBack(result, tools) : result;
}

/** The dry run: reads and checks what an upgrade would, gathers all that stands in its way, and writes nothing. */
export const foreseeUpgrade = (request: UpgradeRequest, tools: Tools): Promise<Foresight> =>
  beforeTheKill(foresee(request, tools), tools);

async function foresee(request: UpgradeRequest, tools: Tools): Promise<Foresight> {
  const { refusals, check } = gatherRefusals();
  let plan: RolloutPlan | undefined;
  await check(async () => {
    plan = await prepareUpgrade(request, tools, check);
  });
  if (!plan) return { refusals };
  announce(request, plan, tools);
  return { refusals, plan, ...(await foreseeBoth(plan, tools.clock.now())) };
}

/** Everything that can be known before the first write. What is refused goes through `check`, whose business it is. */
async function prepareUpgrade(request: UpgradeRequest, tools: Tools, check: Check): Promise<RolloutPlan> {
  const { azure, observer, clock } = tools;
  const { set, target, takeover } = request;
  await check(async () => refuseMissing(azure, await missingRights(azure, asksOf(request, azure), observer.remarked)));
  await check(() => assertSetUnlocked(azure, request, observer.remarked));
  const model = await readScaleSet(azure, set);
  const basis = readRecord(model.tags);
  for (const fits of setChecks(request)) await check(() => fits(set.name, model, request));
  await check(() => assertModelIsOurs(set.name, model, basis));
  await check(() => assertModelUnchanged(request, model, basis));
  const back = wayBackIn(request, basis);
  if (!back) await check(() => assertSameRollout(set.name, target, basis));
  if (!back) await check(() => assertImageUsable(azure, target, model, 'imageVersionId'));
  const fleet = await lookAround(request, tools);
  const watched = back ? undefined : await watchedBy(request, basis, tools, check);
  let paused: Paused | undefined;
  await check(async () => {
    refuseMissing(azure, await missingRights(azure, repairsAsks(azure, request, model), observer.remarked));
    paused = await findPauses(request, { azure, set, model, basis, remark: observer.remarked });
  });
  const unpaused = back
    ? planBack(request, model, back, fleet, tools)
    : planUpgrade(request, model, basis, fleet, tools);
  const record = withPaused(unpaused.record, paused);
  const plan = { ...unpaused, record, ...(watched && { watched }) };
  await check(() => assertNoPendingDrift(request, model, fleet.nodes, plan.record, basis, observer.remarked));
  if (!back) await check(() => assertRoomForModel(set.name, model, plan.before, target));
  const holder = await askHolder(basis, plan.record.owner, takeover, clock.now(), tools.askRun);
  await check(() => assertMayTake(basis, plan.record.owner, takeover, clock.now(), holder));
  if (basis && holder?.kind === 'ended') observer.remarked(takenFrom(basis, holder.says));
  await check(() => void writeRecord(model.tags, plan.record)); // nothing is sent: is there room for it?
  const { stable } = plan.record;
  if (!sameImage(stable, target)) await check(() => assertImageUsable(azure, stable, model));
  return { ...plan, ...(holder && { holder }) };
}

/** The alert rules that are heeded, when any are named and all of them can say something. */
async function watchedBy(
  { set, alertRules }: UpgradeRequest,
  basis: RolloutRecord | undefined,
  { azure }: Tools,
  check: Check,
): Promise<WatchedRules | undefined> {
  let watched: WatchedRules | undefined;
  if (alertRules.length === 0) return undefined;
  await check(async () => {
    watched = await lookAtAlerts(azure, set, alertRules, basis !== undefined && !isFinished(basis));
  });
  return watched;
}

const asksOf = (request: UpgradeRequest, azure: Tools['azure']) => [
  ...setAsks(azure, request),
  imageAsk(request.target),
  ...alertAsks(azure, request.set, request.alertRules),
];

/** This rollout, when an earlier run began to take it back and this one would do the same. */
const wayBackIn = ({ onFailure, target }: UpgradeRequest, basis: RolloutRecord | undefined) =>
  onFailure === 'rollback' && basis && isGoingBack(basis) && sameImage(basis.target, target) ? basis : undefined;

function planUpgrade(
  request: UpgradeRequest,
  model: ScaleSetModel,
  basis: RolloutRecord | undefined,
  { nodes, pages }: { readonly nodes: readonly Node[]; readonly pages: number },
  tools: Tools,
): RolloutPlan {
  const open = basis !== undefined && !isFinished(basis) ? basis : undefined;
  // A share that came to a number of nodes stays that number when the stage is run again, also in a set that has grown.
  const sameStage = open?.stage === request.nodes.text && open.state !== 'halted' ? open : undefined;
  const goal = sameStage ?? stageGoal(request, nodes);
  const begun = open ?? wholeAlready(request, model, basis);
  const record: RolloutRecord = {
    rolloutId: begun?.rolloutId ?? tools.newId(),
    state: 'rolling',
    target: request.target,
    stable: begun?.stable ?? stableImage(request.set.name, model, nodes, request.target),
    ...(basis?.previous !== undefined && { previous: basis.previous }),
    stage: request.nodes.text,
    wanted: goal.wanted,
    ...(goal.chosen && { chosen: goal.chosen }),
    ...(goal.checkpoints && goal.checkpoints.length > 0 && { checkpoints: goal.checkpoints }),
    ...(goal.passed !== undefined && { passed: goal.passed }),
    ...promisedTo(goal, basis, nodes, request.target),
    // What fell sick since this rollout began may be our own doing: it counts as our loss, whichever stage comes next.
    sick: open?.sick ?? nodes.filter((node) => !looksHealthy(node)).map((node) => node.id),
    model: model.print,
    owner: ownerOf(tools.run, tools.newId(), tools.clock.now()),
  };
  return { ...request, model, before: nodes, pages, basis, begunAt: tools.clock.now(), record };
}

/**
 * This rollout, when it came to its end already and the model still names its image: what has fallen back since, by a repair or
 * a reimage, is brought on again, and the proven image is the one that it brought.
 */
const wholeAlready = ({ target }: UpgradeRequest, model: ScaleSetModel, basis: RolloutRecord | undefined) =>
  basis?.state === 'whole' && sameImage(basis.target, target) && sameImage(model.image, target) ? basis : undefined;

/** What the typed stage comes to in this set: a number, or the nodes that it names. */
function stageGoal(
  { nodes: asked, set, checkpoints }: UpgradeRequest,
  nodes: readonly Node[],
): Pick<RolloutRecord, 'wanted' | 'chosen' | 'checkpoints' | 'passed'> {
  if (asked.kind === 'count' || asked.kind === 'percent') {
    const wanted = wantedNodes(asked, nodes.length);
    return { wanted, checkpoints: checkpointsOf(checkpoints, nodes.length, wanted) };
  }
  const chosen = selected(nodes, asked).map(({ id }) => id);
  const lacking = missing(nodes, asked);
  if (chosen.length > 0 && lacking.length === 0) return { wanted: chosen.length, chosen };
  throw new Failure(
    'NodesNotFound',
    `Input "nodes" is "${asked.text}", and scale set ${set.name} has ${lacking.length > 0 ? `no node ${lacking.join(', ')}` : 'no such node'}`,
    'Look at the instances of the scale set: names, zones and ids are theirs.',
  );
}

function planBack(
  request: UpgradeRequest,
  model: ScaleSetModel,
  basis: RolloutRecord,
  { nodes, pages }: { readonly nodes: readonly Node[]; readonly pages: number },
  tools: Tools,
): RolloutPlan {
  const record = {
    ...basis,
    state: 'rollingBack' as const,
    model: model.print,
    owner: ownerOf(tools.run, tools.newId(), tools.clock.now()),
  };
  return { ...request, model, before: nodes, pages, basis, begunAt: tools.clock.now(), record };
}

/** Says what the typed limits come to in this set, before anything happens. */
function announce(request: UpgradeRequest, plan: RolloutPlan, { observer }: Tools): void {
  const count = plan.before.length;
  const { wanted, maxUnavailable: unavailable } = limitsOf(plan, count);
  const { chosen } = plan.record;
  const many = chosen
    ? `${chosen.length} chosen (${request.nodes.text}) of ${count}`
    : wanted === 'all'
      ? `all ${count}`
      : `${wanted} of ${count}`;
  observer.remarked(`${many} nodes of ${request.set.name} go to ${request.target}`);
  observer.remarked(`at most ${unavailable} unavailable at a time; way back: ${imageName(plan.record.stable)}`);
  const back = lookedBackAt(plan);
  if (back !== undefined) observer.remarked(back);
  const { note: rounding } = maxUnavailable(request.maxUnavailable, count);
  if (rounding !== undefined) observer.remarked(rounding);
  if (plan.record.sick.length > 0) observer.remarked(`out of service before we came: ${plan.record.sick.join(', ')}`);
  if (request.scaleOutImage === 'new')
    observer.remarked('scaleOutImage is new: a node that scales out between two stages gets the new image, and counts');
  const note = healthNote(request.health);
  if (note !== undefined) observer.remarked(note);
  for (const { name } of plan.watched?.rules ?? []) observer.remarked(`stops when alert ${name} fires`);
  if (!request.drain) observer.remarked('no drainScript: nodes are replaced with their requests in flight');
}
