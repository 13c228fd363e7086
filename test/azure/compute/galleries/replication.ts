import { badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { regionKey } from '../../core/ids.ts';
import { at, list, object, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { GalleryVersion, Replica } from '../state.ts';

/** The regions that a body asks for, as the client spelled them; without any it is the version's own. */
export function targetRegions(properties: Json, location: string): readonly string[] {
  const regions = list(at(properties, 'publishingProfile', 'targetRegions')).map(
    (region) => text(object(region)['name']) ?? '',
  );
  if (regions.length === 0) return [location];
  if (new Set(regions.map(regionKey)).size < regions.length)
    throw badRequest('A region is named twice.', 'galleryImageVersion.properties.publishingProfile.targetRegions');
  return regions;
}

/** Regions that are new begin to replicate, those that are gone lose their replica. Gives the moment when all are there. */
export function replicateTo(world: World, version: GalleryVersion, regions: readonly string[]): number {
  const wanted = new Set(regions.map(regionKey));
  for (const key of version.replicas.keys()) if (!wanted.has(key)) version.replicas.delete(key);
  for (const region of regions)
    if (!version.replicas.has(regionKey(region))) version.replicas.set(regionKey(region), newReplica(world, region));
  return Math.max(...[...version.replicas.values()].map(({ endsAt }) => endsAt));
}

function newReplica(world: World, region: string): Replica {
  const startedAt = world.clock.now();
  return { region, startedAt, endsAt: startedAt + Math.round(world.settings.replicationMs * (0.5 + world.random())) };
}

/** What `$expand=ReplicationStatus` adds (azure.md §13). */
export function replicationStatus(world: World, version: GalleryVersion): Json {
  const now = world.clock.now();
  const summary = [...version.replicas.values()].map((replica) => {
    const progress = progressOf(replica, now);
    return { region: replica.region, state: progress === 100 ? 'Completed' : 'Replicating', details: '', progress };
  });
  const complete = summary.every(({ progress }) => progress === 100);
  return { aggregatedState: complete ? 'Completed' : 'InProgress', summary };
}

function progressOf({ startedAt, endsAt }: Replica, now: number): number {
  if (now >= endsAt) return 100;
  return Math.floor(((now - startedAt) / (endsAt - startedAt)) * 100);
}
