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
  throw new Failure(
    'ImageVersionNotConcrete',
    `Input "${inputName}" is "${text}", which is ${whatItIs(text.trim())}`,
    concreteHint,
  );
}

const concreteHint =
  'Give one version: /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/galleries/…/images/…/versions/1.2.3, for example the output imageVersionId of PublishGalleryVersion.';

function whatItIs(id: string): string {
  const version = parse(id, ['galleries', 'images', 'versions'])?.names[2];
  if (version !== undefined)
    return version.toLowerCase() === 'latest'
      ? 'whatever version is the latest at the time'
      : `not a version: "${version}" is not three numbers`;
  if (parse(id, ['galleries', 'images'])) return 'an image definition without a version';
  if (parse(id, ['images'])) return 'a managed image, not a version in a gallery';
  if (/^\/(?:communityGalleries|sharedGalleries)\//i.test(id))
    return 'an image of a shared or community gallery, which is not supported';
  if (/^[^/:\s]+:[^/:\s]+:[^/:\s]+:[^/:\s]+$/.test(id)) return 'a marketplace image';
  return 'not the id of a gallery image version';
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
