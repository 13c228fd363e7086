import { readScaleSet, type ScaleSetModel, type ScaleSetRef } from '../common/azure/scale-set.ts';
import { assertImageUsable } from '../common/azure/target-image.ts';
import { listNodes } from '../common/azure/uniform-fleet.ts';
import type { DrainScripts } from '../common/drain/script-drain.ts';
import {
  ownerOf,
  type RolloutPlan,
  type RolloutResult,
  runRollout,
  type Tools,
} from '../common/execute/rollout-run.ts';
import { Failure } from '../common/failure.ts';
import { assertModelIsOurs, stableImage } from '../common/preflight/model-image.ts';
import { assertSetFits } from '../common/preflight/set-fit.ts';
import { readRecord } from '../common/record/codec.ts';
import { assertMayTake } from '../common/record/ownership.ts';
import { isFinished, type RolloutRecord } from '../common/record/record.ts';
import { imageName } from '../common/report/words.ts';
import { type Amount, type Limits, maxUnavailable, wantedNodes } from '../common/rollout/limits.ts';
import { looksHealthy, type Node, sameImage } from '../common/rollout/node.ts';

export interface UpgradeRequest {
  readonly set: ScaleSetRef;
  /** The gallery image version to bring to the nodes. */
  readonly target: string;
  /** How many nodes are on it when this task ends. */
  readonly nodes: Amount & { readonly text: string };
  readonly maxUnavailable: Amount;
  readonly limits: Omit<Limits, 'wanted' | 'maxUnavailable'>;
  readonly drain?: DrainScripts;
  readonly cutSessions: boolean;
  readonly takeover: boolean;
}

/** Brings nodes of a scale set onto an image version: checks everything, then rolls. */
export async function upgradeNodes(request: UpgradeRequest, tools: Tools): Promise<RolloutResult> {
  const model = await readScaleSet(tools.azure, request.set);
  const basis = readRecord(model.tags);
  assertSetFits(request.set.name, model);
  assertModelIsOurs(request.set.name, model, basis);
  assertSameRollout(request, basis);
  await assertImageUsable(tools.azure, request.target, model);
  const { nodes } = await listNodes(tools.azure, request.set);
  const plan = planUpgrade(request, model, basis, nodes, tools);
  assertMayTake(basis, plan.record.owner, request.takeover, tools.clock.now());
  if (!sameImage(plan.record.stable, request.target)) await assertImageUsable(tools.azure, plan.record.stable, model);
  announce(request, plan, tools);
  return runRollout(plan, tools);
}

/** The same target goes on; another one while a rollout is open would leave three images in one set. */
function assertSameRollout({ target, set }: UpgradeRequest, basis: RolloutRecord | undefined): void {
  if (!basis || isFinished(basis) || (sameImage(basis.target, target) && basis.state !== 'rollingBack')) return;
  throw new Failure(
    'AnotherRolloutOpen',
    `Scale set ${set.name} is in the middle of rollout ${basis.rolloutId} to ${basis.target} (${basis.state})`,
    'Finish that rollout (run UpgradeScaleSetNodes with its image), or take it back with RollbackScaleSet, then start the new one.',
  );
}

function planUpgrade(
  request: UpgradeRequest,
  model: ScaleSetModel,
  basis: RolloutRecord | undefined,
  nodes: readonly Node[],
  tools: Tools,
): RolloutPlan {
  const open = basis !== undefined && !isFinished(basis) ? basis : undefined;
  const sameStage =
    open?.stage === request.nodes.text && (open.state === 'rolling' || open.state === 'stopped') ? open : undefined;
  const wanted = sameStage?.wanted ?? wantedNodes(request.nodes, nodes.length);
  const record: RolloutRecord = {
    rolloutId: open?.rolloutId ?? tools.newId(),
    state: 'rolling',
    target: request.target,
    stable: open?.stable ?? stableImage(request.set.name, model, nodes, request.target),
    ...(basis?.previous !== undefined && { previous: basis.previous }),
    stage: request.nodes.text,
    wanted,
    sick: sameStage?.sick ?? nodes.filter((node) => !looksHealthy(node)).map((node) => node.id),
    owner: ownerOf(tools.run, tools.newId(), tools.clock.now()),
  };
  return {
    set: request.set,
    model,
    before: nodes,
    basis,
    record,
    limits: (count) => ({
      ...request.limits,
      wanted,
      maxUnavailable: maxUnavailable(request.maxUnavailable, count).nodes,
    }),
    choices: { sickBefore: new Set(record.sick), cutSessions: request.cutSessions },
    ...(request.drain && { drain: request.drain }),
    takeover: request.takeover,
  };
}

/** Says what the typed limits come to in this set, before anything happens. */
function announce(request: UpgradeRequest, plan: RolloutPlan, { observer }: Tools): void {
  const count = plan.before.length;
  const { wanted, maxUnavailable: unavailable } = plan.limits(count);
  const many = wanted === 'all' ? `all ${count}` : `${wanted} of ${count}`;
  observer.remarked(`${many} nodes of ${request.set.name} go to ${request.target}`);
  observer.remarked(`at most ${unavailable} unavailable at a time; way back: ${imageName(plan.record.stable)}`);
  const { note } = maxUnavailable(request.maxUnavailable, count);
  if (note !== undefined) observer.remarked(note);
  if (plan.record.sick.length > 0) observer.remarked(`out of service before we came: ${plan.record.sick.join(', ')}`);
  if (!plan.drain) observer.remarked('no drainScript: nodes are replaced with their requests in flight');
}
