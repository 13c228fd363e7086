import type { Json, Request } from '../../core/http.ts';
import { at, object } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { GalleryVersion } from '../state.ts';
import { replicationStatus } from './replication.ts';

/** A version as its REST page shows it, in the shape of the caller's api-version. */
export function versionBody(world: World, version: GalleryVersion, request: Request): Json {
  const { publishingProfile, storageProfile, ...others } = version.properties;
  const { source: _, ...publishing } = object(publishingProfile);
  const expands = request.url.searchParams.get('$expand')?.toLowerCase() === 'replicationstatus';
  return {
    id: version.id,
    name: version.name,
    type: 'Microsoft.Compute/galleries/images/versions',
    location: version.location,
    tags: version.tags,
    properties: {
      ...others,
      publishingProfile: {
        excludeFromLatest: false,
        replicaCount: 1,
        ...publishing,
        // where versions before 2019-07-01 have it, as the documents of 2019-03-01 show
        ...(request.apiVersion <= '2019-03-01' && { source: { managedImage: { id: version.sourceId } } }),
        publishedDate: new Date(version.publishedAt).toISOString(),
      },
      storageProfile: {
        ...(!isOfDisk(version) && { source: { id: version.sourceId } }),
        ...object(storageProfile),
        osDiskImage: { sizeInGB: 30, hostCaching: 'ReadWrite', ...object(at(storageProfile, 'osDiskImage')) },
      },
      provisioningState: version.provisioningState,
      ...(expands && { replicationStatus: replicationStatus(world, version) }),
    },
  };
}

/** A version of a disk, a snapshot or a blob names it at its OS disk alone. */
const isOfDisk = ({ sourceId }: GalleryVersion): boolean => /\/(disks|snapshots)\/|^https?:/i.test(sourceId);
