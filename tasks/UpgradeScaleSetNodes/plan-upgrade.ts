import type { ScaleSetModel } from '../common/azure/scale-set.ts';
import { ownerOf, type RolloutPlan, type Tools } from '../common/execute/rollout-plan.ts';
import { Failure } from '../common/failure.ts';
import { stableImage } from '../common/preflight/model-image.ts';
import { promisedTo } from '../common/record/promise.ts';
import { isFinished, type RolloutRecord } from '../common/record/record.ts';
import { renewalOf, seenBy } from '../common/record/renewal.ts';
import { checkpointsOf, wantedNodes } from '../common/rollout/limits.ts';
import { looksHealthy, type Node, sameImage } from '../common/rollout/node.ts';
import { missing, selected } from '../common/rollout/selection.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

/** The record of this stage, from what was typed, what the set shows, and what an earlier run left. */
export function planUpgrade(
  request: UpgradeRequest,
  model: ScaleSetModel,
  basis: RolloutRecord | undefined,
  { nodes: seen, pages }: { readonly nodes: readonly Node[]; readonly pages: number },
  tools: Tools,
): RolloutPlan {
  const open = basis !== undefined && !isFinished(basis) ? basis : undefined;
  // A share that came to a number of nodes stays that number when the stage is run again, also in a set that has grown.
  const sameStage = open?.stage === request.nodes.text && open.state !== 'halted' ? open : undefined;
  const goal = sameStage ?? stageGoal(request, seen);
  const begun = open ?? wholeAlready(request, model, basis);
  const known = open ?? renewedByThisRun(request, basis, tools);
  const renew = request.force ? (known?.renew ?? renewalOf(seen, request.target)) : undefined;
  const nodes = seenBy({ target: request.target, ...(renew && { renew }) }, seen);
  const record: RolloutRecord = {
    // To renew what a finished rollout has brought is another one.
    rolloutId: (request.force ? known : begun)?.rolloutId ?? tools.newId(),
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
    ...(renew && { renew }),
    model: model.print,
    owner: ownerOf(tools.run, tools.newId(), tools.clock.now()),
  };
  return { ...request, model, before: nodes, pages, basis, begunAt: tools.clock.now(), record };
}

/**
 * The rollout that this very pipeline run has finished with `force`. A step that is tried again, since it was killed after
 * it had written the end or since a later one has failed, does not renew everything once more.
 */
const renewedByThisRun = (
  { target, force }: Pick<UpgradeRequest, 'target' | 'force'>,
  basis: RolloutRecord | undefined,
  { run }: Pick<Tools, 'run'>,
) =>
  force && basis?.state === 'whole' && basis.renew && basis.owner.run === run.id && sameImage(basis.target, target)
    ? basis
    : undefined;

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

/** The way back that an earlier run began, as its record says. */
export function planBack(
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
