import { harmlessLine } from '../agent/harmless.ts';
import { Failure } from '../failure.ts';
import type { Azure } from './connect.ts';
import { hasPlace } from './has-place.ts';
import { notFound } from './not-found.ts';
import { readFailure, textIn } from './read-failure.ts';
import { imageVersionIn, notAVersion, otherThing, sameId } from './resource-id.ts';

/** What a version can be made of. */
export type SourceId =
  | {
      readonly kind: 'managedImage';
      readonly id: string;
      readonly subscription: string;
      readonly group: string;
      readonly name: string;
    }
  | {
      readonly kind: 'version';
      readonly id: string;
      readonly subscription: string;
      readonly group: string;
      readonly gallery: string;
      readonly definition: string;
      readonly name: string;
    };

/** What a definition demands and a source brings. Undefined: Azure does not say. */
export interface ImageTraits {
  readonly osType: string | undefined;
  readonly osState: string | undefined;
  readonly generation: string | undefined;
  readonly architecture: string | undefined;
}

export interface Source {
  readonly id: string;
  readonly location: string;
  readonly traits: ImageTraits;
}

/** Reads a source from an input: a managed image or a gallery version. */
export function sourceId(input: string, text: string): SourceId {
  const id = text.replace(/\/+$/, '');
  const version = imageVersionIn(id);
  if (version) return { kind: 'version', id, ...version, name: version.version };
  const [, subscription, group, name] =
    /^\/subscriptions\/([^/\s?#]+)\/resourceGroups\/([^/\s?#]+)\/providers\/Microsoft\.Compute\/images\/([^/\s?#]+)$/i.exec(
      id,
    ) ?? [];
  if (subscription && group && name) return { kind: 'managedImage', id, subscription, group, name };
  const { code, what } = otherThing(id);
  throw new Failure(
    code,
    `Input "${input}" is "${harmlessLine(text, 300)}", which is ${what === notAVersion ? 'neither the id of a managed image nor that of a gallery version' : what}`,
    'Give the whole id of a managed image, /subscriptions/…/providers/Microsoft.Compute/images/web, or of a gallery version, …/galleries/…/images/…/versions/1.2.3.',
  );
}

/** Reads what the source is; it must be whole. */
export async function readSource(azure: Azure, source: SourceId): Promise<Source> {
  try {
    return source.kind === 'managedImage'
      ? await readManagedImage(azure, source)
      : await readSourceVersion(azure, source);
  } catch (error) {
    const sought = { code: 'SourceImageNotFound', input: 'sourceImageId', value: source.id, what: 'image' } as const;
    throw notFound(error, sought) ?? readFailure(error, `Reading the source ${source.id}`);
  }
}

async function readManagedImage(
  azure: Azure,
  { id, subscription, group, name }: SourceId & { kind: 'managedImage' },
): Promise<Source> {
  const image = hasPlace(await azure.inSubscription(subscription).images.get(group, name), `the source ${id}`);
  refuseUnfinished(id, image.provisioningState);
  const disk = image.storageProfile?.osDisk;
  return {
    id,
    location: image.location,
    traits: traitsOf({ osType: disk?.osType, osState: disk?.osState, hyperVGeneration: image.hyperVGeneration }),
  };
}

async function readSourceVersion(azure: Azure, source: SourceId & { kind: 'version' }): Promise<Source> {
  const { id, subscription, group, gallery, definition, name } = source;
  const compute = azure.inSubscription(subscription);
  const version = hasPlace(
    await compute.galleryImageVersions.get(group, gallery, definition, name),
    `the source ${id}`,
  );
  refuseUnfinished(id, version.provisioningState);
  const traits = traitsOf(await compute.galleryImages.get(group, gallery, definition));
  return { id, location: version.location, traits };
}

type Shown = Readonly<Partial<Record<'osType' | 'osState' | 'hyperVGeneration' | 'architecture', unknown>>>;

/** What Azure says of a definition or an image, as far as it is a word. */
export const traitsOf = ({ osType, osState, hyperVGeneration, architecture }: Shown): ImageTraits => ({
  osType: textIn(osType),
  osState: textIn(osState),
  generation: textIn(hyperVGeneration),
  architecture: textIn(architecture),
});

/** A missing state means that it is done (azure.md §5). */
function refuseUnfinished(id: string, state: string | undefined): void {
  if (state === undefined || state === 'Succeeded') return;
  throw new Failure(
    'SourceNotReady',
    `The source ${id} is ${state}, not Succeeded`,
    'Wait until it is done, or bake it again.',
  );
}

/** What of the source the definition does not take, in sentences; only what both of them say is compared. */
export function misfits(definition: ImageTraits, source: ImageTraits): readonly string[] {
  const pairs = [
    ['operating system', definition.osType, source.osType],
    ['state', definition.osState, source.osState],
    ['Hyper-V generation', definition.generation, source.generation],
    ['architecture', definition.architecture, source.architecture],
  ] as const;
  return pairs
    .filter(
      ([, wanted, has]) => wanted !== undefined && has !== undefined && wanted.toLowerCase() !== has.toLowerCase(),
    )
    .map(([what, wanted, has]) => `${what} is ${has} in the source and ${wanted} in the definition`);
}

/** Is the version its own source, which Azure would refuse much later? */
export const isSelf = (source: SourceId, versionId: string) => sameId(source.id, versionId);
