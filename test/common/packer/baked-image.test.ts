import assert from 'node:assert/strict';
import { artifactsOf } from '../../../tasks/common/packer/artifacts.ts';
import { bakedImage } from '../../../tasks/common/packer/baked-image.ts';
import { parseLine } from '../../../tasks/common/packer/machine-readable.ts';

const imageId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/web-1';
const versionId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/x/images/web/versions/1.0.0';

const managed = [
  'Azure.ResourceManagement.VMImage:',
  '',
  'OSType: Linux',
  'ManagedImageResourceGroupName: g',
  'ManagedImageName: web-1',
  `ManagedImageId: ${imageId}`,
  'ManagedImageLocation: koreacentral',
];
const gallery = [
  `ManagedImageSharedImageGalleryId: ${versionId}`,
  'SharedImageGalleryReplicatedRegions: koreacentral, japaneast',
];

/** What Packer prints for artifacts with these texts. */
const printed = (...texts: readonly (readonly [build: string, lines: readonly string[]])[]) =>
  artifactsOf(
    texts.flatMap(([build, lines], index) => [
      parseLine(`1,${build},artifact,${index},builder-id,Azure.ResourceManagement.VMImage`),
      parseLine(`1,${build},artifact,${index},string,${lines.join('\\n').replaceAll(',', '%!(PACKER_COMMA)')}`),
      parseLine(`1,${build},artifact,${index},end`),
    ]),
  );

describe('bakedImage', () => {
  it('takes the managed image with its facts', () =>
    assert.deepEqual(bakedImage(printed(['azure-arm', managed])), {
      build: 'azure-arm',
      imageId,
      imageName: 'web-1',
      location: 'koreacentral',
      osType: 'Linux',
      galleryVersionId: '',
    }));

  it('adds the gallery version when the template published one too', () =>
    assert.equal(bakedImage(printed(['azure-arm', [...managed, ...gallery]])).galleryVersionId, versionId));

  it('takes the gallery version alone when there is no managed image', () => {
    const image = bakedImage(printed(['azure-arm', ['OSType: Linux', ...gallery]]));
    assert.equal(image.imageId, versionId);
    assert.equal(image.imageName, 'web/1.0.0');
    assert.equal(image.location, 'koreacentral');
  });

  it('counts an image once that a post-processor passes on', () =>
    assert.equal(bakedImage(printed(['azure-arm', managed], ['azure-arm', managed])).imageId, imageId));

  const refusals = [
    {
      name: 'two different images, naming both',
      artifacts: printed(['a', managed], ['b', [`ManagedImageId: ${imageId}-other`]]),
      code: 'SeveralImages',
      says: /web-1, b: .*web-1-other/,
    },
    { name: 'nothing built', artifacts: [], code: 'NoImage', says: /built nothing/ },
    {
      name: 'something that is no image of Azure',
      artifacts: printed(['file', ['Stored file: out.txt']]),
      code: 'NoImage',
      says: /only: file/,
    },
    {
      name: 'a VHD, naming it',
      artifacts: printed(['a', ['VHDOSDiskUri: https://x/y.vhd']]),
      code: 'VhdNotSupported',
      says: /https:\/\/x\/y\.vhd/,
    },
  ];
  for (const { name, artifacts, code, says } of refusals)
    it(`refuses ${name}`, () => assert.throws(() => bakedImage(artifacts), { code, message: says }));
});
