import { writeRecord } from '../../../tasks/common/record/codec.ts';
import type { RolloutRecord } from '../../../tasks/common/record/record.ts';
import { testSubscription } from '../../azure/compute/builders.ts';
import { keyOf } from '../../azure/core/ids.ts';
import { addImage } from '../../PublishGalleryVersion/publish-request.ts';
import { record } from '../../support/rollout-record.ts';
import type { BadCase } from '../support/case.ts';
import type { Stage } from '../support/stage.ts';

const compute = `/subscriptions/${testSubscription}/resourceGroups/images/providers/Microsoft.Compute`;
const definition = `${compute}/galleries/gallery/images/web`;
const other = '99999999-0000-4000-8000-000000000099';

const upgrade = 'UpgradeScaleSetNodes';
const publish = 'PublishGalleryVersion';
const rollback = 'RollbackScaleSet';

type Properties = Readonly<Record<string, unknown>>;

/** Changes the model of the set, as somebody did long ago. */
function change({ set }: Stage, path: readonly string[], value: unknown): void {
  const put = (at: Properties, [head = '', ...rest]: readonly string[]): Properties => ({
    ...at,
    [head]: rest.length === 0 ? value : put((at[head] ?? {}) as Properties, rest),
  });
  set.properties = put(set.properties, path);
  const profile = set.properties['virtualMachineProfile'] as Properties;
  set.model = { ...set.model, profile };
}

const imagePath = ['virtualMachineProfile', 'storageProfile', 'imageReference'];
const tagged =
  (tags: Readonly<Record<string, string>>) =>
  ({ set }: Stage) => {
    set.tags = { ...set.tags, ...tags };
  };
const recorded = (changes: (stage: Stage) => Partial<RolloutRecord>) => (stage: Stage) => {
  const { v1, v2 } = stage.ids;
  stage.set.tags = writeRecord(stage.set.tags, { ...record, target: v2, stable: v1, ...changes(stage) });
};

