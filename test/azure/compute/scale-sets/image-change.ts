import { notAllowed } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { changeNotAllowed } from '../galleries/unchangeable.ts';
import type { ImageNature } from '../state.ts';

const isPlatform = (reference: Json): boolean => text(reference['publisher']) !== undefined;

/** A set's image may become another of its kind; what its owner has made is one kind, wherever it is kept. */
export function requireSameKind(world: World, before: Json, after: Json): void {
  const { imageTypeChange, imageSkuChange } = world.settings;
  if (isPlatform(before) !== isPlatform(after)) {
    if (imageTypeChange === 'refused')
      throw notAllowed('The Image type for a Virtual Machine Scale Set may not be changed.');
    return;
  }
  if (!isPlatform(after)) return;
  const kept = ['publisher', 'offer', ...(imageSkuChange === 'refused' ? ['sku'] : [])];
  const changed = kept.find((member) => keyOf(String(before[member])) !== keyOf(String(after[member])));
  if (changed !== undefined) throw changeNotAllowed(`imageReference.${changed}`);
}

/** Operating system and generation stay what they were (shared-image-galleries, FAQ; sentence: own). */
export function requireSameNature(before: ImageNature | undefined, after: ImageNature | undefined): void {
  for (const member of ['osType', 'hyperVGeneration'] as const)
    if (before && after && before[member] !== after[member])
      throw notAllowed(
        `The image of a Virtual Machine Scale Set may not change its ${member} from '${before[member]}' to '${after[member]}'.`,
      );
}
