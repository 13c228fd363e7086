import { ArmError, badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { compareVersions } from '../galleries/version-name.ts';
import type { ResolvedImage } from '../state.ts';

/** The base of the machines, whatever its name, unless somebody has put versions of it into the marketplace. */
export function marketplaceImage(world: World, reference: Json): ResolvedImage {
  const { publisher, offer, sku } = reference;
  if (text(publisher) === undefined)
    throw badRequest('The imageReference needs an id, or publisher, offer, sku and version.', 'imageReference');
  const wanted = text(reference['version']) ?? 'latest';
  const versions = world.compute.marketplace.get(keyOf(`${publisher}:${offer}:${sku}`));
  if (!versions)
    return {
      reference: { ...reference, exactVersion: wanted === 'latest' ? baseVersion : wanted },
      disk: { content: 'base' },
    };
  const newest = [...versions].sort((a, b) => compareVersions(b.version, a.version))[0];
  const found = wanted === 'latest' ? newest : versions.find(({ version }) => version === wanted);
  if (!found) throw platformImageNotFound(`${publisher}:${offer}:${sku}:${wanted}`);
  return { reference: { ...reference, exactVersion: found.version }, disk: found.disk };
}

const baseVersion = '12.20250101.1976';

/** Sentence: azure-docs#89791. */
const platformImageNotFound = (urn: string) =>
  new ArmError(
    404,
    'PlatformImageNotFound',
    `The platform image '${urn}' is not available. Verify that all fields in the storage profile are correct.`,
    { target: 'imageReference' },
  );

/** Puts a version into the marketplace; `urn` is `publisher:offer:sku`. */
export function addMarketplaceVersion(world: World, urn: string, version: string, content = version): void {
  const known = world.compute.marketplace.get(keyOf(urn)) ?? [];
  world.compute.marketplace.set(keyOf(urn), [...known, { version, disk: { content } }]);
}

/** Puts a version of somebody else's gallery there: `/CommunityGalleries/g/Images/i/Versions/1.0.0`. */
export function addPublicVersion(world: World, id: string, regions: readonly string[], content = id): void {
  const name = id.slice(id.lastIndexOf('/') + 1);
  const nature = { osType: 'Linux', hyperVGeneration: 'V2', osState: 'Generalized' } as const;
  world.compute.publicVersions.set(keyOf(id), { id, name, regions, nature, disk: { content } });
}
