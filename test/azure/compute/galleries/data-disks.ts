import { badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, list, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { findVhd } from '../../resources/disks/vhds.ts';
import { findDisk } from '../images/source.ts';

const target = 'galleryImageVersion.properties.storageProfile.dataDiskImages';

/** Data disks of a version: each its own LUN and source, all there (troubleshooting-shared-images). */
export function requireDataDisks(world: World, properties: Json, location: string): void {
  const disks = list(at(properties, 'storageProfile', 'dataDiskImages'));
  if (new Set(disks.map((disk) => at(disk, 'lun'))).size < disks.length)
    throw badRequest(
      'Duplicated lun numbers have been detected in the input data disks. Lun number must be unique for each data disk.',
      target,
    );
  const osBlob = sourceOf(at(properties, 'storageProfile', 'osDiskImage'))?.uri;
  if (osBlob !== undefined && disks.some((disk) => sourceOf(disk)?.uri === osBlob))
    throw badRequest(`OSDiskImage and DataDiskImage cannot point to same blob ${osBlob}`, target);
  const sources = [at(properties, 'storageProfile', 'osDiskImage'), ...disks].flatMap((disk) => sourceOf(disk) ?? []);
  if (new Set(sources.map(({ id, uri }) => keyOf(uri ?? id ?? ''))).size < sources.length)
    throw badRequest(
      'Duplicated source ids are found in the input disks. Source id should be unique for each disk.',
      target,
    );
  for (const { id, uri } of disks.flatMap((disk) => sourceOf(disk) ?? []))
    if (uri !== undefined) findVhd(world, uri, location, target);
    else if (id !== undefined) findDisk(world, id, location);
}

function sourceOf(disk: unknown): { readonly id: string | undefined; readonly uri: string | undefined } | undefined {
  const [id, uri] = [text(at(disk, 'source', 'id')), text(at(disk, 'source', 'uri'))];
  return id === undefined && uri === undefined ? undefined : { id, uri };
}
