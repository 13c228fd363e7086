import { badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { at, list, object, text } from '../../core/json.ts';

/** Of the gallery documents of 2024-03-03. */
const known = ['Standard_LRS', 'Standard_ZRS', 'Premium_LRS', 'PremiumV2_LRS'];

/** Each region of a version, and each of its additional replica sets, names a storage type that there is, or none. */
export function requireStorageTypes(properties: Json): void {
  const regions = list(at(properties, 'publishingProfile', 'targetRegions')).map(object);
  const sets = regions.flatMap((region) => [region, ...list(region['additionalReplicaSets']).map(object)]);
  const wrong = sets.map((set) => text(set['storageAccountType'])).find((type) => type && !known.includes(type));
  if (wrong === undefined) return;
  throw badRequest(
    `The value '${wrong}' of parameter storageAccountType is none of ${known.join(', ')}.`,
    'galleryImageVersion.properties.publishingProfile.targetRegions.storageAccountType',
  );
}
