import { type ArmError, conflict, notAllowed } from '../../core/arm-errors.ts';
import type { Answer, Json, Request } from '../../core/http.ts';
import { keyOf, regionKey } from '../../core/ids.ts';
import { at, list, merge, object, tagsOf, text } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import type { GalleryVersion } from '../state.ts';
import { requireRegions, requireShallow } from './limits.ts';
import { capsOperation } from './operation.ts';
import { replicate } from './publish.ts';
import { targetRegions } from './replication.ts';
import { sourceReference } from './source-reference.ts';
import { changeNotAllowed } from './unchangeable.ts';
import { versionBody } from './version-body.ts';

/** A write over a version that is there: target regions, exclusion, end of life and tags. */
export function changeVersion(world: World, request: Request, version: GalleryVersion): Answer {
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