/** Things that are not there. */
const missing: readonly BadCase[] = [
  {
    task: upgrade,
    bad: 'a set that is not there',
    inputs: { vmssName: 'shopp' },
    input: 'vmssName',
    code: 'ScaleSetNotFound',
    says: /^Input "vmssName" is "shopp", but there is no such scale set in resource group web\. Azure says: 404 ResourceNotFound/,
    hint: /az vmss list/,
  },
  {
    task: rollback,
    bad: 'a set of another group',
    inputs: { resourceGroupName: 'images' },
    input: 'vmssName',
    hides: true,
    code: 'ScaleSetNotFound',
    says: /^Input "vmssName" is "shop", but there is no such scale set in resource group images/,
  },
  {
    task: upgrade,
    bad: 'a group that is not there',
    inputs: { resourceGroupName: 'wep' },
    input: 'resourceGroupName',
    code: 'ResourceGroupNotFound',
    says: /^Input "resourceGroupName" is "wep", but there is no such resource group\. Azure says: 404 ResourceGroupNotFound/,
    hint: /az group list/,
  },
  {
    task: publish,
    bad: 'a group that is not there',
    inputs: { resourceGroupName: 'imges' },
    input: 'resourceGroupName',
    code: 'ResourceGroupNotFound',
    says: /^Input "resourceGroupName" is "imges", but there is no such resource group/,
  },
  {
    task: publish,
    bad: 'a gallery that is not there',
    inputs: { galleryName: 'galery' },
    input: 'galleryName',
    code: 'GalleryNotFound',
    says: /^Input "galleryName" is "galery", but there is no such gallery in resource group images/,
    hint: /az sig list/,
  },
  {
    task: publish,
    bad: 'a definition that is not there',
    inputs: { imageDefinitionName: 'shop-linux' },
    input: 'imageDefinitionName',
    code: 'ImageDefinitionNotFound',
    says: /^Input "imageDefinitionName" is "shop-linux", but there is no such image definition in gallery gallery/,
    hint: /create it first/,
  },
  {
    task: publish,
    bad: 'a source that is not there',
    inputs: { sourceImageId: `${compute}/images/web-7` },
    input: 'sourceImageId',
    code: 'SourceImageNotFound',
    says: /^Input "sourceImageId" is ".*\/web-7", but there is no such image\. Azure says: 404/,
    hint: /deleted/,
  },
  {
    task: publish,
    bad: 'a source version that is not there',
    inputs: { sourceImageId: `${definition}/versions/7.0.0` },
    input: 'sourceImageId',
    code: 'SourceImageNotFound',
    says: /^Input "sourceImageId" is ".*\/7\.0\.0", but there is no such image/,
  },
  {
    task: publish,
    bad: 'a source in a subscription that nobody here knows',
    inputs: { sourceImageId: `/subscriptions/${other}/resourceGroups/images/providers/Microsoft.Compute/images/web-1` },
    input: 'sourceImageId',
    code: 'SubscriptionNotFound',
    says: /^Input "sourceImageId" is ".*", but its subscription is not known here\. Azure says: 404 SubscriptionNotFound/,
  },
  {
    task: upgrade,
    bad: 'a version that is not there',
    inputs: { imageVersionId: `${definition}/versions/9.9.9` },
    input: 'imageVersionId',
    code: 'ImageVersionNotFound',
    says: /^Input "imageVersionId" is ".*\/9\.9\.9", but there is no such image version/,
  },
  {
    task: upgrade,
    bad: 'a gallery version of a subscription that nobody here knows',
    inputs: { imageVersionId: `${definition}/versions/2.0.0`.replace(testSubscription, other) },
    input: 'imageVersionId',
    code: 'SubscriptionNotFound',
    says: /^Input "imageVersionId" is ".*", but its subscription is not known here/,
  },
  {
    task: rollback,
    bad: 'a version that is not there',
    inputs: { to: `${definition}/versions/0.9.0` },
    input: 'to',
    code: 'ImageVersionNotFound',
    says: /^Input "to" is ".*\/0\.9\.0", but there is no such image version/,
  },
  {
    task: upgrade,
    bad: 'a way back whose image somebody deleted',
    prepare: ({ world, ids }) => void world.compute.versions.delete(keyOf(ids.v1)),
    code: 'ImageVersionNotFound',
    says: /^Image version .*\/1\.0\.0 does not exist$/,
    hint: /somebody has deleted it/,
  },
  {
    task: rollback,
    bad: 'nothing to go back to',
    inputs: { to: 'previous' },
    input: 'to',
    hides: true,
    code: 'NothingToRollBack',
    says: /^Input "to" is "previous", but scale set shop has no rollout record in its tags/,
    hint: /image version id/,
  },
  {
    task: rollback,
    bad: 'a finished rollout that knows nothing before it',
    inputs: { to: 'previous' },
    input: 'to',
    hides: true,
    prepare: recorded(() => ({ state: 'whole' })),
    code: 'NothingToRollBack',
    says: /^Input "to" is "previous", but the record of scale set shop knows no image before/,
  },
];

