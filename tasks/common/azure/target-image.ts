import { Failure } from '../failure.ts';
import type { Azure } from './connect.ts';
import { regionKey } from './gallery-regions.ts';
import { hasPlace } from './has-place.ts';
import { notFound } from './not-found.ts';
import { readFailure, textIn } from './read-failure.ts';
import { imageVersionId } from './resource-id.ts';
import type { ScaleSetModel } from './scale-set.ts';

/**
 * Refuses a gallery version that this set could not start nodes from, before anything is written. `input` is where its id
 * was typed, if anybody did.
 */
export async function assertImageUsable(
  azure: Azure,
  imageId: string,
  model: Pick<ScaleSetModel, 'location' | 'osType'>,
  input?: string,
): Promise<void> {
  const id = imageVersionId(imageId);
  const name = input === undefined ? `Image version ${imageId}` : `Input "${input}" is "${imageId}", which`;
  const gallery = azure.inSubscription(id.subscription);
  const version = await read(imageId, input, () =>
    gallery.galleryImageVersions.get(id.group, id.gallery, id.definition, id.version, { expand: 'ReplicationStatus' }),
  );
  const { provisioningState: state = 'Succeeded' } = version; // missing means done (azure.md §5)
  if (unusable.has(state)) throw notReady(name, state);
  const region = regionKey(model.location);
  const status = version.replicationStatus?.summary?.find((entry) => regionKey(textIn(entry.region) ?? '') === region);
  if (status?.state !== 'Completed') throw notReplicated(name, model.location, status?.state);
  const definition = await read(imageId, input, () => gallery.galleryImages.get(id.group, id.gallery, id.definition));
  if (definition.osType !== undefined && definition.osType !== model.osType)
    throw otherSystem(name, definition.osType, model.osType);
}

async function read<T extends { readonly location?: string }>(
  imageId: string,
  input: string | undefined,
  call: () => Promise<T>,
): Promise<T> {
  const attempted = `Reading image version ${imageId}`;
  try {
    return hasPlace(await call(), `image version ${imageId}`);
  } catch (error) {
    const sought = { code: 'ImageVersionNotFound', input: input ?? '', value: imageId, what: 'image version' } as const;
    const missing = notFound(error, sought);
    if (missing && input !== undefined) throw missing;
    throw missing?.code === 'ImageVersionNotFound' ? gone(imageId, error) : readFailure(error, attempted);
  }
}

const gone = (imageId: string, cause: unknown) =>
  new Failure(
    'ImageVersionNotFound',
    `Image version ${imageId} does not exist`,
    'The scale set or its rollout record names it, and somebody has deleted it: publish it again, or choose another way.',
    { cause },
  );

/** Updating is no hindrance: regions are added to a version that nodes run. */
const unusable = new Set(['Creating', 'Deleting', 'Failed', 'Canceled']);

const notReady = (name: string, state: string) =>
  new Failure(
    'ImageVersionNotReady',
    `${name} is ${state}: no node could be made of it now`,
    state === 'Creating' ? 'Wait until it has been published.' : 'Publish the image under a new number.',
  );

const notReplicated = (name: string, location: string, state: string | undefined) =>
  new Failure(
    'ImageVersionNotInRegion',
    `${name} is not replicated to ${location}, where the scale set is${state ? ` (replication: ${state})` : ''}`,
    `Add ${location} to targetRegions of PublishGalleryVersion and wait until it has finished.`,
  );

const otherSystem = (name: string, image: string, set: string) =>
  new Failure(
    'ImageOsMismatch',
    `${name} is a ${image} image, but the scale set runs ${set}`,
    'Choose an image of the same operating system.',
  );
