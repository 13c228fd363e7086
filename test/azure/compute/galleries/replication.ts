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
  return regions.length === 0 ? [location] : regions;
}

/**
 * Regions that are new begin to replicate, and those in which it has failed begin anew; those that are gone lose their
 * replica. Gives the moment when all have ended.
 */
export function replicateTo(world: World, version: GalleryVersion, regions: readonly string[]): number {
  const wanted = new Set(regions.map(regionKey));
  for (const key of version.replicas.keys()) if (!wanted.has(key)) version.replicas.delete(key);
  for (const region of regions) {
    const known = version.replicas.get(regionKey(region));
    if (!known || known.problem !== undefined)
      version.replicas.set(regionKey(region), newReplica(world, version, region));
  }
  return Math.max(...[...version.replicas.values()].map(({ endsAt }) => endsAt));
}

/** A shallow version is there at once: nothing is copied. */
function newReplica(world: World, { properties }: GalleryVersion, region: string): Replica {
  const isShallow = at(properties, 'publishingProfile', 'replicationMode') === 'Shallow';
  const { replicationMs, instanceWriteMs } = world.settings;
  const ms = isShallow ? instanceWriteMs : Math.round(replicationMs * (0.5 + world.random()));
  const startedAt = world.clock.now();
  return { region, startedAt, endsAt: startedAt + ms, problem: world.compute.failingRegions.get(regionKey(region)) };
}

/** Replication into a region fails from now on; without details it works again. */
export function failReplication(world: World, region: string, details?: string): void {
  if (details === undefined) world.compute.failingRegions.delete(regionKey(region));
  else world.compute.failingRegions.set(regionKey(region), details);
}

export const failedReplicas = (version: GalleryVersion): readonly Replica[] =>
  [...version.replicas.values()].filter(({ problem }) => problem !== undefined);

/** What `$expand=ReplicationStatus` adds (azure.md §13). */
export function replicationStatus(world: World, version: GalleryVersion): Json {
  const summary = [...version.replicas.values()].map((replica) => statusOf(replica, world.clock.now()));
  return { aggregatedState: aggregate(summary.map(({ state }) => state)), summary };
}

function statusOf({ region, startedAt, endsAt, problem }: Replica, now: number) {
  const progress = now >= endsAt ? 100 : Math.floor(((now - startedAt) / (endsAt - startedAt)) * 100);
  if (problem !== undefined && now >= endsAt) return { region, state: 'Failed', details: problem, progress: 0 };
  return { region, state: progress === 100 ? 'Completed' : 'Replicating', details: '', progress };
}

/** Before the source has been read nothing is known. */
function aggregate(states: readonly string[]): string {
  if (states.length === 0) return 'Unknown';
  if (states.includes('Replicating')) return 'InProgress';
  return states.includes('Failed') ? 'Failed' : 'Completed';
}
