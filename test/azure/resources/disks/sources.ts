import { resolveImage } from '../../compute/images/resolve.ts';
import { badRequest, notAllowed } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf, regionKey } from '../../core/ids.ts';
import { at, number, object, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { DiskContent } from '../../machines/machines.ts';
import { resourceNotFound } from '../lookup.ts';
import type { Disk } from '../state.ts';
import { readContent } from './content.ts';
import { findVhd } from './vhds.ts';
import type { DiskType } from './view.ts';

/** What a new disk or snapshot is made from. */
export interface Origin extends Pick<Disk, 'osType' | 'hyperVGeneration' | 'sizeGB' | 'creationData'> {
  /** The disk behind it, for the families of incremental snapshots. */
  readonly uniqueId?: string;
  readonly family?: string | undefined;
  /** Milliseconds until all is there. */
  readonly copyMs?: number;
  readonly read: (done: (content: DiskContent) => void) => void;
}

interface Wish {
  readonly type: DiskType;
  readonly properties: Json;
  readonly creationData: Json;
  readonly location: string;
}

/** By `createOption` (DiskRP, CreationData); ways that are not here are refused by name. */
export function originOf(world: World, type: DiskType, body: Json, location: string): Origin {
  const properties = object(body['properties']);
  const creationData = object(properties['creationData']);
  const wish: Wish = { type, properties, creationData, location };
  const option = text(creationData['createOption']);
  if (option === undefined) throw badRequest("Required parameter 'creationData.createOption' is missing (null).");
  if (option === 'Copy') return copyOf(world, wish);
  if (option === 'CopyStart' && type === 'snapshots') return copyElsewhere(world, wish);
  if (option === 'Import') return importOf(world, wish);
  if (option === 'FromImage' && type === 'disks') return imageOf(world, wish);
  if (option === 'Empty' && type === 'disks') return emptyDisk(wish);
  throw badRequest(`The simulated Azure makes no ${type} by createOption ${option}.`, 'createOption');
}

/** Packer names its source in `sourceUri`. */
function sourceOf(world: World, { creationData }: Wish): Disk {
  const id = text(creationData['sourceResourceId']) ?? text(creationData['sourceUri']) ?? '';
  const source = world.resources.disks.get(keyOf(id)) ?? world.resources.snapshots.get(keyOf(id));
  const group = /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';
  if (!source) throw resourceNotFound('Microsoft.Compute/disks', id.split('/').at(-1) ?? '', group);
  if (source.completeAt > world.clock.now())
    throw notAllowed(`The snapshot '${source.id}' is still being copied; wait until its completionPercent is 100.`);
  return source;
}

function copyOf(world: World, wish: Wish): Origin {
  const source = sourceOf(world, wish);
  if (regionKey(source.location) !== regionKey(wish.location))
    throw badRequest(
      `The source '${source.id}' is in ${source.location}; a copy is made in the same region.`,
      'location',
    );
  return { ...copied(source, wish, 'Copy'), read: (done) => readContent(world, source, done) };
}

/** Between regions only snapshots travel, and only incremental ones (disks-copy-incremental-snapshot-across-regions). */
function copyElsewhere(world: World, wish: Wish): Origin {
  const source = sourceOf(world, wish);
  if (source.incrementalFamily === undefined || wish.properties['incremental'] !== true)
    throw badRequest('CopyStart needs an incremental snapshot as source and as result.', 'incremental');
  return {
    ...copied(source, wish, 'CopyStart'),
    copyMs: world.settings.replicationMs,
    read: (done) => done(source.content),
  };
}

const copied = (source: Disk, { properties }: Wish, createOption: string) => ({
  osType: source.osType,
  hyperVGeneration: source.hyperVGeneration,
  sizeGB: Math.max(number(properties['diskSizeGB']) ?? 0, source.sizeGB),
  creationData: { createOption, sourceResourceId: source.id, sourceUniqueId: source.uniqueId },
  uniqueId: source.uniqueId,
  family: source.incrementalFamily,
});

function importOf(world: World, { creationData, properties, location }: Wish): Origin {
  const [uri, account] = [text(creationData['sourceUri']), text(creationData['storageAccountId'])];
  if (uri === undefined || account === undefined)
    throw badRequest('Import needs sourceUri and storageAccountId.', 'creationData');
  const vhd = findVhd(world, uri, location, 'creationData.sourceUri', account);
  return {
    ...natureOf(properties),
    sizeGB: number(properties['diskSizeGB']) ?? vhd.sizeGB,
    creationData: { createOption: 'Import', sourceUri: uri, storageAccountId: account },
    read: (done) => done(vhd.content),
  };
}

const natureOf = (properties: Json): Pick<Disk, 'osType' | 'hyperVGeneration'> => ({
  osType: properties['osType'] === 'Windows' || properties['osType'] === 'Linux' ? properties['osType'] : undefined,
  hyperVGeneration: properties['hyperVGeneration'] === 'V2' ? 'V2' : 'V1',
});

/** A gallery version, or an image of the marketplace by its long id; a data disk of an image is not here. */
function imageOf(world: World, { creationData, properties, location }: Wish): Origin {
  const gallery = object(creationData['galleryImageReference']);
  const reference = 'id' in gallery ? gallery : object(creationData['imageReference']);
  if (reference['lun'] !== undefined)
    throw badRequest('The simulated Azure makes disks from the OS disk of an image only.', 'imageReference.lun');
  const platform = platformReference(text(reference['id']) ?? '');
  const image = resolveImage(world, platform ?? reference, location);
  return {
    osType: image.nature?.osType ?? natureOf(properties).osType ?? 'Linux',
    hyperVGeneration: image.nature?.hyperVGeneration ?? natureOf(properties).hyperVGeneration,
    sizeGB: number(properties['diskSizeGB']) ?? 30,
    creationData: { ...creationData },
    read: (done) => done(image.disk),
  };
}

/** `…/Publishers/p/ArtifactTypes/VMImage/Offers/o/Skus/s/Versions/v` */
function platformReference(id: string): Json | undefined {
  const [, publisher, offer, sku, version] =
    /\/publishers\/([^/]+)\/artifacttypes\/vmimage\/offers\/([^/]+)\/skus\/([^/]+)\/versions\/([^/]+)$/i.exec(id) ?? [];
  return publisher === undefined ? undefined : { publisher, offer, sku, version };
}

function emptyDisk({ properties }: Wish): Origin {
  const sizeGB = number(properties['diskSizeGB']);
  if (sizeGB === undefined)
    throw badRequest("Required parameter 'disk.diskSizeGB' is missing (null).", 'disk.diskSizeGB');
  return {
    ...natureOf(properties),
    sizeGB,
    creationData: { createOption: at(properties, 'creationData', 'createOption') },
    read: (done) => done({ content: 'empty' }),
  };
}
