import { ArmError, conflict, notAllowed } from '../../core/arm-errors.ts';
import { type Answer, type Json, noContent, ok, type Request } from '../../core/http.ts';
import { keyOf, regionKey } from '../../core/ids.ts';
import { at, list, merge, object, tagsOf, text } from '../../core/json.ts';
import { accept, type Completion } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import { computeId } from '../compute-id.ts';
import { find, parentNotFound, requireGroup } from '../lookup.ts';
import type { GalleryVersion, ImageDefinition, Replica } from '../state.ts';
import { definitionKey } from './definition.ts';
import { requireRegions, requireReplicas, requireRoom, requireShallow } from './limits.ts';
import { capsOperation } from './operation.ts';
import { failedReplicas, replicateTo, replicationStatus, targetRegions } from './replication.ts';
import { matchingSource, requireSource, type Source, sourceReference } from './source.ts';
import { requireStorageTypes } from './storage-type.ts';
import { changeNotAllowed } from './unchangeable.ts';
import { requireVersionName } from './version-name.ts';

const segments = ({ params }: Request) => [
  'galleries',
  params['gallery'] ?? '',
  'images',
  params['image'] ?? '',
  'versions',
  params['version'] ?? '',
];

const findVersion = (world: World, request: Request): GalleryVersion =>
  find(world, request, world.compute.versions, 'galleries/images/versions', ...segments(request));

/** `PUT {version}`: the operation ends when every target region has it (azure.md §13). */
export function putVersion(world: World, request: Request): Answer {
  requireGroup(world, request);
  const definition = world.compute.definitions.get(definitionKey(request));
  if (!definition) throw parentNotFound(`${request.params['gallery']}/${request.params['image']}`);
  requireVersionName(request.params['version'] ?? '');
  requireProfile(world, object(request.json['properties']));
  const present = world.compute.versions.get(keyOf(computeId(request, ...segments(request))));
  if (!present) return createVersion(world, request, definition);
  if (world.settings.galleryVersionPutTwice === 'refused')
    throw notAllowed(`The gallery image version '${present.id}' exists already.`);
  return changeVersion(world, request, present);
}

function createVersion(world: World, request: Request, definition: ImageDefinition): Answer {
  const properties = object(request.json['properties']);
  const location = text(request.json['location']) ?? definition.location;
  const reference = requireSource(properties, request.apiVersion);
  requireRegions(properties, location);
  requireShallow(world, properties, location);
  const source = matchingSource(world, definition, reference, properties, location);
  const id = computeId(request, ...segments(request));
  requireRoom(world, 'versions', { id, location });
  const version: GalleryVersion = {
    id,
    name: request.params['version'] ?? '',
    location,
    tags: tagsOf(request.json['tags']),
    properties,
    provisioningState: 'Creating',
    publishedAt: world.clock.now(),
    sourceId: reference.id,
    disk: undefined,
    replicas: new Map(),
  };
  world.compute.versions.set(keyOf(version.id), version);
  return replicate(world, request, version, { status: 201, read: source.read });
}

/** What may be wrong with a publishing profile by itself. */
function requireProfile(world: World, properties: Json): void {
  requireStorageTypes(properties);
  requireReplicas(world, properties);
}

/** `PATCH {version}`: target regions, exclusion, end of life and tags. */
export function patchVersion(world: World, request: Request): Answer {
  requireProfile(world, object(request.json['properties']));
  return changeVersion(world, request, findVersion(world, request));
}

function changeVersion(world: World, request: Request, version: GalleryVersion): Answer {
  if (version.provisioningState !== 'Succeeded' && version.provisioningState !== 'Failed') throw conflict();
  const change = object(request.json['properties']);
  const refusal = refusalOf(version, change);
  if (refusal) return failLater(world, request, version, refusal);
  const properties = merge(version.properties, change);
  requireRegions(properties, version.location);
  requireShallow(world, properties, version.location);
  requireMayRemove(version, targetRegions(properties, version.location));
  version.properties = properties;
  if (request.json['tags']) version.tags = tagsOf(request.json['tags']);
  version.provisioningState = 'Updating';
  return replicate(world, request, version, { status: 200 });
}

/** Source, replication mode and a region's storage type stay what they are (azure.md §13). */
function refusalOf(version: GalleryVersion, change: Json): ArmError | undefined {
  const source = sourceReference(change);
  if (source && keyOf(source.id) !== keyOf(version.sourceId)) return changeNotAllowed(source.property);
  const mode = text(at(change, 'publishingProfile', 'replicationMode'));
  if (mode !== undefined && mode !== (text(at(version.properties, 'publishingProfile', 'replicationMode')) ?? 'Full'))
    return changeNotAllowed('galleryImageVersion.properties.publishingProfile.replicationMode');
  const types = storageTypes(version.properties);
  const changed = [...storageTypes(change)].some(([region, type]) => types.has(region) && types.get(region) !== type);
  return changed
    ? changeNotAllowed('galleryImageVersion.properties.publishingProfile.targetRegions.storageAccountType')
    : undefined;
}

