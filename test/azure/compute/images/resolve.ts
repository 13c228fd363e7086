import { ArmError, badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf, regionKey } from '../../core/ids.ts';
import { text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { compareVersions } from '../galleries/version-name.ts';
import type { GalleryVersion, ImageNature, ResolvedImage } from '../state.ts';
import { marketplaceImage } from './marketplace.ts';

/**
 * What an image reference of a model means at this moment in this region. A definition id is the latest version there,
 * a version id is itself (Compute REST, ImageReference; azure.md §13).
 */
export function resolveImage(world: World, reference: Json, location: string): ResolvedImage {
  const id = text(reference['id']);
  const shared = text(reference['communityGalleryImageId']) ?? text(reference['sharedGalleryImageId']);
  if (shared !== undefined) return publicImage(world, reference, shared, location);
  if (id === undefined) return marketplaceImage(world, reference);
  if (/\/versions\/[^/]+$/i.test(id)) return versionImage(world, id, world.compute.versions.get(keyOf(id)), location);
  if (/\/galleries\/[^/]+\/images\/[^/]+$/i.test(id))
    return versionImage(world, id, latest(world, id, location), location);
  return managedImage(world, id, location);
}

function versionImage(world: World, id: string, version: GalleryVersion | undefined, location: string): ResolvedImage {
  if (!version?.disk || !isReplicated(world, version, location)) throw galleryImageNotFound(id, location);
  return { reference: { id, exactVersion: version.name }, disk: version.disk, nature: natureOf(world, version) };
}

/** A version is what its definition says. */
export function natureOf(world: World, { id }: Pick<GalleryVersion, 'id'>): ImageNature | undefined {
  const definition = world.compute.definitions.get(keyOf(id).replace(/\/versions\/[^/]+$/, ''));
  if (!definition) return undefined;
  const { osType, hyperVGeneration, osState } = definition.properties;
  return {
    osType: osType === 'Windows' ? osType : 'Linux',
    hyperVGeneration: hyperVGeneration === 'V2' ? 'V2' : 'V1',
    osState: osState === 'Specialized' ? osState : 'Generalized',
  };
}

/** Highest number among those that are here and not excluded (azure.md §13). */
function latest(world: World, definitionId: string, location: string): GalleryVersion | undefined {
  const prefix = `${keyOf(definitionId)}/versions/`;
  return [...world.compute.versions]
    .filter(([key, version]) => key.startsWith(prefix) && isReplicated(world, version, location))
    .map(([, version]) => version)
    .filter((version) => !isExcluded(version, location))
    .sort((a, b) => compareVersions(b.name, a.name))[0];
}

function isReplicated(world: World, version: GalleryVersion, location: string): boolean {
  const replica = version.replicas.get(regionKey(location));
  const isWhole = replica?.problem === undefined && replica !== undefined && replica.endsAt <= world.clock.now();
  return isWhole && version.provisioningState !== 'Deleting';
}

/** Excluded as a whole, or in this region alone (Gallery REST, TargetRegion.excludeFromLatest). */
function isExcluded(version: GalleryVersion, location: string): boolean {
  const profile = version.properties['publishingProfile'] as Json | undefined;
  const regions = (profile?.['targetRegions'] ?? []) as readonly Json[];
  const here = regions.find((region) => regionKey(String(region['name'])) === regionKey(location));
  return profile?.['excludeFromLatest'] === true || here?.['excludeFromLatest'] === true;
}

/** Quoted from cloud-api-adaptor#1709. */
const galleryImageNotFound = (id: string, location: string) =>
  new ArmError(
    404,
    'GalleryImageNotFound',
    `The gallery image ${id} is not available in ${location} region. Please contact image owner to replicate to this region, or change your requested region.`,
    { target: 'imageReference' },
  );

/** `…/Versions/latest`, or no version at all, is the highest there. */
function publicImage(world: World, reference: Json, id: string, location: string): ResolvedImage {
  const [, image = '', wanted = 'latest'] = /^(.*?\/images\/[^/]+)(?:\/versions\/([^/]+))?$/i.exec(id) ?? [];
  const found = [...world.compute.publicVersions.values()]
    .filter((version) => keyOf(version.id).startsWith(`${keyOf(image)}/versions/`))
    .filter((version) => version.regions.some((region) => regionKey(region) === regionKey(location)))
    .filter(({ name }) => wanted === 'latest' || name === wanted)
    .sort((a, b) => compareVersions(b.name, a.name))[0];
  if (!found) throw galleryImageNotFound(id, location);
  return { reference: { ...reference, exactVersion: found.name }, disk: found.disk, nature: found.nature };
}

function managedImage(world: World, id: string, location: string): ResolvedImage {
  const image = world.compute.images.get(keyOf(id));
  if (!image?.disk) throw new ArmError(404, 'NotFound', `The Image '${id}' cannot be found in '${location}' region.`);
  if (regionKey(image.location) !== regionKey(location))
    throw badRequest(`The image '${id}' is not in ${location}.`, 'imageReference');
  const { osType, hyperVGeneration, disk } = image;
  return { reference: { id }, disk, nature: { osType, hyperVGeneration, osState: 'Generalized' } };
}
