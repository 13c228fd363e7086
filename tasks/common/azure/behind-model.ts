import { sameImage } from '../rollout/node.ts';
import type { Azure } from './connect.ts';
import { readFailure, textIn } from './read-failure.ts';
import { imageVersionId } from './resource-id.ts';
import type { ScaleSetModel, ScaleSetRef } from './scale-set.ts';

/** Nodes, by name, that Azure would roll if it were let: it looks at models, not at images (upgrade policy page). */
export interface BehindModel {
  /** They run another image than the model names. */
  readonly byImage: readonly string[];
  /** They run that image, but from an earlier model: Azure says of them that the latest is not applied. */
  readonly byModel: readonly string[];
}

export async function nodesBehind(azure: Azure, set: ScaleSetRef, { image }: ScaleSetModel): Promise<BehindModel> {
  const byImage: string[] = [];
  const byModel: string[] = [];
  try {
    for await (const vm of azure.compute.virtualMachineScaleSetVMs.list(set.resourceGroup, set.name)) {
      const name = textIn(vm.name) ?? textIn(vm.instanceId) ?? '';
      if (!sameImage(textIn(vm.storageProfile?.imageReference?.id) ?? '', image)) byImage.push(name);
      else if (vm.latestModelApplied !== true) byModel.push(name);
    }
  } catch (error) {
    throw readFailure(error, `Listing the instances of scale set ${set.name}`);
  }
  return { byImage, byModel };
}

/**
 * A version of the same definition that `latest` would mean and that is newer than this one; undefined when there is none.
 * Automatic OS upgrades bring nodes onto it. That they leave a set alone whose model names a version is not proven
 * (azure.md §11), so they are given back only where both come to the same.
 */
export async function newerVersion(azure: Azure, imageId: string): Promise<string | undefined> {
  const { subscription, group, gallery, definition, version } = imageVersionId(imageId);
  const { galleryImageVersions } = azure.inSubscription(subscription);
  try {
    for await (const other of galleryImageVersions.listByGalleryImage(group, gallery, definition)) {
      const name = textIn(other.name) ?? '';
      if (other.publishingProfile?.excludeFromLatest !== true && isNewer(name, version)) return name;
    }
    return undefined;
  } catch (error) {
    throw readFailure(error, `Listing the versions of image definition ${definition}`);
  }
}

/** `1.10.0` is newer than `1.9.7`. */
function isNewer(one: string, other: string): boolean {
  const [parts, others] = [one, other].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const index = parts.findIndex((part, at) => part !== others[at]);
  return index >= 0 && (parts[index] ?? 0) > (others[index] ?? 0);
}
