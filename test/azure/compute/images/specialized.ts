import { badRequest } from '../../core/arm-errors.ts';
import type { ResolvedImage } from '../state.ts';

/** A specialized image has its accounts: quoted from packer-plugin-azure#307. */
export function requireNoProfile(image: ResolvedImage, osProfile: unknown): void {
  if (image.nature?.osState === 'Specialized' && osProfile !== undefined && osProfile !== null)
    throw badRequest("Parameter 'osProfile' is not allowed.", 'osProfile');
}
