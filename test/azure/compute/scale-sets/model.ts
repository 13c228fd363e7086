import { notAllowed } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { at, object } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { resolveImage } from '../images/resolve.ts';
import { requireNoProfile } from '../images/specialized.ts';
import { instancesOf } from '../lookup.ts';
import type { ImageNature, Model, ScaleSet } from '../state.ts';
import { requireSameKind, requireSameNature } from './image-change.ts';

const modelLimit = 10;

/** The number of a model that is no set's: a machine that was made outside brings it along. */
export const ownModel = 0;

export const newModel = (number: number, skuName: string, profile: Json): Model => ({
  number,
  content: JSON.stringify([skuName, profile]),
  skuName,
  profile,
});

/** The model after a write: the same one when the write changes nothing that instances are made from. */
export function modelAfter(world: World, set: ScaleSet, skuName: string, profile: Json, tagsChanged: boolean): Model {
  const next = newModel(set.model.number + 1, skuName, profile);
  const same = next.content === set.model.content;
  if (same && !(tagsChanged && world.settings.tagWriteMakesModel)) return set.model;
  if (!same) requireImage(world, set, profile);
  requireRoomForModel(world, set, next);
  return next;
}

export const imageReferenceOf = (profile: Json): Json => object(at(profile, 'storageProfile', 'imageReference'));

function requireImage(world: World, set: ScaleSet, profile: Json): void {
  const [before, after] = [imageReferenceOf(set.model.profile), imageReferenceOf(profile)];
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  requireSameKind(world, before, after);
  const image = resolveImage(world, after, set.location);
  requireNoProfile(image, profile['osProfile']);
  requireSameNature(natureBefore(world, set), image.nature);
}

/** Of an instance that is there: the image that the model has named may be gone. */
const natureBefore = (world: World, set: ScaleSet): ImageNature | undefined => instancesOf(world, set)[0]?.image.nature;

/** Instances may refer to ten models at most; sentence from cluster-api-provider-azure#4958 (azure.md §2). */
function requireRoomForModel(world: World, set: ScaleSet, next: Model): void {
  const { modelsCountedByContent } = world.settings;
  const identity = (model: Model) => (modelsCountedByContent ? model.content : model.number);
  const models = instancesOf(world, set).map(({ model }) => model);
  const referenced = new Set(models.filter(({ number }) => number !== ownModel).map(identity));
  if (referenced.add(identity(next)).size <= modelLimit) return;
  throw notAllowed(
    `Virtual Machine Scale Set '${set.name}' has reached its limit of ${modelLimit} models that may be referenced by one or more VMs belonging to the Virtual Machine Scale Set. Upgrade the VMs to the latest model of the Virtual Machine Scale Set before trying again.`,
  );
}
