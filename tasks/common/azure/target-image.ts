import { Failure } from '../failure.ts';
import { armFailure, isStatus } from './arm-failure.ts';
import type { Azure } from './connect.ts';
import { imageVersionId } from './resource-id.ts';
import type { ScaleSetModel } from './scale-set.ts';

/** Refuses a gallery version that this set could not start nodes from, before anything is written. */
export async function assertImageUsable(
  azure: Azure,
  imageId: string,
  model: Pick<ScaleSetModel, 'location' | 'osType'>,
): Promise<void> {
  const id = imageVersionId(imageId);
  const gallery = azure.inSubscription(id.subscription);
  const version = await read(imageId, () =>
    gallery.galleryImageVersions.get(id.group, id.gallery, id.definition, id.version, { expand: 'ReplicationStatus' }),
  );
  const region = compact(model.location);
  const status = version.replicationStatus?.summary?.find((entry) => compact(entry.region ?? '') === region);
  if (status?.state !== 'Completed') throw notReplicated(imageId, model.location, status?.state);
  const definition = await read(imageId, () => gallery.galleryImages.get(id.group, id.gallery, id.definition));
  if (definition.osType !== undefined && definition.osType !== model.osType)
    throw otherSystem(imageId, definition.osType, model.osType);
}

async function read<T>(imageId: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isStatus(error, 404)) throw armFailure(error, `Reading image version ${imageId}`);
    throw new Failure(
      'ImageVersionNotFound',
      `Image version ${imageId} does not exist`,
      'Check the id; PublishGalleryVersion gives it as its output imageVersionId.',
      { cause: error },
    );
  }
}

/** `Korea Central` and `koreacentral` are one region. */
const compact = (region: string) => region.replaceAll(' ', '').toLowerCase();

const notReplicated = (imageId: string, location: string, state: string | undefined) =>
  new Failure(
    'ImageVersionNotInRegion',
    `Image version ${imageId} is not replicated to ${location}, where the scale set is${state ? ` (replication: ${state})` : ''}`,
    `Add ${location} to targetRegions of PublishGalleryVersion and wait until it has finished.`,
  );

const otherSystem = (imageId: string, image: string, set: string) =>
  new Failure(
    'ImageOsMismatch',
    `Image version ${imageId} is a ${image} image, the scale set runs ${set}`,
    'Choose an image of the same operating system.',
  );
