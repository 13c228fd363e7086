import { badRequest } from '../../core/arm-errors.ts';
import { type Answer, type Json, ok, type Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, merge, object, tagsOf, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { computeId } from '../compute-id.ts';
import { find, parentNotFound, requireGroup } from '../lookup.ts';
import type { ImageDefinition } from '../state.ts';
import { refuseNested } from './gallery.ts';
import { requireRoom } from './limits.ts';
import { deleteLater, writeLater } from './operation.ts';
import { requireUnchanged } from './unchangeable.ts';

const segments = ({ params }: Request) => ['galleries', params['gallery'] ?? '', 'images', params['image'] ?? ''];

export const definitionKey = (request: Request): string => keyOf(computeId(request, ...segments(request)));

const findDefinition = (world: World, request: Request): ImageDefinition =>
  find(world, request, world.compute.definitions, 'galleries/images', ...segments(request));

/** `PUT {definition}`: what an image must be like to be a version of it. */
export function putDefinition(world: World, request: Request): Answer {
  requireGroup(world, request);
  const galleryId = computeId(request, 'galleries', request.params['gallery'] ?? '');
  if (!world.compute.galleries.has(keyOf(galleryId))) throw parentNotFound(request.params['gallery'] ?? '');
  const present = world.compute.definitions.get(definitionKey(request));
  return present ? changeDefinition(world, request, present) : createDefinition(world, request);
}

/** `PATCH {definition}` */
export const patchDefinition = (world: World, request: Request): Answer =>
  changeDefinition(world, request, findDefinition(world, request));

/** What an image is may not change under its versions; features may, when it is said (azure.md §13; spec allowUpdateImage). */
function changeDefinition(world: World, request: Request, definition: ImageDefinition): Answer {
  const change = object(request.json['properties']);
  const properties = merge(definition.properties, change);
  for (const member of ['osType', 'osState', 'hyperVGeneration', 'architecture', 'identifier'])
    requireUnchanged(`galleryImage.properties.${member}`, definition.properties[member], properties[member]);
  if (change['allowUpdateImage'] !== true)
    requireUnchanged('galleryImage.properties.features', definition.properties['features'], properties['features']);
  definition.properties = properties;
  if (request.json['tags']) definition.tags = tagsOf(request.json['tags']);
  return writeLater(world, request, definition, 'Updating', () => definitionBody(definition));
}

function createDefinition(world: World, request: Request): Answer {
  const properties = { ...defaults(request.apiVersion), ...object(request.json['properties']) };
  requireMembers(properties);
  const id = computeId(request, ...segments(request));
  requireOwnIdentifier(world, id, object(properties['identifier']));
  const location = text(request.json['location']) ?? '';
  requireRoom(world, 'definitions', { id, location });
  const definition: ImageDefinition = {
    id,
    name: request.params['image'] ?? '',
    location,
    tags: tagsOf(request.json['tags']),
    properties,
  };
  world.compute.definitions.set(keyOf(id), definition);
  return writeLater(world, request, definition, 'Creating', () => definitionBody(definition));
}

/** From 2025-03-03 on a definition is V2 and supports trusted launch unless told otherwise (azure.md §13). */
function defaults(apiVersion: string): Json {
  if (apiVersion < '2025-03-03') return { hyperVGeneration: 'V1', architecture: 'x64' };
  return {
    hyperVGeneration: 'V2',
    architecture: 'x64',
    features: [{ name: 'SecurityType', value: 'TrustedLaunchSupported' }],
  };
}

function requireMembers(properties: Json): void {
  const missing = ['osType', 'osState', 'identifier'].find((member) => properties[member] === undefined);
  if (missing)
    throw badRequest(
      `Required parameter 'galleryImage.properties.${missing}' is missing (null).`,
      `galleryImage.properties.${missing}`,
    );
}

const identity = (identifier: Json) =>
  ['publisher', 'offer', 'sku'].map((member) => String(identifier[member]).toLowerCase()).join('/');

/** Publisher, offer and SKU together are unique in a gallery (azure.md §13). */
function requireOwnIdentifier(world: World, id: string, identifier: Json): void {
  const siblings = `${keyOf(id.slice(0, id.lastIndexOf('/')))}/`;
  const taken = [...world.compute.definitions].some(
    ([key, other]) =>
      key.startsWith(siblings) && identity(object(at(other.properties, 'identifier'))) === identity(identifier),
  );
  if (taken)
    throw badRequest(
      'The identifier is in use by another image definition of this gallery.',
      'galleryImage.properties.identifier',
    );
}

export const getDefinition = (world: World, request: Request): Answer =>
  ok(definitionBody(findDefinition(world, request)));

export function listDefinitions(world: World, request: Request): Answer {
  requireGroup(world, request);
  const prefix = keyOf(computeId(request, 'galleries', request.params['gallery'] ?? '', 'images', ''));
  const found = [...world.compute.definitions].filter(([key]) => key.startsWith(prefix));
  return ok({ value: found.map(([, definition]) => definitionBody(definition)) });
}

export function deleteDefinition(world: World, request: Request): Answer {
  requireGroup(world, request);
  refuseNested(world.compute.versions, definitionKey(request));
  return deleteLater(world, request, world.compute.definitions, definitionKey(request));
}

const definitionBody = (definition: ImageDefinition): Json => ({
  id: definition.id,
  name: definition.name,
  type: 'Microsoft.Compute/galleries/images',
  location: definition.location,
  tags: definition.tags,
  properties: { ...definition.properties, provisioningState: definition.state ?? 'Succeeded' },
});
