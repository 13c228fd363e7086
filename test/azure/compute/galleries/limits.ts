import { badRequest, notAllowed } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf, regionKey, subscriptionOfId } from '../../core/ids.ts';
import { at, list, number, object, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { Resource } from '../state.ts';

/** What a subscription may have in one region (shared-image-galleries, limits; sentence: own). */
export function requireRoom(
  world: World,
  kind: 'galleries' | 'definitions' | 'versions',
  { id, location }: Pick<Resource, 'id' | 'location'>,
): void {
  const { galleryLimit, galleryDefinitionLimit, galleryVersionLimit } = world.settings;
  const limit = { galleries: galleryLimit, definitions: galleryDefinitionLimit, versions: galleryVersionLimit }[kind];
  const all: readonly Pick<Resource, 'id' | 'location'>[] = [...world.compute[kind].values()];
  const here = all.filter(
    (other) =>
      keyOf(subscriptionOfId(other.id)) === keyOf(subscriptionOfId(id)) &&
      regionKey(other.location) === regionKey(location),
  );
  if (here.length >= limit)
    throw notAllowed(`The limit of ${limit} ${kind} a subscription has been reached in region ${location}.`);
}

const target = 'galleryImageVersion.properties.publishingProfile.targetRegions';

/** Each region has 1 to 100 replicas, all of them together no more (troubleshooting-shared-images; azure.md §13). */
export function requireReplicas(world: World, properties: Json): void {
  const { galleryReplicaLimit } = world.settings;
  const profile = object(properties['publishingProfile']);
  const regions = list(profile['targetRegions']).map(object);
  const usual = number(profile['replicaCount']) ?? 1;
  const counts =
    regions.length === 0 ? [usual] : regions.map((region) => number(region['regionalReplicaCount']) ?? usual);
  const wrong = [...counts, counts.reduce((sum, count) => sum + count, 0)].find(
    (count) => !Number.isInteger(count) || count < 1 || count > galleryReplicaLimit,
  );
  if (wrong !== undefined)
    throw badRequest(
      `The value ${wrong} of parameter ${target}.regionalReplicaCount is out of range. The value must be between 1 and ${galleryReplicaLimit}, inclusive.`,
      `${target}.regionalReplicaCount`,
    );
}

/** A shallow version is not copied: only its own region, one replica (a switch: `shallowRegions`). */
export function requireShallow(world: World, properties: Json, location: string): void {
  const profile = object(properties['publishingProfile']);
  if (profile['replicationMode'] !== 'Shallow' || world.settings.shallowRegions === 'any') return;
  const regions = list(profile['targetRegions']).map(object);
  const isOwn = regions.every(
    (region) =>
      regionKey(text(region['name']) ?? '') === regionKey(location) &&
      (number(region['regionalReplicaCount']) ?? 1) === 1,
  );
  if (isOwn && (number(profile['replicaCount']) ?? 1) === 1) return;
  throw badRequest('A version of replication mode Shallow has one replica, in its own region.', target);
}

/** Each region once, the version's own among them (troubleshooting-shared-images). */
export function requireRegions(properties: Json, location: string): void {
  const names = list(at(properties, 'publishingProfile', 'targetRegions')).map(
    (region) => text(at(region, 'name')) ?? '',
  );
  if (names.length === 0) return;
  if (new Set(names.map(regionKey)).size < names.length)
    throw badRequest('Duplicate regions are not allowed in target publishing regions.', target);
  if (!names.some((name) => regionKey(name) === regionKey(location)))
    throw badRequest(
      `Gallery image version publishing profile regions ${names.join(', ')} must contain the location of image version ${location}`,
      target,
    );
}