const storageTypes = (properties: Json): ReadonlyMap<string, string> =>
  new Map(
    list(at(properties, 'publishingProfile', 'targetRegions'))
      .map(object)
      .map((region) => [regionKey(String(region['name'])), text(region['storageAccountType']) ?? 'Standard_LRS']),
  );

/** The refusal comes with the operation, not with the first answer: packer#9716 shows no HTTP status beside it. */
const failLater = (world: World, request: Request, version: GalleryVersion, refusal: ArmError): Answer =>
  accept(world, request, {
    status: 200,
    ...capsOperation(request, version.location),
    body: versionBody(world, version, request),
    work: (completion) => later(world, world.settings.setWriteMs, () => completion.fail(refusal)),
  });

function requireMayRemove(version: GalleryVersion, regions: readonly string[]): void {
  const wanted = new Set(regions.map(regionKey));
  const lost = [...version.replicas.values()].find(({ region }) => !wanted.has(regionKey(region)));
  if (!lost || at(version.properties, 'safetyProfile', 'allowDeletionOfReplicatedLocations') !== false) return;
  throw notAllowed(
    `The gallery image version '${version.id}' may not be removed from region ${lost.region}: its safety profile does not allow it.`,
  );
}

interface Replication {
  readonly status: 200 | 201;
  /** How to get the source's disk; without it the version has it. */
  readonly read?: Source['read'];
}

const replicate = (world: World, request: Request, version: GalleryVersion, { status, read }: Replication): Answer =>
  accept(world, request, {
    status,
    ...capsOperation(request, version.location),
    body: versionBody(world, version, request),
    work(completion) {
      const spread = () => spreadOut(world, request, version, completion);
      if (!read) return spread();
      return read((disk, problem) => {
        if (problem) return fail(version, completion, new ArmError(409, problem.code, problem.message));
        version.disk = disk;
        return spread();
      });
    },
  });

/** The operation ends when every region has ended; one that has failed fails the version (azure.md §13). */
function spreadOut(world: World, request: Request, version: GalleryVersion, completion: Completion): void {
  const endsAt = replicateTo(world, version, targetRegions(version.properties, version.location));
  const leastMs = world.settings.instanceWriteMs;
  later(world, Math.max(endsAt - world.clock.now(), leastMs), () => {
    const failed = failedReplicas(version);
    if (failed.length > 0) return fail(version, completion, replicationFailed(version, failed));
    version.provisioningState = 'Succeeded';
    return completion.succeed(versionBody(world, version, request));
  });
}

function fail(version: GalleryVersion, completion: Completion, error: ArmError): void {
  version.provisioningState = 'Failed';
  completion.fail(error);
}

/** Code and sentence are ours: nothing published shows them. */
const replicationFailed = (version: GalleryVersion, failed: readonly Replica[]) =>
  new ArmError(
    409,
    'GalleryImageVersionReplicationFailed',
    `The gallery image version '${version.id}' was not replicated to ${failed.map(({ region }) => region).join(', ')}.`,
    {
      details: failed.map(({ region, problem = '' }) => ({
        code: 'ReplicationFailed',
        message: problem,
        target: region,
      })),
    },
  );

export const getVersion = (world: World, request: Request): Answer =>
  ok(versionBody(world, findVersion(world, request), request));

export function listVersions(world: World, request: Request): Answer {
  requireGroup(world, request);
  const prefix = `${definitionKey(request)}/versions/`;
  const found = [...world.compute.versions].filter(([key]) => key.startsWith(prefix));
  return ok({ value: found.map(([, version]) => versionBody(world, version, request)) });
}

/** Machines that run it run on; scale-out and reimage from it fail from now on (azure.md §13). */
export function deleteVersion(world: World, request: Request): Answer {
  requireGroup(world, request);
  const version = world.compute.versions.get(keyOf(computeId(request, ...segments(request))));
  if (!version) return noContent();
  requireMayEnd(world, version);
  version.provisioningState = 'Deleting';
  return accept(world, request, {
    status: 202,
    ...capsOperation(request, version.location),
    work: (completion) =>
      later(world, world.settings.setWriteMs, () => {
        world.compute.versions.delete(keyOf(version.id));
        completion.succeed();
      }),
  });
}

function requireMayEnd(world: World, version: GalleryVersion): void {
  const endOfLife = text(at(version.properties, 'publishingProfile', 'endOfLifeDate'));
  const blocked = at(version.properties, 'safetyProfile', 'blockDeletionBeforeEndOfLife') === true;
  if (!blocked || endOfLife === undefined || Date.parse(endOfLife) <= world.clock.now()) return;
  throw notAllowed(
    `The gallery image version '${version.id}' may not be deleted before its end of life, ${endOfLife}.`,
  );
}

function versionBody(world: World, version: GalleryVersion, request: Request): Json {
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
