import { imageVersionIn } from '../azure/resource-id.ts';
import type { ScaleSetModel } from '../azure/scale-set.ts';
import { Failure } from '../failure.ts';
import { choices } from '../record/drift.ts';
import { isFinished, type RolloutRecord } from '../record/record.ts';
import { type Node, sameImage } from '../rollout/node.ts';

/**
 * The image that is proven and that a rollback would lead to. It must be a concrete gallery version: `latest` and a
 * definition id make the way back inexpressible, a marketplace image cannot be returned to by its id.
 */
export function stableImage(name: string, model: ScaleSetModel, nodes: readonly Node[], target: string): string {
  const stable = sameImage(model.image, target) ? (mostCommonImage(nodes, target) ?? target) : model.image;
  assertConcrete(name, stable);
  return stable;
}

/** Only what can be named by one version can be gone back to. */
export function assertConcrete(name: string, stable: string): void {
  if (imageVersionIn(stable)) return;
  throw new Failure(
    'StableImageNotConcrete',
    `Scale set ${name} runs ${stable === '' ? 'a marketplace image' : stable}, not a concrete version of a gallery image: there would be no way back`,
    'Publish what the nodes run as a gallery image version, point the set at that version, and run the task again.',
  );
}

/** When the model was moved to the target before us, the nodes tell what was there: the image most of them run. */
function mostCommonImage(nodes: readonly Node[], target: string): string | undefined {
  const counts = new Map<string, number>();
  for (const { image } of nodes) if (!sameImage(image, target)) counts.set(image, (counts.get(image) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

/** While a rollout is open the model may only name its own two images; anything else was written by somebody else. */
export function assertModelIsOurs(name: string, model: ScaleSetModel, record: RolloutRecord | undefined): void {
  if (!record || isFinished(record)) return;
  if (sameImage(model.image, record.target) || sameImage(model.image, record.stable)) return;
  throw new Failure(
    'ModelChangedByOthers',
    `Another tool changed the image of scale set ${name} to ${model.image || 'a marketplace image'} while rollout ${record.rolloutId} is open between ${record.stable} and ${record.target}`,
    choices(record),
  );
}

/** Models that nodes of one set may refer to (azure.md §2). */
export const modelLimit = 10;

/**
 * Azure does not say which model a node was made from, but nodes with different images are of different ones. When there
 * are too many already, the write of the new image would be refused once the record is written. The goal makes one more
 * only where no node runs it yet: a rollout that began with nine images may go on with its tenth.
 */
export function assertRoomForModel(name: string, model: ScaleSetModel, nodes: readonly Node[], goal: string): void {
  const images = new Set(nodes.map(({ image }) => image.toLowerCase()).filter((image) => image !== ''));
  if (images.size < modelLimit || images.has(goal.toLowerCase()) || sameImage(model.image, goal)) return;
  throw new Failure(
    'TooManyModels',
    `The nodes of scale set ${name} run ${images.size} different images; with one more model they would refer to more than the ${modelLimit} that Azure allows`,
    'Bring nodes that share an old image onto the image that the model names now (az vmss update-instances), then run the task again.',
  );
}
