import { Failure } from '../failure.ts';
import { armFailure } from './arm-failure.ts';
import type { Azure } from './connect.ts';
import { imageVersionIn, sameId } from './resource-id.ts';

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
  const version = imageVersionIn(text);
  if (version) return { kind: 'version', id: text, ...version, name: version.version };
  const [, subscription, group, name] =
    /^\/subscriptions\/([^/\s]+)\/resourceGroups\/([^/\s]+)\/providers\/Microsoft\.Compute\/images\/([^/\s]+)$/i.exec(
      text,
    ) ?? [];
  if (subscription && group && name) return { kind: 'managedImage', id: text, subscription, group, name };
  throw new Failure(
    'InvalidInput',
    `Input "${input}" is "${text}", which is neither a managed image nor a gallery version with its number`,
    'Give the whole id: /subscriptions/…/providers/Microsoft.Compute/images/web, or …/galleries/…/images/…/versions/1.2.3.',
  );
}

/** Reads what the source is; it must be whole. */
export async function readSource(azure: Azure, source: SourceId): Promise<Source> {
  try {
    return source.kind === 'managedImage'
      ? await readManagedImage(azure, source)
      : await readSourceVersion(azure, source);
  } catch (error) {
    throw armFailure(error, `Reading the source ${source.id}`);
  }
}

async function readManagedImage(
  azure: Azure,
  { id, subscription, group, name }: SourceId & { kind: 'managedImage' },
): Promise<Source> {
  const image = await azure.inSubscription(subscription).images.get(group, name);
  refuseUnfinished(id, image.provisioningState);
  const disk = image.storageProfile?.osDisk;
  return {
    id,
    location: image.location,
    traits: {
      osType: disk?.osType,
      osState: disk?.osState,
      generation: image.hyperVGeneration,
      architecture: undefined,
    },
  };
}

async function readSourceVersion(azure: Azure, source: SourceId & { kind: 'version' }): Promise<Source> {
  const { id, subscription, group, gallery, definition, name } = source;
  const compute = azure.inSubscription(subscription);
  const version = await compute.galleryImageVersions.get(group, gallery, definition, name);
  refuseUnfinished(id, version.provisioningState);
  const { osType, osState, hyperVGeneration, architecture } = await compute.galleryImages.get(
    group,
    gallery,
    definition,
  );
  return { id, location: version.location, traits: { osType, osState, generation: hyperVGeneration, architecture } };
}

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
