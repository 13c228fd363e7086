import type { ScaleSetModel } from '../azure/scale-set.ts';
import type { RolloutOptions } from '../execute/rollout-options.ts';
import { Failure } from '../failure.ts';
import { modelDrifted } from '../record/drift.ts';
import { goalOf, isFinished, partsThatDiffer, type RolloutRecord } from '../record/record.ts';
import { type Node, sameImage } from '../rollout/node.ts';

type Asked = Pick<RolloutOptions, 'set' | 'allowModelDrift'>;

/** While a rollout is open, nobody else may change what an upgrade applies beside the image. */
export function assertModelUnchanged(
  { set, allowModelDrift }: Asked,
  model: ScaleSetModel,
  basis: RolloutRecord | undefined,
): void {
  if (!basis || isFinished(basis) || allowModelDrift) return;
  const parts = partsThatDiffer(basis.model, model.print);
  if (parts.length > 0) throw modelDrifted(set.name, basis, parts);
}

/** An upgrade applies the whole model: what waits in it beside the image, and nobody asked for, is named and refused. */
export function assertNoPendingDrift(
  { set, allowModelDrift }: Asked,
  model: ScaleSetModel,
  nodes: readonly Node[],
  record: RolloutRecord,
  basis: RolloutRecord | undefined,
  remark: (text: string) => void,
): void {
  const goal = goalOf(record);
  const lifted = new Set(record.paused?.protection);
  const stays = (node: Node) => (node.protected && !lifted.has(node.id)) || node.leaveOut;
  const touched = nodes.filter((node) => !sameImage(node.image, goal) && !stays(node));
  const signs = touched.map((node) => ({ node, ...driftOf(node, model, basis, lifted.has(node.id)) }));
  const drifted = signs.filter(({ certain }) => certain !== undefined);
  const doubtful = signs.filter(({ perhaps, certain }) => perhaps && certain === undefined);
  const list = drifted.map(({ node, certain }) => `${node.name} (${certain})`).join(', ');
  if (drifted.length > 0 && !allowModelDrift) throw pending(set.name, list);
  if (drifted.length > 0) remark(`allowed by allowModelDrift: an upgrade changes more than the image of ${list}`);
  if (doubtful.length > 0)
    remark(
      `${doubtful.map(({ node }) => node.name).join(', ')} have not the latest model, and nothing that can be seen of them differs from it: a change of ${doubtful.some(({ node }) => node.model === 'own') ? 'protection' : 'tags'} may be all of it. If not, the upgrade brings the rest too`,
    );
}

interface Sign {
  /** What an upgrade would change beside the image, in words. */
  readonly certain?: string;
  /** Something may be pending, and nothing proves it. */
  readonly perhaps?: boolean;
}

/**
 * What an upgrade would do to a node beside its image. `latestModelApplied: false` alone proves nothing: an image that is
 * still to come explains it, our own writes do where the record has the model as it is now, and whether a write of tags
 * makes a model is not proven, so in a set with tags it may be just that. Nor is it proven that a write of a node's protection
 * makes its model its own: of a protected node that says nothing.
 */
function driftOf(node: Node, model: ScaleSetModel, basis: RolloutRecord | undefined, isProtected: boolean): Sign {
  if (node.model === 'own' && !isProtected) return { certain: 'its model was changed on the instance itself' };
  const isOlder = node.model === 'older' || node.model === 'own';
  if (!isOlder || (node.model === 'older' && isExplained(model, basis))) return {};
  const seen = Object.keys(model.shows).filter(
    (name) => (node.shows?.[name] ?? model.shows[name]) !== model.shows[name],
  );
  if (seen.length > 0)
    return { certain: seen.map((name) => `${name} ${node.shows?.[name]}, model ${model.shows[name]}`).join(', ') };
  if (node.model === 'own') return { perhaps: true };
  if (!sameImage(node.image, model.image)) return {};
  const changed = basis ? partsThatDiffer(basis.model, model.print) : [];
  if (changed.length > 0) return { certain: `not applied yet: ${changed.join(', ')}` };
  if (basis) return {}; // a record of an older version: its writes made models, and more is not known
  const tagsMayExplain = Object.keys(model.tags).length > 0;
  return tagsMayExplain
    ? { perhaps: true }
    : { certain: 'latestModelApplied is false, and its image is that of the model' };
}

/** Our record has the rest of the model as it is now: whatever made models since then was our own or a change of tags. */
const isExplained = ({ print }: ScaleSetModel, basis: RolloutRecord | undefined) =>
  basis?.model?.by === print.by && partsThatDiffer(basis.model, print).length === 0;

const pending = (name: string, list: string) =>
  new Failure(
    'ModelDriftPending',
    `The model of scale set ${name} holds changes beside the image that nodes have not got yet, and an upgrade would bring them too: ${list}`,
    'Look at what was written to the model (Activity log of the scale set). Apply it on its own (az vmss update-instances), undo it, or let it come with the image by the input allowModelDrift: true. A record that somebody deleted in mid-rollout leaves such nodes too.',
  );
