import { readScaleSet, type ScaleSetModel } from '../common/azure/scale-set.ts';
import { assertImageUsable } from '../common/azure/target-image.ts';
import { lookAround } from '../common/execute/azure-means.ts';
import { beforeTheKill } from '../common/execute/ending/before-the-kill.ts';
import { ownerOf, type RolloutPlan, type RolloutResult, type Tools } from '../common/execute/rollout-plan.ts';
import { runRollout } from '../common/execute/rollout-run.ts';
import { liftsOf, withLifts } from '../common/execute/with-lifts.ts';
import { healthNote } from '../common/health/source.ts';
import { findPauses } from '../common/pause/find-pauses.ts';
import { assertModelUnchanged, assertNoPendingDrift } from '../common/preflight/model-drift.ts';
import { assertRoomForModel } from '../common/preflight/model-image.ts';
import { missingRights, refuseMissing } from '../common/preflight/rights.ts';
import {
  assertSetUnlocked,
  imageAsk,
  protectionAsks,
  repairsAsks,
  setAsks,
} from '../common/preflight/rollout-rights.ts';
import { assertSetFits } from '../common/preflight/set-fit.ts';
import { readRecord, writeRecord } from '../common/record/codec.ts';
import { askHolder, assertMayTake, takenFrom } from '../common/record/ownership.ts';
import { isFinished, isGoingBack, type RolloutRecord, withPaused } from '../common/record/record.ts';
import { announcedLifts } from '../common/report/lifts-text.ts';
import { looksHealthy, type Node, sameImage } from '../common/rollout/node.ts';
import { goalOfRollback } from './destination.ts';
import type { AnyRollbackRequest, RollbackRequest } from './rollback-request.ts';
import { type NothingToTakeBack, nothingOfThisRun } from './this-run.ts';

/** Brings a scale set back: the model first, then the nodes, by the engine that upgraded them, without canary steps. */
export function rollBack(request: RollbackRequest, tools: Tools): Promise<RolloutResult>;
export function rollBack(request: AnyRollbackRequest, tools: Tools): Promise<RolloutResult | NothingToTakeBack>;
export function rollBack(request: AnyRollbackRequest, tools: Tools) {
  return beforeTheKill(goBack(request, tools), tools);
}

async function goBack(request: AnyRollbackRequest, tools: Tools): Promise<RolloutResult | NothingToTakeBack> {
  // Whose rollout it is says the set alone: where there is nothing to take back, nothing else is asked.
  const seen = request.onlyThisRun ? await readScaleSet(tools.azure, request.set) : undefined;
  const nothing = seen && nothingOfThisRun(request.set.name, readRecord(seen.tags), tools.run);
  return nothing ?? goTo(request, await lookBack(request, tools, seen), tools);
}

async function goTo(
  request: AnyRollbackRequest,
  { model, basis, goal }: Awaited<ReturnType<typeof lookBack>>,
  tools: Tools,
): Promise<RolloutResult> {
  assertSetFits(request.set.name, model, request);
  assertModelUnchanged(request, model, basis);
  await assertImageUsable(tools.azure, goal, model, request.to === undefined ? undefined : 'to');
  const fleet = await lookAround(request, tools);
  assertRoomForModel(request.set.name, model, fleet.nodes, goal);
  const paused = await pausesIn(request, model, basis, tools);
  const unpaused = planRollback(request, goal, model, basis, fleet, tools);
  const plan = withLifts({ ...unpaused, record: withPaused(unpaused.record, paused) });
  const { azure, observer } = tools;
  refuseMissing(azure, await missingRights(azure, protectionAsks(azure, request, plan.record), observer.remarked));
  assertNoPendingDrift(request, model, fleet.nodes, plan.record, basis, tools.observer.remarked);
  const { owner } = plan.record;
  const holder = await askHolder(basis, owner, request.takeover, tools.clock.now(), tools.askRun);
  assertMayTake(basis, owner, request.takeover, tools.clock.now(), holder);
  if (basis && holder?.kind === 'ended') tools.observer.remarked(takenFrom(basis, holder.says));
  writeRecord(model.tags, plan.record); // nothing is sent: is there room for it?
  const away = fleet.nodes.filter((node) => !sameImage(node.image, goal)).length;
  tools.observer.remarked(`back to ${goal}: ${away} of ${fleet.nodes.length} nodes run something else`);
  for (const note of [...announcedLifts(liftsOf(plan)), healthNote(request.health) ?? []].flat())
    observer.remarked(note);
  return runRollout({ ...plan, ...(holder && { holder }) }, tools);
}

async function pausesIn(
  request: AnyRollbackRequest,
  model: ScaleSetModel,
  basis: RolloutRecord | undefined,
  { azure, observer: { remarked } }: Tools,
) {
  refuseMissing(azure, await missingRights(azure, repairsAsks(azure, request, model), remarked));
  return findPauses(request, { azure, set: request.set, model, basis, remark: remarked });
}

/** Where the way leads, once it is known that nothing forbids it. The record says which image's rights are to be asked. */
async function lookBack(
  request: AnyRollbackRequest,
  { azure, observer: { remarked } }: Tools,
  seen: ScaleSetModel | undefined,
) {
  const onSet = await missingRights(azure, setAsks(azure, request), remarked);
  if (onSet.some(({ actions }) => actions.includes(readSet))) refuseMissing(azure, onSet);
  const model = seen ?? (await readScaleSet(azure, request.set));
  const basis = readRecord(model.tags);
  const goal = goalOfRollback(request, basis);
  refuseMissing(azure, [...onSet, ...(await missingRights(azure, [imageAsk(goal)], remarked))]);
  await assertSetUnlocked(azure, request, remarked);
  return { model, basis, goal };
}

const readSet = 'Microsoft.Compute/virtualMachineScaleSets/read';

function planRollback(
  request: AnyRollbackRequest,
  goal: string,
  model: ScaleSetModel,
  basis: RolloutRecord | undefined,
  { nodes, pages }: { readonly nodes: readonly Node[]; readonly pages: number },
  tools: Tools,
): RolloutPlan {
  const again = basis && isGoingBack(basis) && sameImage(basis.stable, goal) ? basis : undefined;
  const record: RolloutRecord = {
    rolloutId: basis?.rolloutId ?? tools.newId(),
    state: 'rollingBack',
    target: badImage(goal, model, basis),
    stable: goal,
    stage: '100%',
    wanted: 'all',
    sick: again?.sick ?? nodes.filter((node) => !looksHealthy(node)).map((node) => node.id),
    model: model.print,
    owner: ownerOf(tools.run, tools.newId(), tools.clock.now()),
  };
  return { ...request, model, before: nodes, pages, basis, begunAt: tools.clock.now(), record };
}

/** What the nodes are taken away from: never the goal itself. */
function badImage(goal: string, model: ScaleSetModel, basis: RolloutRecord | undefined): string {
  const candidates = basis
    ? [isFinished(basis) ? basis.stable : basis.target, basis.target, model.image]
    : [model.image];
  return candidates.find((image) => image !== '' && !sameImage(image, goal)) ?? goal;
}
