import { addScaleSet } from '../../azure/compute/builders.ts';
import type { GoodCase } from '../support/case.ts';
import { ofThisRun, recorded } from '../support/set-up.ts';
import type { Stage } from '../support/stage.ts';

const upgrade = 'UpgradeScaleSetNodes';
const publish = 'PublishGalleryVersion';
const rollback = 'RollbackScaleSet';
const bake = 'BakeImage';

const withScript =
  (name: string, text: string) =>
  ({ file }: Stage) =>
    void file(name, text);

/** Values as people write them, and as YAML and the agent hand them on: every one of them means something. */
export const cases: readonly GoodCase[] = [
  { task: upgrade, good: 'True, as YAML and PowerShell write it', inputs: { takeover: 'True' } },
  { task: upgrade, good: 'a word in capitals, with a space behind it', inputs: { takeover: 'FALSE ' } },
  { task: upgrade, good: 'a share with spaces', inputs: { nodes: ' 100 % ', maxUnavailable: ' 40 % ' } },
  { task: upgrade, good: 'a number with the line end of a block', inputs: { nodes: '3\n', maxUnavailable: '2\r\n' } },
  { task: upgrade, good: 'more nodes than there are', inputs: { nodes: '50' } },
  { task: upgrade, good: 'half a percent, which is one node', inputs: { maxUnavailable: '0.5%' } },
  { task: upgrade, good: 'names in another case', inputs: { vmssName: 'SHOP', resourceGroupName: 'Web' } },
  {
    task: upgrade,
    good: 'names with blanks around them',
    inputs: { vmssName: ' shop\n', resourceGroupName: '\tweb ' },
  },
  { task: upgrade, good: 'a name with a mark that nobody sees before it', inputs: { vmssName: '\uFEFFshop' } },
  {
    task: upgrade,
    good: 'the connection’s own subscription in capitals',
    inputs: { subscriptionId: ' 00000000-0000-4000-8000-000000000001\n' },
  },
  {
    task: upgrade,
    good: 'an id in another case',
    inputs: { imageVersionId: idOf('2.0.0').toUpperCase().replace('VERSIONS', 'versions') },
  },
  { task: upgrade, good: 'an id with a slash at its end', inputs: { imageVersionId: `${idOf('2.0.0')}/` } },
  { task: upgrade, good: 'an id with a line end', inputs: { imageVersionId: `${idOf('2.0.0')}\r\n` } },
  {
    task: upgrade,
    good: 'times with spaces and capitals',
    inputs: { nodeHealthTimeout: ' 10 M ', progressDeadline: '1H 30m' },
  },
  {
    task: upgrade,
    good: 'times as bare numbers',
    inputs: { nodeHealthTimeout: '10', progressDeadline: '30', drainTimeout: '5' },
  },
  { task: upgrade, good: 'a time in seconds', inputs: { nodeHealthTimeout: '600s' } },
  { task: upgrade, good: 'no health to wait for', inputs: { minReadySeconds: '0' } },
  {
    task: upgrade,
    good: 'empty optional inputs',
    inputs: { drainScript: '', undrainScript: ' ', nodes: '', takeover: '' },
  },
  {
    task: upgrade,
    good: 'a script in a path with spaces and accents, with line ends of Windows',
    inputs: { drainScript: 'ops/vidé e fin/drain.sh', onDrainTimeout: 'Proceed' },
    prepare: withScript('ops/vidé e fin/drain.sh', 'phoenix-drain start\r\n'),
  },
  {
    task: upgrade,
    good: 'a set in a group with every mark that a name may have',
    inputs: { resourceGroupName: '._web-1_(ü).हिन्दी', vmssName: 'shop-2' },
    prepare: ({ world, ids }) =>
      void addScaleSet(world, { group: '._web-1_(ü).हिन्दी', name: 'shop-2', image: ids.v1, capacity: 2 }),
  },
  { task: rollback, good: 'an id with a slash at its end and a blank', inputs: { to: `${idOf('2.0.0')}/ ` } },
  {
    task: rollback,
    good: 'what this run has brought, in small letters and with a blank',
    inputs: { to: 'thisrun ' },
    prepare: recorded((stage) => ({ ...ofThisRun(stage), state: 'halted' })),
  },
  { task: rollback, good: 'limits with blanks', inputs: { maxUnavailable: '50 %', maxFailedNodes: ' 0 ' } },
  { task: publish, good: 'a region by its long name', inputs: { targetRegions: 'Korea Central' } },
  {
    task: publish,
    good: 'a region by its short name in capitals',
    inputs: { targetRegions: 'KoreaCentral = 2 , standard_zrs' },
  },
  {
    task: publish,
    good: 'lines of Windows, with empty ones',
    inputs: { targetRegions: 'koreacentral=1\r\n\r\n  Japan East \r\n' },
  },
  { task: publish, good: 'a source in another case', inputs: { sourceImageId: imageId().toLowerCase() } },
  { task: publish, good: 'a source with a slash at its end', inputs: { sourceImageId: `${imageId()}/` } },
  {
    task: publish,
    good: 'a version of a gallery as the source, with a slash',
    inputs: { sourceImageId: `${idOf('2.0.0')}/` },
  },
  {
    task: publish,
    good: 'a number with the line end of a block',
    inputs: { imageVersion: '5.0.0\n', timeoutInMinutes: ' 60\n' },
  },
  { task: publish, good: 'the largest number', inputs: { imageVersion: '2147483647.0.2147483647' } },
  { task: publish, good: 'True', inputs: { excludeFromLatest: 'True' } },
  {
    task: bake,
    good: 'variables and builds in lines of Windows',
    inputs: { variables: 'a=1\r\nb = x = y\r\n', onlyBuilds: 'azure-arm\r\n' },
  },
  { task: bake, good: 'the root of the sources as working directory', inputs: { workingDirectory: './' } },
  {
    task: bake,
    good: 'a folder of HCL2 files, with a slash',
    inputs: { templatePath: 'packer/' },
    prepare: withScript('packer/web.pkr.hcl', 'packer {}\n'),
  },
];

function idOf(version: string): string {
  return `${compute()}/galleries/gallery/images/web/versions/${version}`;
}

function imageId(): string {
  return `${compute()}/images/web-1`;
}

function compute(): string {
  return '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images/providers/Microsoft.Compute';
}
