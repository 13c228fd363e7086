import type { GalleryImageVersion, TargetRegion } from '@azure/arm-compute';
import { isStatus } from './arm-failure.ts';
import type { Azure } from './connect.ts';
import { regionKey } from './gallery-regions.ts';
import { type ImageTraits, traitsOf } from './gallery-source.ts';
import { hasPlace } from './has-place.ts';
import { type Operation, start } from './long-running.ts';
import { notFound } from './not-found.ts';
import { readFailure, textIn } from './read-failure.ts';
import { formatImageVersionId, type ImageVersionId } from './resource-id.ts';

/** A gallery version as far as publishing looks at it. */
export interface GalleryVersion {
  readonly id: string;
  /** Creating, Updating, Succeeded, Failed, Deleting, …: Azure's word. */
  readonly state: string;
  /** What it was made of; empty when Azure does not say. */
  readonly sourceId: string;
  readonly regions: readonly TargetRegion[];
  readonly excludeFromLatest: boolean;
  readonly replicas: readonly Replica[];
  /** As Azure sent it, for a write that changes one thing and leaves the rest. */
  readonly raw: GalleryImageVersion;
}

/** How far one region has come. */
export interface Replica {
  readonly region: string;
  /** Unknown, Replicating, Completed or Failed. */
  readonly state: string;
  readonly percent: number;
  readonly details: string;
}

/** A missing gallery is told apart from a missing definition: Azure's own sentence names neither well. */
export async function requireGallery(azure: Azure, { group, gallery }: ImageVersionId): Promise<void> {
  try {
    hasPlace(await azure.compute.galleries.get(group, gallery), `gallery ${gallery}`);
  } catch (error) {
    const what = `gallery in resource group ${group}`;
    const missing = notFound(error, { code: 'GalleryNotFound', input: 'galleryName', value: gallery, what, group });
    throw missing ?? readFailure(error, `Reading gallery ${gallery} in resource group ${group}`);
  }
}

/** What the image definition demands; it must exist. */
export async function readDefinition(
  azure: Azure,
  { group, gallery, definition }: ImageVersionId,
): Promise<ImageTraits> {
  try {
    const found = await azure.compute.galleryImages.get(group, gallery, definition);
    return traitsOf(hasPlace(found, `image definition ${definition}`));
  } catch (error) {
    const what = `image definition in gallery ${gallery}`;
    const sought = { input: 'imageDefinitionName', value: definition, what, group };
    const missing = notFound(error, { code: 'ImageDefinitionNotFound', ...sought });
    throw missing ?? readFailure(error, `Reading image definition ${definition} of gallery ${gallery}`);
  }
}

/** The version with its replication status, or undefined when there is none. */
export async function readVersion(azure: Azure, id: ImageVersionId): Promise<GalleryVersion | undefined> {
  const { group, gallery, definition, version } = id;
  try {
    const found = await azure.compute.galleryImageVersions.get(group, gallery, definition, version, {
      expand: 'ReplicationStatus',
    });
    return toVersion(found, formatImageVersionId(id));
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw readFailure(error, `Reading version ${version} of ${gallery}/${definition}`);
  }
}

function toVersion(raw: GalleryImageVersion, askedId: string): GalleryVersion {
  const { storageProfile, publishingProfile, replicationStatus } = raw;
  const { source } = storageProfile ?? {};
  return {
    id: textIn(raw.id) ?? askedId,
    state: textIn(raw.provisioningState) ?? 'Succeeded', // missing means done (azure.md §5)
    sourceId: textIn(source?.id ?? source?.virtualMachineId ?? source?.communityGalleryImageId) ?? '',
    regions: (publishingProfile?.targetRegions ?? []).map(withName),
    excludeFromLatest: publishingProfile?.excludeFromLatest === true,
    replicas: (replicationStatus?.summary ?? []).map(
      ({ region = '', state = 'Unknown', progress = 0, details = '' }) => ({
        region: regionKey(region),
        state,
        percent: state === 'Completed' ? 100 : progress,
        details,
      }),
    ),
    raw,
  };
}

function withName(region: TargetRegion): TargetRegion {
  if (textIn(region.name) === undefined) throw new TypeError('a target region has no name');
  return region;
}

export interface NewVersion {
  readonly location: string;
  readonly sourceId: string;
  readonly regions: readonly TargetRegion[];
  readonly excludeFromLatest: boolean;
}

/** Never lets Azure drop a replica, even if a region were missing in the write (Gallery REST, safetyProfile). */
const keepReplicas = { allowDeletionOfReplicatedLocations: false };

/** Starts a version; returns when Azure has accepted it. Replication goes on behind. */
export function createVersion(
  azure: Azure,
  id: ImageVersionId,
  wanted: NewVersion,
  stopWatching: AbortSignal,
): Promise<Operation<unknown>> {
  const { location, sourceId, regions, excludeFromLatest } = wanted;
  const body: GalleryImageVersion = {
    location,
    publishingProfile: { targetRegions: [...regions], excludeFromLatest },
    storageProfile: { source: { id: sourceId } },
    safetyProfile: keepReplicas,
  };
  const poller = azure.compute.galleryImageVersions.createOrUpdate(
    id.group,
    id.gallery,
    id.definition,
    id.version,
    body,
  );
  return start(poller, `Publishing version ${id.version} of ${id.gallery}/${id.definition}`, stopWatching);
}

/** Gives a version other regions; everything else in its profile stays as it was read. */
export function updateRegions(
  azure: Azure,
  id: ImageVersionId,
  seen: GalleryVersion,
  regions: readonly TargetRegion[],
  stopWatching: AbortSignal,
): Promise<Operation<unknown>> {
  const { publishedDate: _readOnly, ...profile } = seen.raw.publishingProfile ?? {};
  const body = {
    publishingProfile: { ...profile, targetRegions: [...regions] },
    storageProfile: { source: { id: seen.sourceId } },
    safetyProfile: keepReplicas,
  };
  const poller = azure.compute.galleryImageVersions.update(id.group, id.gallery, id.definition, id.version, body);
  return start(poller, `Adding regions to version ${id.version} of ${id.gallery}/${id.definition}`, stopWatching);
}
