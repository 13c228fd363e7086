import { Failure } from '../failure.ts';
import type { Artifact } from './artifacts.ts';

/** What a build left in Azure. An empty text is a fact that Packer did not report. */
export interface BakedImage {
  readonly build: string;
  /** The managed image, or the gallery version when the build made no managed image. */
  readonly imageId: string;
  readonly imageName: string;
  readonly location: string;
  readonly osType: string;
  readonly galleryVersionId: string;
}

/**
 * The one image of a run. Post-processors pass artifacts on, so one image may be reported twice; two different images
 * are refused, because the pipeline's next step can name only one.
 */
export function bakedImage(artifacts: readonly Artifact[]): BakedImage {
  const images = new Map(
    artifacts
      .map(imageOf)
      .filter(isImage)
      .map((image) => [keyOf(image), image]),
  );
  const [image, ...others] = [...images.values()];
  if (image && others.length === 0) return image;
  throw image ? severalImages([image, ...others]) : noImage(artifacts);
}

/** The Azure builder's `Name: value` lines, as fields (pipelines.md §8). */
function artifactFields(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').flatMap((line) => {
    const [, name, value] = /^(\w+): (.*)$/.exec(line.trim()) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value.trim()] as const];
  });
  return Object.fromEntries(pairs);
}

function imageOf({ build, text }: Artifact): BakedImage {
  const fields = artifactFields(text);
  const managedImageId = fields['ManagedImageId'] ?? '';
  const galleryVersionId = fields['ManagedImageSharedImageGalleryId'] ?? '';
  const [firstRegion = ''] = (fields['SharedImageGalleryReplicatedRegions'] ?? '').split(',');
  return {
    build,
    imageId: managedImageId || galleryVersionId,
    imageName: fields['ManagedImageName'] ?? galleryName(galleryVersionId),
    location: fields['ManagedImageLocation'] ?? firstRegion.trim(),
    osType: fields['OSType'] ?? '',
    galleryVersionId,
  };
}

/** `web/1.0.0`: the definition and version of a gallery version's id. */
function galleryName(versionId: string): string {
  const [, definition, version] = /\/images\/([^/]+)\/versions\/([^/]+)$/i.exec(versionId) ?? [];
  return definition && version ? `${definition}/${version}` : '';
}

const isImage = (image: BakedImage) => image.imageId !== '';
const keyOf = (image: BakedImage) => `${image.imageId} ${image.galleryVersionId}`.toLowerCase();

function severalImages(images: readonly BakedImage[]): Failure {
  const list = images.map(({ build, imageId }) => `${build}: ${imageId}`).join(', ');
  return new Failure(
    'SeveralImages',
    `Packer made ${images.length} images, and this task can hand on only one: ${list}`,
    'Name the build that you want in "onlyBuilds", and run a BakeImage step for each image. The images listed above stay in Azure.',
  );
}

function noImage(artifacts: readonly Artifact[]): Failure {
  const vhd = artifacts
    .map(({ text }) => artifactFields(text))
    .map((f) => f['VHDOSDiskUri'] ?? f['OSDiskUri'])
    .find(Boolean);
  if (vhd) return onlyVhd(vhd);
  const made = artifacts.map(({ build, builderId }) => `${build} (${builderId})`).join(', ');
  return new Failure(
    'NoImage',
    made === '' ? 'Packer ended without an error, but it built nothing' : `Packer made no Azure image, only: ${made}`,
    made === ''
      ? 'Check that "onlyBuilds" and "exceptBuilds" leave a build of the template: Packer says nothing when they leave none.'
      : 'Use an azure-arm source with managed_image_name or shared_image_gallery_destination.',
  );
}

const onlyVhd = (uri: string) =>
  new Failure(
    'VhdNotSupported',
    `Packer made a VHD (${uri}), not a managed image and not a gallery version`,
    'Set managed_image_name and managed_image_resource_group_name in the template: a gallery version is made from those.',
  );
