import { ArmError, notAllowed } from '../../core/arm-errors.ts';
import { keyOf } from '../../core/ids.ts';
import { at, object, text } from '../../core/json.ts';
import { later, type World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import { hasMachine, reimageMachine } from '../allocation/machines.ts';
import { replaceDisk } from '../flexible/make-parts.ts';
import { resolveImage } from '../images/resolve.ts';
import { replayRunCommands, stopRunCommands } from '../run-commands/life.ts';
import { machineSpec } from '../scale-sets/machine-spec.ts';
import { isFlexible } from '../scale-sets/mode.ts';
import { imageReferenceOf } from '../scale-sets/model.ts';
import type { Instance, Model, ResolvedImage, ScaleSet } from '../state.ts';
import { show, showEnd } from './life.ts';

/** Does the instance have the set's model, and nothing of its own beside it? Only a hint for clients (azure.md §2). */
export function hasLatestModel(world: World, set: ScaleSet, instance: Instance): boolean {
  if (instance.ownNetwork || instance.ownModel) return false;
  if (world.settings.modelsCountedByContent) return instance.model.content === set.model.content;
  return instance.model.number === set.model.number;
}

/** Applies the whole model (azure.md §2): a new image, size or OS profile replaces the OS disk, the rest does not. */
export function upgradeInstance(world: World, set: ScaleSet, instance: Instance, done: Done): void {
  const { model } = set;
  if (hasLatestModel(world, set, instance)) done();
  else if (!needsNewDisk(instance.model, model)) applyInPlace(world, instance, model, done);
  else {
    const refusal = imageUpgradeRefusal(world, set, instance);
    const image = refusal ?? attempt(() => resolveImage(world, imageReferenceOf(model.profile), set.location));
    if (image instanceof ArmError) refuse(world, instance, image, done);
    else freshDisk(world, instance, { model, image }, done);
  }
}

/** A Flexible set that cannot bring its machines onto another image says so at once (azure.md §2); code and words: own. */
export function imageUpgradeRefusal(world: World, set: ScaleSet, instance: Instance): ArmError | undefined {
  const { flexImageUpgrade } = world.settings;
  if (!isFlexible(set) || flexImageUpgrade === 'supported' || sameImage(instance.model, set.model)) return undefined;
  return notAllowed(
    flexImageUpgrade === 'featureFlag'
      ? `Upgrading the image reference of VM Scale Set '${set.name}' requires the feature 'Microsoft.Compute/ImageReferenceUpgradeForVmoVMs', which is not registered for this subscription.`
      : `Upgrading the image reference is not supported for VM Scale Set '${set.name}' with Flexible orchestration.`,
  );
}

const sameImage = (one: Model, other: Model) =>
  JSON.stringify(imageReferenceOf(one.profile)) === JSON.stringify(imageReferenceOf(other.profile));

/** Gives the OS disk back as its own model and version made it; the set's model does not matter (azure.md §2). */
export function reimageInstance(
  world: World,
  set: ScaleSet,
  instance: Instance,
  exactVersion: string | undefined,
  done: Done,
): void {
  const image = attempt(() => resolveImage(world, ownReference(instance, exactVersion), set.location));
  if (image instanceof ArmError) {
    refuse(world, instance, image, done);
    return;
  }
  const reference = { ...instance.image.reference, ...(exactVersion !== undefined && { exactVersion }) };
  freshDisk(world, instance, { model: instance.model, image: { ...image, reference } }, done);
}

function ownReference(instance: Instance, exactVersion: string | undefined) {
  const { reference } = instance.image;
  const version = exactVersion ?? text(reference['exactVersion']);
  if (version === undefined) return reference;
  const named = ['id', 'communityGalleryImageId', 'sharedGalleryImageId'].find((member) => member in reference);
  if (named === undefined) return { ...reference, version };
  return { [named]: `${String(reference[named]).replace(/\/versions\/[^/]+$/i, '')}/versions/${version}` };
}

const diskParts = (model: Model) =>
  JSON.stringify([
    model.skuName,
    imageReferenceOf(model.profile),
    at(model.profile, 'storageProfile', 'osDisk'),
    object(model.profile['osProfile']),
  ]);

const needsNewDisk = (old: Model, next: Model) => diskParts(old) !== diskParts(next);

function applyInPlace(world: World, instance: Instance, model: Model, done: Done): void {
  const { power } = instance;
  show(world, instance, { provisioningState: 'Updating' });
  later(world, world.settings.instanceWriteMs, () => {
    instance.model = model;
    Object.assign(instance, { ownNetwork: undefined, ownModel: false });
    showEnd(world, instance, undefined, power);
    done();
  });
}

interface Target {
  readonly model: Model;
  readonly image: ResolvedImage;
}

function freshDisk(world: World, instance: Instance, target: Target, done: Done): void {
  const atStart = world.settings.imageShown === 'atStart';
  if (atStart) take(world, instance, target);
  stopRunCommands(world, instance, 'Failed');
  show(world, instance, { provisioningState: 'Updating', power: 'starting' });
  reimageMachine(world, instance, machineSpec(world, instance, target.image.disk, target.model), (problem) => {
    if (!atStart) take(world, instance, target);
    showEnd(world, instance, problem, hasMachine(world, instance) ? 'running' : 'deallocated');
    if (!problem && world.compute.instances.has(keyOf(instance.id))) replayRunCommands(world, instance);
    done(problem);
  });
}

function take(world: World, instance: Instance, target: Target): void {
  Object.assign(instance, target, { ownNetwork: undefined, ownModel: false });
  if (world.settings.reimageRenamesDisk) instance.disksBefore += 1;
  replaceDisk(world, instance);
}

function attempt<Result>(work: () => Result): Result | ArmError {
  try {
    return work();
  } catch (error) {
    if (error instanceof ArmError) return error;
    throw error;
  }
}

/** The instance keeps its disk and runs on; only the attempt has failed. */
function refuse(world: World, instance: Instance, problem: ArmError, done: Done): void {
  show(world, instance, { provisioningState: 'Failed', problem: problem.envelope });
  done(problem.envelope);
}