/** Things that are there and do not fit. */
const misfits: readonly BadCase[] = [
  {
    task: upgrade,
    bad: 'a version in another region',
    inputs: { imageVersionId: `${definition}/versions/4.0.0` },
    input: 'imageVersionId',
    code: 'ImageVersionNotInRegion',
    says: /^Input "imageVersionId" is ".*\/4\.0\.0", which is not replicated to koreacentral, where the scale set is$/,
    hint: /targetRegions/,
  },
  {
    task: rollback,
    bad: 'a version in another region',
    inputs: { to: `${definition}/versions/4.0.0` },
    input: 'to',
    code: 'ImageVersionNotInRegion',
    says: /^Input "to" is ".*\/4\.0\.0", which is not replicated to koreacentral/,
  },
  {
    task: upgrade,
    bad: 'an image of another system',
    inputs: { imageVersionId: `${definition}/versions/2.0.0` },
    input: 'imageVersionId',
    prepare({ world }) {
      const found = world.compute.definitions.get(keyOf(definition));
      if (found) found.properties = { ...found.properties, osType: 'Windows' };
    },
    code: 'ImageOsMismatch',
    says: /^Input "imageVersionId" is ".*\/2\.0\.0", which is a Windows image, but the scale set runs Linux$/,
  },
  {
    task: publish,
    bad: 'a source of another system',
    prepare: ({ world }) => void addImage(world, 'web-1', { osType: 'Windows' }),
    code: 'SourceDoesNotFit',
    says: 'The source does not fit gallery/web: operating system is Windows in the source and Linux in the definition',
  },
  {
    task: publish,
    bad: 'a source of another generation',
    prepare: ({ world }) => void addImage(world, 'web-1', { hyperVGeneration: 'V1' }),
    code: 'SourceDoesNotFit',
    says: /Hyper-V generation is V1 in the source and V2 in the definition/,
  },
  {
    task: publish,
    bad: 'a source that is still being made',
    prepare: ({ world }) => void addImage(world, 'web-1', { provisioningState: 'Creating' }),
    code: 'SourceNotReady',
    says: /images\/web-1 is Creating, not Succeeded$/,
    hint: /Wait/,
  },
  {
    task: publish,
    bad: 'a number that another source has',
    inputs: { imageVersion: '2.0.0' },
    input: 'imageVersion',
    code: 'VersionTaken',
    says: /versions\/2\.0\.0 exists and was made of .*, not of .*web-1$/,
    hint: /new number/,
  },
  {
    task: publish,
    bad: 'a version made of itself',
    inputs: { imageVersion: '2.0.0', sourceImageId: `${definition}/versions/2.0.0/` },
    input: 'sourceImageId',
    hides: true,
    code: 'ContradictoryInputs',
    says: `Input "sourceImageId" is "${definition}/versions/2.0.0", the very version that is to be published`,
  },
  ...(['Failed', 'Deleting'] as const).map(
    (state): BadCase => ({
      task: publish,
      bad: `a number whose version is ${state}`,
      inputs: { imageVersion: '2.0.0', sourceImageId: `${compute}/images/web-2.0.0` },
      input: 'imageVersion',
      prepare({ world, ids }) {
        addImage(world, 'web-2.0.0');
        const version = world.compute.versions.get(keyOf(ids.v2));
        if (version) version.provisioningState = state;
      },
      code: 'VersionBroken',
      says: new RegExp(`versions/2\\.0\\.0 exists and is ${state}$`),
    }),
  ),
];

/** Versions that are there and of no use. */
const halfDone = (['Creating', 'Deleting', 'Failed'] as const).map(
  (state): BadCase => ({
    task: state === 'Failed' ? rollback : upgrade,
    bad: `a version that is ${state}`,
    inputs: { [state === 'Failed' ? 'to' : 'imageVersionId']: `${definition}/versions/2.0.0` },
    input: state === 'Failed' ? 'to' : 'imageVersionId',
    prepare({ world, ids }) {
      const version = world.compute.versions.get(keyOf(ids.v2));
      if (version) version.provisioningState = state;
    },
    code: 'ImageVersionNotReady',
    says: new RegExp(
      `^Input "(imageVersionId|to)" is ".*/2\\.0\\.0", which is ${state}: no node could be made of it now$`,
    ),
  }),
);

