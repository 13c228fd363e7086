import type { ResolvedImage } from '../../compute/state.ts';
import type { Json } from '../../core/http.ts';
import { text } from '../../core/json.ts';

/** How the disk of a machine shows what it was made of: always by an id, which a marketplace image has too (Disk REST, CreationData). */
export function diskOrigin({ reference }: ResolvedImage, machineId: string, location: string): Json {
  const id = text(reference['id']);
  if (id === undefined) return { imageReference: { id: platformId(reference, machineId, location) } };
  return /\/galleries\//i.test(id) ? { galleryImageReference: { id } } : { imageReference: { id } };
}

function platformId({ publisher, offer, sku, exactVersion }: Json, machineId: string, location: string): string {
  const subscription = machineId.split('/')[2];
  const place = `/Subscriptions/${subscription}/Providers/Microsoft.Compute/Locations/${location}`;
  return `${place}/Publishers/${publisher}/ArtifactTypes/VMImage/Offers/${offer}/Skus/${sku}/Versions/${exactVersion}`;
}
