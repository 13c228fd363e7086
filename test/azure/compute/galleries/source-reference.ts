import { badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { at, text } from '../../core/json.ts';

/** Where a version comes from, in the shapes that clients write it. */
export interface SourceReference {
  readonly id: string;
  /** The member that names it, as errors say it. */
  readonly property: string;
  readonly place: keyof typeof places;
}

/** Older api-versions name the managed image in the publishing profile; Packer 1.6.6 does (azure.md §13). */
const places = {
  whole: ['storageProfile', 'source', 'id'],
  machine: ['storageProfile', 'source', 'virtualMachineId'],
  community: ['storageProfile', 'source', 'communityGalleryImageId'],
  disk: ['storageProfile', 'osDiskImage', 'source', 'id'],
  blob: ['storageProfile', 'osDiskImage', 'source', 'uri'],
  managedImage: ['publishingProfile', 'source', 'managedImage', 'id'],
} as const;

/** All that a body names; it may be one. A blob's `id` is its storage account's, in older versions. */
function sourceReferences(properties: Json): readonly SourceReference[] {
  const named = Object.entries(places).flatMap(([place, path]) => {
    const id = text(at(properties, ...path));
    const property = `galleryImageVersion.properties.${path.join('.')}`;
    return id === undefined ? [] : [{ id, property, place: place as keyof typeof places }];
  });
  return named.some(({ place }) => place === 'blob') ? named.filter(({ place }) => place !== 'disk') : named;
}

export const sourceReference = (properties: Json): SourceReference | undefined => sourceReferences(properties)[0];

/** Quoted from troubleshooting-shared-images and azure-dev-docs#555; a machine by its own member since 2023-07-03. */
export function requireSource(properties: Json, apiVersion: string): SourceReference {
  const references = sourceReferences(properties).filter(
    ({ place }) => place !== 'machine' || apiVersion >= '2023-07-03',
  );
  const [source] = references;
  if (source && references.length === 1) return source;
  throw badRequest(
    'The gallery artifact version source can only be specified either directly under storageProfile or within individual OS or data disks. One and only one source type (user image, snapshot, disk, virtual machine) can be provided.',
    'galleryImageVersion.properties.storageProfile.source.id',
  );
}
