import { readScaleSet } from '../common/azure/scale-set.ts';
import { assertImageUsable } from '../common/azure/target-image.ts';
import { lookAround } from '../common/execute/azure-means.ts';
import type { RolloutPlan, Tools } from '../common/execute/rollout-plan.ts';
import { withLifts } from '../common/execute/with-lifts.ts';
import { findPauses } from '../common/pause/find-pauses.ts';
import type { Check } from '../common/preflight/check.ts';
import { assertModelUnchanged, assertNoPendingDrift } from '../common/preflight/model-drift.ts';
import { assertModelIsOurs, assertRoomForModel } from '../common/preflight/model-image.ts';
import { assertSameForce, assertSameRollout } from '../common/preflight/open-rollout.ts';
import { alertAsks, lookAtAlerts, type WatchedRules } from '../common/preflight/quiet-alerts.ts';
import { missingRights, refuseMissing } from '../common/preflight/rights.ts';
import {
  assertSetUnlocked,
  imageAsk,
  protectionAsks,
  reimageAsk,
  repairsAsks,
  setAsks,
} from '../common/preflight/rollout-rights.ts';
import { setChecks } from '../common/preflight/set-fit.ts';
import { readRecord, writeRecord } from '../common/record/codec.ts';
import { askHolder, assertMayTake, takenFrom } from '../common/record/ownership.ts';
import { isFinished, isGoingBack, type Paused, type RolloutRecord, withPaused } from '../common/record/record.ts';
import { sameImage } from '../common/rollout/node.ts';
import { planBack, planUpgrade } from './plan-upgrade.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

/** Everything that can be known before the first write. What is refused goes through `check`, whose business it is. */
export async function prepareUpgrade(request: UpgradeRequest, tools: Tools, check: Check): Promise<RolloutPlan> {
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
  if (!back) await check(() => assertSameForce(set.name, request.force, basis));
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
  const plan = withLifts({ ...unpaused, record, ...(watched && { watched }) });
  const unasked = protectionAsks(azure, request, plan.record);
  await check(async () => refuseMissing(azure, await missingRights(azure, unasked, observer.remarked)));
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
  ...(request.force ? [reimageAsk(azure, request)] : []),
  imageAsk(request.target),
  ...alertAsks(azure, request.set, request.alertRules),
];

/** This rollout, when an earlier run began to take it back and this one would do the same. */
const wayBackIn = ({ onFailure, target }: UpgradeRequest, basis: RolloutRecord | undefined) =>
  onFailure === 'rollback' && basis && isGoingBack(basis) && sameImage(basis.target, target) ? basis : undefined;
