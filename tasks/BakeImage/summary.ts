import { cell, table } from '../common/report/markdown.ts';
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
    ['Duration', duration(durationMs)],
  ].filter(([, value]) => value !== '');
  return `## Baked ${cell(image.imageName || image.imageId)}\n\n${table(['', ''], rows)}\n`;
}

/** `12 min 5 s` */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
