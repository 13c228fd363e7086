import { notAllowed } from '../../core/arm-errors.ts';
import { type Answer, type Json, noContent, ok, type Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, object, tagsOf, text } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import { computeId } from '../compute-id.ts';
import { find, parentNotFound, requireGroup } from '../lookup.ts';
import type { GalleryVersion, ImageDefinition } from '../state.ts';
import { definitionKey } from './definition.ts';
import { requireRegions, requireReplicas, requireRoom, requireShallow } from './limits.ts';
import { capsOperation } from './operation.ts';
import { replicate } from './publish.ts';
import { matchingSource } from './source.ts';
import { requireSource } from './source-reference.ts';
import { requireStorageTypes } from './storage-type.ts';
import { versionBody } from './version-body.ts';
import { changeVersion } from './version-change.ts';
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
