import type { BadCase } from '../support/case.ts';

const group = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images';
const compute = `${group}/providers/Microsoft.Compute`;
const definition = `${compute}/galleries/gallery/images/web`;

type Row = readonly [bad: string, value: string, code: string, which: string];

/** Ids of things that a node can't be brought to. */
const noVersion: readonly Row[] = [
  ['latest', `${definition}/versions/latest`, 'ImageVersionNotConcrete', 'whatever version is the latest at the time'],
  ['LATEST', `${definition}/versions/LATEST`, 'ImageVersionNotConcrete', 'whatever version is the latest at the time'],
  ['a definition', definition, 'ImageVersionNotConcrete', 'an image definition without a version'],
  ['a managed image', `${compute}/images/web-1`, 'WrongResourceKind', 'a managed image, not a version in a gallery'],
  ['a virtual machine', `${compute}/virtualMachines/vm`, 'WrongResourceKind', 'a virtual machine, not an image'],
  ['a scale set', `${compute}/virtualMachineScaleSets/shop`, 'WrongResourceKind', 'a scale set, not an image'],
  ['a disk', `${compute}/disks/d`, 'WrongResourceKind', 'a disk, not an image'],
  ['a gallery', `${compute}/galleries/gallery`, 'WrongResourceKind', 'a gallery without an image definition'],
  [
    'a storage account',
    `${group}/providers/Microsoft.Storage/storageAccounts/x`,
    'WrongResourceKind',
    'a resource of the type Microsoft.Storage/storageAccounts',
  ],
  ['a marketplace image', 'Canonical:ubuntu-24_04-lts:server:latest', 'WrongResourceKind', 'a marketplace image'],
  [
    'a community gallery',
    '/communityGalleries/x-123/images/web/versions/1.0.0',
    'WrongResourceKind',
    'an image of a shared or community gallery, which is not supported',
  ],
  ['two numbers', `${definition}/versions/2.0`, 'InvalidInput', 'not a version: "2.0" is not three numbers'],
  [
    'a v before the number',
    `${definition}/versions/v2.0.0`,
    'InvalidInput',
    'not a version: "v2.0.0" is not three numbers',
  ],
  ['a number alone', '2.0.0', 'InvalidInput', 'not the id of a gallery image version'],
  [
    'an address of the portal',
    `https://portal.azure.com/#@x/resource${definition}/versions/2.0.0`,
    'InvalidInput',
    'not the id of a gallery image version',
  ],
  ['an id in quotes', `'${definition}/versions/2.0.0'`, 'InvalidInput', 'not the id of a gallery image version'],
];

const refused = (task: BadCase['task'], input: string, [bad, value, code, which]: Row): BadCase => ({
  task,
  bad: `${bad} in ${input}`,
  inputs: { [input]: value },
  input,
  code,
  says: `Input "${input}" is "${value}", which is ${which}`,
  hint: /Give one version: .*imageVersionId of PublishGalleryVersion/,
});

const noSource: readonly Row[] = [
  ['a virtual machine', `${compute}/virtualMachines/vm`, 'WrongResourceKind', 'a virtual machine, not an image'],
  ['a snapshot', `${compute}/snapshots/s`, 'WrongResourceKind', 'a snapshot, not an image'],
  ['a definition', definition, 'ImageVersionNotConcrete', 'an image definition without a version'],
  ['latest', `${definition}/versions/latest`, 'ImageVersionNotConcrete', 'whatever version is the latest at the time'],
  ['a name alone', 'web-1', 'InvalidInput', 'neither the id of a managed image nor that of a gallery version'],
  [
    'a VHD',
    'https://x.blob.core.windows.net/vhds/web.vhd',
    'InvalidInput',
    'neither the id of a managed image nor that of a gallery version',
  ],
  ['a marketplace image', 'Canonical:ubuntu-24_04-lts:server:latest', 'WrongResourceKind', 'a marketplace image'],
];

export const cases: readonly BadCase[] = [
  ...noVersion.map((row) => refused('UpgradeScaleSetNodes', 'imageVersionId', row)),
  ...noVersion.filter((_, index) => [0, 2, 3, 13].includes(index)).map((row) => refused('RollbackScaleSet', 'to', row)),
  {
    task: 'RollbackScaleSet',
    bad: 'a word for the way back',
    inputs: { to: 'last' },
    input: 'to',
    code: 'InvalidInput',
    says: 'Input "to" is "last", which is not the id of a gallery image version',
  },
  ...noSource.map((row) => ({
    ...refused('PublishGalleryVersion', 'sourceImageId', row),
    hint: /whole id of a managed image.*or of a gallery version/,
  })),
];