/** Sets that a careful rollout cannot work on. */
const sets: readonly BadCase[] = [
  ...(['Automatic', 'Rolling'] as const).map(
    (mode): BadCase => ({
      task: mode === 'Automatic' ? upgrade : rollback,
      bad: `an upgrade policy that rolls by itself: ${mode}`,
      prepare: (stage) => change(stage, ['upgradePolicy', 'mode'], mode),
      code: 'UpgradePolicyWouldRoll',
      says: `Scale set shop has the upgrade policy "${mode}": Azure itself would roll every node as soon as the image is written`,
      hint: /az vmss update --name shop/,
    }),
  ),
  {
    task: upgrade,
    bad: 'automatic OS upgrades',
    prepare: (stage) =>
      change(stage, ['upgradePolicy', 'automaticOSUpgradePolicy'], { enableAutomaticOSUpgrade: true }),
    code: 'AutomaticOsUpgradeOn',
    says: /^Scale set shop has automatic OS upgrades switched on/,
    hint: /enableAutomaticOSUpgrade=false/,
  },
  {
    task: upgrade,
    bad: 'nobody who tells a good node from a bad one',
    prepare: (stage) => change(stage, ['virtualMachineProfile', 'extensionProfile'], { extensions: [] }),
    code: 'NoHealthSource',
    says: /^Scale set shop has neither a health probe nor the Application Health extension/,
  },
  {
    task: upgrade,
    bad: 'a node pool of AKS',
    prepare: tagged({ 'aks-managed-poolName': 'pool1' }),
    code: 'SetManagedByService',
    says: /^Scale set shop belongs to AKS/,
    hint: /through AKS/,
  },
  {
    task: rollback,
    bad: 'a pool of Batch',
    prepare: tagged({ BatchAccountName: 'b' }),
    code: 'SetManagedByService',
    says: /^Scale set shop belongs to Batch/,
  },
  {
    task: upgrade,
    bad: 'a pool of agents',
    prepare: tagged({ __AzureDevOpsElasticPool: 'agents' }),
    code: 'SetManagedByService',
    says: /an Azure DevOps agent pool/,
  },
  {
    task: upgrade,
    bad: 'a cluster of Service Fabric',
    prepare: (stage) =>
      change(stage, ['virtualMachineProfile', 'extensionProfile'], {
        extensions: [
          { name: 'sf', properties: { publisher: 'Microsoft.Azure.ServiceFabric', type: 'ServiceFabricLinuxNode' } },
        ],
      }),
    code: 'SetManagedByService',
    says: /^Scale set shop belongs to Service Fabric/,
  },
  {
    task: upgrade,
    bad: 'a marketplace image to go back to',
    prepare: (stage) =>
      change(stage, imagePath, { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' }),
    code: 'StableImageNotConcrete',
    says: /^Scale set shop runs a marketplace image, not a concrete version of a gallery image/,
    hint: /Publish what the nodes run/,
  },
  {
    task: upgrade,
    bad: 'a definition to go back to',
    prepare: (stage) => change(stage, imagePath, { id: stage.ids.definition }),
    code: 'StableImageNotConcrete',
    says: /galleries\/gallery\/images\/web, not a concrete version/,
  },
];

/** What others left in the set. */
const records: readonly BadCase[] = [
  {
    task: upgrade,
    bad: 'a rollout to another image that is open',
    inputs: { imageVersionId: `${definition}/versions/4.0.0` },
    prepare: recorded(() => ({})),
    code: 'AnotherRolloutOpen',
    says: /^Scale set shop is in the middle of rollout 0f1e2d3c-.* to .*\/2\.0\.0 \(waiting\)$/,
    hint: /RollbackScaleSet/,
  },
  {
    task: upgrade,
    bad: 'a rollout that another run holds',
    prepare: recorded(() => ({ state: 'rolling' })),
    code: 'RolloutHeldByAnotherRun',
    says: /20260105\.1/,
    hint: /takeover/,
  },
  {
    task: upgrade,
    bad: 'a model that another tool has changed',
    prepare(stage) {
      recorded(() => ({}))(stage);
      change(stage, imagePath, { id: stage.ids.elsewhere });
    },
    code: 'ModelChangedByOthers',
    says: /^Another tool changed the image of scale set shop to .*\/4\.0\.0 while rollout/,
    hint: /phoenix-/,
  },
  {
    task: upgrade,
    bad: 'a record of a later version of this task',
    prepare: tagged({ 'phoenix-schema': '99' }),
    code: 'RecordUnreadable',
    says: /schema is 99/,
  },
  {
    task: rollback,
    bad: 'a record with a hole in it',
    prepare(stage) {
      recorded(() => ({}))(stage);
      const { 'phoenix-state': _gone, ...tags } = stage.set.tags;
      stage.set.tags = tags;
    },
    code: 'RecordUnreadable',
    says: /state/,
  },
  {
    task: upgrade,
    bad: 'no room for the record',
    prepare: tagged(Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`tag${index}`, 'x']))),
    code: 'TooManyTags',
    says: /^Upgrade of shop to 2\.0\.0 halted: The scale set has 45 tags of its own; .* Azure allows 50$/,
    hint: /Remove tags/,
  },
];

export const cases: readonly BadCase[] = [...missing, ...misfits, ...halfDone, ...sets, ...records];
