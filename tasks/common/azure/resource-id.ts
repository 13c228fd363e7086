import { harmlessLine } from '../agent/harmless.ts';
import { Failure } from '../failure.ts';

/** Azure compares resource ids without regard to case, and answers them in any case. */
export const sameId = (one: string, other: string): boolean => normal(one) === normal(other);

const normal = (id: string) => id.replace(/\/+$/, '').toLowerCase();

/** One concrete version of a gallery image. */
export interface ImageVersionId {
  readonly subscription: string;
  readonly group: string;
  readonly gallery: string;
  readonly definition: string;
  /** Three whole numbers: `1.2.3`. */
  readonly version: string;
}

export const formatGroupId = (id: Pick<ImageVersionId, 'subscription' | 'group'>): string =>
  `/subscriptions/${id.subscription}/resourceGroups/${id.group}`;

export const formatGalleryId = (id: Pick<ImageVersionId, 'subscription' | 'group' | 'gallery'>): string =>
  `${formatGroupId(id)}/providers/Microsoft.Compute/galleries/${id.gallery}`;

export const formatImageDefinitionId = (id: Omit<ImageVersionId, 'version'>): string =>
  `${formatGalleryId(id)}/images/${id.definition}`;

export const formatImageVersionId = (id: ImageVersionId): string =>
  `${formatImageDefinitionId(id)}/versions/${id.version}`;

/** The parts of an image version id; undefined when it is the id of anything else. */
export function imageVersionIn(id: string): ImageVersionId | undefined {
  const parts = parse(id, ['galleries', 'images', 'versions']);
  const [gallery = '', definition = '', version = ''] = parts?.names ?? [];
  if (parts === undefined || !isVersion(version)) return undefined;
  return { subscription: parts.subscription, group: parts.group, gallery, definition, version };
}

/** The same, refusing `latest`, definitions and other images by name: no way leads back to what they once meant. */
export function imageVersionId(text: string, inputName = 'imageVersionId'): ImageVersionId {
  const id = imageVersionIn(text.trim());
  if (id !== undefined) return id;
  const { code, what } = otherThing(text.trim());
  throw new Failure(code, `Input "${inputName}" is "${harmlessLine(text, 300)}", which is ${what}`, concreteHint);
}

const concreteHint =
  'Give one version: /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/galleries/…/images/…/versions/1.2.3, for example the output imageVersionId of PublishGalleryVersion.';

type OtherCode = 'ImageVersionNotConcrete' | 'WrongResourceKind' | 'InvalidInput';

/** What a text is that is not the id of a version. */
export function otherThing(id: string): { readonly code: OtherCode; readonly what: string } {
  const version = parse(id, ['galleries', 'images', 'versions'])?.names[2];
  if (version?.toLowerCase() === 'latest')
    return { code: 'ImageVersionNotConcrete', what: 'whatever version is the latest at the time' };
  if (version !== undefined) return { code: 'InvalidInput', what: `not a version: "${version}" is not three numbers` };
  if (parse(id, ['galleries', 'images']))
    return { code: 'ImageVersionNotConcrete', what: 'an image definition without a version' };
  const kind = wrongKind(id);
  if (kind !== undefined) return { code: 'WrongResourceKind', what: kind };
  return { code: 'InvalidInput', what: notAVersion };
}

export const notAVersion = 'not the id of a gallery image version';

const kinds: Readonly<Record<string, string>> = {
  images: 'a managed image, not a version in a gallery',
  virtualmachines: 'a virtual machine, not an image',
  virtualmachinescalesets: 'a scale set, not an image',
  disks: 'a disk, not an image',
  snapshots: 'a snapshot, not an image',
  galleries: 'a gallery without an image definition',
};

function wrongKind(id: string): string | undefined {
  if (/^\/(?:communityGalleries|sharedGalleries)\//i.test(id))
    return 'an image of a shared or community gallery, which is not supported';
  if (/^[^/:\s]+:[^/:\s]+:[^/:\s]+:[^/:\s]+$/.test(id)) return 'a marketplace image';
  const [, provider = '', type = ''] =
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/([\w.]+)\/(\w+)\/[^/]+\/?$/i.exec(id) ?? [];
  return provider === '' ? undefined : (kinds[type.toLowerCase()] ?? `a resource of the type ${provider}/${type}`);
}

const isVersion = (version: string) => /^\d{1,10}\.\d{1,10}\.\d{1,10}$/.test(version);

interface Parts {
  readonly subscription: string;
  readonly group: string;
  readonly names: readonly string[];
}

/** The parts of `/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/<type>/<name>…` with exactly these types. */
function parse(id: string, types: readonly string[]): Parts | undefined {
  const pairs = types.map((type) => `${type}/([^/\\s?#]+)`).join('/');
  const pattern = new RegExp(
    `^/subscriptions/([^/\\s?#]+)/resourceGroups/([^/\\s?#]+)/providers/Microsoft\\.Compute/${pairs}/?$`,
    'i',
  );
  const [, subscription, group, ...names] = pattern.exec(id) ?? [];
  return subscription === undefined || group === undefined ? undefined : { subscription, group, names };
}
