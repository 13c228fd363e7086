import { ArmError, badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf, regionKey } from '../../core/ids.ts';
import { at, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { DiskContent } from '../../machines/machines.ts';
import type { ImageDefinition } from '../state.ts';

/** Where a version comes from, in the two shapes that clients write it. */
export interface SourceReference {
  readonly id: string;
  /** The member that names it, as errors say it. */
  readonly property: string;
}

/** Older api-versions name the managed image in the publishing profile; Packer 1.6.6 does (azure.md §13). */
const places = [
  ['storageProfile', 'source', 'id'],
  ['storageProfile', 'source', 'virtualMachineId'],
  ['publishingProfile', 'source', 'managedImage', 'id'],
] as const;

export function sourceReference(properties: Json): SourceReference | undefined {
  for (const place of places) {
    const id = text(at(properties, ...place));
    if (id !== undefined) return { id, property: `galleryImageVersion.properties.${place.join('.')}` };
  }
  return undefined;
}

export function requireSource(properties: Json): SourceReference {
  const source = sourceReference(properties);
  if (source) return source;
  throw badRequest(
    'The simulated Azure publishes from a managed image, another version or a virtual machine: storageProfile.source.id or virtualMachineId.',
    'galleryImageVersion.properties.storageProfile.source',
  );
}

/** What a source is, and its disk; undefined where a virtual machine's disk has still to be captured. */
interface Source {
  readonly location: string;
  readonly osType: unknown;
  readonly hyperVGeneration: unknown;
  readonly osState: 'Generalized' | 'Specialized';
  readonly disk: DiskContent | undefined;
}

/** The source exists, is in the version's region, and is what the definition says (azure.md §13). */
export function matchingSource(
  world: World,
  definition: ImageDefinition,
  { id, property }: SourceReference,
  location: string,
): Source {
  const source = fromImage(world, id) ?? fromVersion(world, id) ?? fromMachine(world, id);
  if (!source)
    throw new ArmError(404, 'NotFound', `The source '${id}' of the gallery image version was not found.`, {
      target: property,
    });
  if (regionKey(source.location) !== regionKey(location))
    throw badRequest(
      `The source '${id}' is in region ${source.location}; it must be in ${location}, the region of the gallery image version.`,
      property,
    );
  for (const member of ['osType', 'hyperVGeneration', 'osState'] as const) requireSame(definition, source, id, member);
  return source;
}

function requireSame(
  definition: ImageDefinition,
  source: Source,
  id: string,
  member: 'osType' | 'hyperVGeneration' | 'osState',
): void {
  const wanted = definition.properties[member];
  if (source[member] === wanted) return;
  throw badRequest(
    `The resource '${id}' has ${member} '${source[member]}', but the gallery image '${definition.name}' has '${wanted}'. They must be the same.`,
    `galleryImageVersion.properties.storageProfile`,
  );
}

function fromImage(world: World, id: string): Source | undefined {
  const image = world.compute.images.get(keyOf(id));
  if (!image?.disk) return undefined;
  const { location, osType, hyperVGeneration, disk } = image;
  return { location, osType, hyperVGeneration, osState: 'Generalized', disk };
}

/** A version has its own definition's nature, and is where it was published first. */
function fromVersion(world: World, id: string): Source | undefined {
  const version = world.compute.versions.get(keyOf(id));
  const definition = world.compute.definitions.get(keyOf(id).replace(/\/versions\/[^/]+$/, ''));
  if (!version || !definition) return undefined;
  const { osType, hyperVGeneration, osState } = definition.properties;
  return {
    location: version.location,
    osType,
    hyperVGeneration,
    osState: osState === 'Specialized' ? osState : 'Generalized',
    disk: version.disk,
  };
}

function fromMachine(world: World, id: string): Source | undefined {
  const machine = world.resources.virtualMachines.get(keyOf(id));
  if (!machine) return undefined;
  const { location, osType, hyperVGeneration, generalized } = machine;
  return { location, osType, hyperVGeneration, osState: generalized ? 'Generalized' : 'Specialized', disk: undefined };
}
