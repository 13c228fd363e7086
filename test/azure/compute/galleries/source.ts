import { ArmError, badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf, regionKey } from '../../core/ids.ts';
import { at, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { DiskContent, MachineProblem } from '../../machines/machines.ts';
import { readContent } from '../../resources/disks/content.ts';
import { findVhd } from '../../resources/disks/vhds.ts';
import { natureOf, resolveImage } from '../images/resolve.ts';
import type { ImageDefinition, ImageNature } from '../state.ts';
import { requireDataDisks } from './data-disks.ts';
import type { SourceReference } from './source-reference.ts';

/** What a source is, as far as it is known, and how its content is read. */
export interface Source extends Partial<ImageNature> {
  readonly location: string;
  readonly read: (done: (disk: DiskContent, problem?: MachineProblem) => void) => void;
}

/** The source exists, is in the version's region, and is what the definition says (azure.md §13). */
export function matchingSource(
  world: World,
  definition: ImageDefinition,
  reference: SourceReference,
  properties: Json,
  location: string,
): Source {
  const source = findSource(world, reference, properties, location);
  if (!source || regionKey(source.location) !== regionKey(location)) throw sourceNotFound(reference);
  requireDataDisks(world, properties, location);
  requireSame(definition, source, reference.id);
  return source;
}

/** Sentence: troubleshooting-shared-images; the code is ours. */
const sourceNotFound = ({ id, property }: SourceReference) =>
  new ArmError(
    404,
    'NotFound',
    `Source ${id} is not found. Please check source exists, and is in the same region as gallery image version being created.`,
    { target: property },
  );

function findSource(world: World, reference: SourceReference, properties: Json, location: string): Source | undefined {
  const { id, place, property } = reference;
  switch (place) {
    case 'disk':
      return fromDisk(world, id, property);
    case 'blob':
      return fromBlob(world, id, properties, location);
    case 'community':
      return fromCommunity(world, id, location);
    default:
      if (!isOfWholes(id, place)) throw badRequest(`The source id: ${id} ${wholes}`, property);
      return fromImage(world, id) ?? fromVersion(world, id) ?? fromMachine(world, id);
  }
}

const wholes = 'must either be a managed image, virtual machine or another gallery image version';

const isOfWholes = (id: string, place: SourceReference['place']): boolean =>
  place === 'machine' ? /\/virtualMachines\/[^/]+$/i.test(id) : /\/(images|versions|virtualMachines)\/[^/]+$/i.test(id);

/** Sentences: troubleshooting-shared-images. What a disk is like its maker says: the definition counts. */
function requireSame({ properties }: ImageDefinition, source: Source, id: string): void {
  const { osType, hyperVGeneration = 'V1', osState } = properties;
  if (source.osType !== undefined && source.osType !== osType)
    throw mismatch(
      `The resource with id '${id}' has a different OS type ['${source.osType}'] than the parent gallery image OS type generation ['${osType}']`,
    );
  if (source.hyperVGeneration !== undefined && source.hyperVGeneration !== hyperVGeneration)
    throw mismatch(
      `The resource with id '${id}' has a different Hypervisor generation ['${source.hyperVGeneration}'] than the parent gallery image Hypervisor generation ['${hyperVGeneration}']`,
    );
  if (source.osState !== undefined && source.osState !== osState)
    throw mismatch(
      `Cannot create Gallery Image Version from: ${id} since the OS State in the parent gallery image (${osState}) is not ${source.osState}.`,
    );
}

const mismatch = (sentence: string) => badRequest(sentence, 'galleryImageVersion.properties.storageProfile');

function fromImage(world: World, id: string): Source | undefined {
  const image = world.compute.images.get(keyOf(id));
  const disk = image?.disk;
  if (!disk) return undefined;
  const { location, osType, hyperVGeneration } = image;
  return { location, osType, hyperVGeneration, osState: 'Generalized', read: (done) => done(disk) };
}

/** A version has its own definition's nature, and is where it was published first. */
function fromVersion(world: World, id: string): Source | undefined {
  const version = world.compute.versions.get(keyOf(id));
  const disk = version?.disk;
  if (!disk) return undefined;
  return { location: version.location, ...natureOf(world, version), read: (done) => done(disk) };
}

function fromMachine(world: World, id: string): Source | undefined {
  const machine = world.resources.virtualMachines.get(keyOf(id));
  if (!machine) return undefined;
  const { location, osType, hyperVGeneration, generalized } = machine;
  const read: Source['read'] = (done) => world.machines.capture(keyOf(machine.id), done);
  return { location, osType, hyperVGeneration, osState: generalized ? 'Generalized' : 'Specialized', read };
}

function fromDisk(world: World, id: string, property: string): Source | undefined {
  if (!/\/(disks|snapshots)\/[^/]+$/i.test(id))
    throw badRequest(`The source id: ${id} must be a managed disk or snapshot.`, property);
  const disk = world.resources.disks.get(keyOf(id)) ?? world.resources.snapshots.get(keyOf(id));
  if (!disk || disk.completeAt > world.clock.now()) return undefined;
  const { location, osType, hyperVGeneration } = disk;
  return { location, ...(osType && { osType }), hyperVGeneration, read: (done) => readContent(world, disk, done) };
}

function fromBlob(world: World, uri: string, properties: Json, location: string): Source {
  const source = at(properties, 'storageProfile', 'osDiskImage', 'source');
  const account = text(at(source, 'storageAccountId')) ?? text(at(source, 'id'));
  if (account === undefined)
    throw badRequest(`The blob '${uri}' needs the storageAccountId of its account.`, 'storageAccountId');
  const vhd = findVhd(
    world,
    uri,
    location,
    'galleryImageVersion.properties.storageProfile.osDiskImage.source.uri',
    account,
  );
  return { location: vhd.location, read: (done) => done(vhd.content) };
}

/** Where it is public it counts as being here. */
function fromCommunity(world: World, id: string, location: string): Source {
  const { disk, nature } = resolveImage(world, { communityGalleryImageId: id }, location);
  return { location, ...nature, read: (done) => done(disk) };
}
