import type { TargetRegion } from '@azure/arm-compute';
import type { GalleryVersion, Replica } from '../common/azure/gallery.ts';
import { mergeRegions, regionKey, targetRegion, type WantedRegion } from '../common/azure/gallery-regions.ts';
import { sameId } from '../common/azure/resource-id.ts';
import { Failure } from '../common/failure.ts';

export interface Wanted {
  readonly sourceId: string;
  readonly regions: readonly WantedRegion[];
}

export type PublishStep =
  | { readonly kind: 'create'; readonly regions: readonly TargetRegion[] }
  | { readonly kind: 'addRegions'; readonly regions: readonly TargetRegion[]; readonly changes: readonly string[] }
  | { readonly kind: 'wait'; readonly missing: readonly Replica[] }
  | { readonly kind: 'done' };

/** Decides what to do next from the version as it is now; the version is the state, so running again goes on. */
export function nextPublishStep(seen: GalleryVersion | undefined, wanted: Wanted): PublishStep {
  if (!seen) return { kind: 'create', regions: wanted.regions.map(targetRegion) };
  refuse(seen, wanted);
  if (seen.state !== 'Succeeded') return { kind: 'wait', missing: missingReplicas(seen, wanted) };
  const { regions, changes } = mergeRegions(seen.regions, wanted.regions);
  if (changes.length > 0) return { kind: 'addRegions', regions, changes };
  const missing = missingReplicas(seen, wanted);
  return missing.length > 0 ? { kind: 'wait', missing } : { kind: 'done' };
}

/** Every region of the version and of the wish that has not got it yet. A region without a word of Azure is Unknown. */
export function missingReplicas({ regions, replicas }: GalleryVersion, wanted: Wanted): readonly Replica[] {
  const names = new Set([...regions, ...wanted.regions].map(({ name }) => regionKey(name)));
  return [...names]
    .map(
      (region) =>
        replicas.find((replica) => replica.region === region) ?? { region, state: 'Unknown', percent: 0, details: '' },
    )
    .filter(({ state }) => state !== 'Completed');
}

function refuse(seen: GalleryVersion, wanted: Wanted): void {
  if (!sameId(seen.sourceId, wanted.sourceId)) throw taken(seen, wanted);
  const failed = seen.replicas.filter(({ state }) => state === 'Failed');
  if (failed.length > 0) throw regionFailed(seen, failed);
  if (seen.state === 'Failed' || seen.state === 'Deleting') throw broken(seen);
}

/** The number comes from an input; the id says the whole. */
const number = ({ id }: Pick<GalleryVersion, 'id'>) => `Input "imageVersion" is "${id.split('/').at(-1)}", but ${id}`;

const taken = (seen: GalleryVersion, wanted: Wanted) =>
  new Failure(
    'VersionTaken',
    `${number(seen)} exists and was made of ${seen.sourceId || 'a source that Azure does not name'}, not of ${wanted.sourceId}`,
    'Publish under a new number: a version that nodes may run is never replaced.',
  );

const regionFailed = (seen: GalleryVersion, failed: readonly Replica[]) =>
  new Failure(
    'ReplicationFailed',
    `Version ${seen.id} did not get to ${failed.map(({ region, details }) => (details === '' ? region : `${region} (${details})`)).join(', ')}`,
    'Correct what Azure names, delete this version if nothing uses it (az sig image-version delete), and publish again, or publish under a new number.',
  );

const broken = ({ id, state }: GalleryVersion) =>
  new Failure(
    'VersionBroken',
    `${number({ id })} exists and is ${state}`,
    state === 'Deleting'
      ? 'Wait until it is gone, or take a new number.'
      : 'Delete it if nothing uses it (az sig image-version delete), or take a new number.',
  );
