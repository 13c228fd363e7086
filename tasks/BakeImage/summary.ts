import { cell, table } from '../common/report/markdown.ts';
import { elapsed } from '../common/report/words.ts';
import type { Bake } from './bake-image.ts';
import type { BakeRequest } from './inputs.ts';

/** What the run's page shows of a bake. */
export function bakeSummary(
  { template }: BakeRequest,
  { image, manifestPath, packerVersion, durationMs }: Bake,
): string {
  const rows = [
    ['Image', image.imageName],
    ['Id', image.imageId],
    ['Gallery version', image.galleryVersionId === image.imageId ? '' : image.galleryVersionId],
    ['Location', image.location],
    ['Operating system', image.osType],
    ['Build', image.build],
    ['Template', template.path],
    ['Manifest', manifestPath],
    ['Packer', packerVersion],
    ['Duration', elapsed(durationMs)],
  ].filter(([, value]) => value !== '');
  return `## Baked ${cell(image.imageName || image.imageId)}\n\n${table(['', ''], rows)}\n`;
}
