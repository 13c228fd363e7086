import { addScaleSet, testSubscription } from '../../azure/compute/builders.ts';
import { keyOf } from '../../azure/core/ids.ts';
import { addAlertRule, addAutoscaleSetting } from '../../azure/index.ts';
import type { BadCase } from '../support/case.ts';
import { change, imagePath, recorded, tagged } from '../support/set-up.ts';
import type { Stage } from '../support/stage.ts';

const compute = `/subscriptions/${testSubscription}/resourceGroups/images/providers/Microsoft.Compute`;
const definition = `${compute}/galleries/gallery/images/web`;

const upgrade = 'UpgradeScaleSetNodes';
const rollback = 'RollbackScaleSet';

function fullAutoscale({ world, set }: Stage): void {
  const setting = addAutoscaleSetting(world, { set, minimum: 1, maximum: 4 });
  const [profile] = setting.properties['profiles'] as readonly unknown[];
  setting.properties = { ...setting.properties, profiles: Array.from({ length: 20 }, () => profile) };
}

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
    bad: 'an autoscale setting without room for one more profile',
    inputs: { autoscale: 'pause' },
    prepare: fullAutoscale,
    code: 'AutoscaleProfilesFull',
    says: /^Autoscale setting autoscale has 20 profiles, and Azure allows 20/,
    hint: /autoscale: keep/,
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

/** What nodes run that nobody wants to know. */
const models: BadCase = {
  task: upgrade,
  bad: 'nodes on ten different images',
  inputs: { vmssName: 'motley' },
  prepare({ world, ids }) {
    const { id } = addScaleSet(world, { name: 'motley', image: ids.v1, capacity: 10 });
    const nodes = [...world.compute.instances.values()].filter(({ setKey }) => setKey === keyOf(id));
    for (const [index, node] of nodes.entries())
      node.image = { ...node.image, reference: { id: `${definition}/versions/0.0.${index}` } };
  },
  code: 'TooManyModels',
  says: /^The nodes of scale set motley run 10 different images/,
};

/** What Azure Monitor says before anything is done. */
const alerts: readonly BadCase[] = [
  {
    task: upgrade,
    bad: 'an alert that has fired already',
    inputs: { alerts: 'errors' },
    prepare: ({ world, set }) => void addAlertRule(world, { name: 'errors', target: set, holds: () => true }),
    code: 'AlertsAlreadyFired',
    says: /^Before the rollout has begun, alert errors has fired on shop, since 2026-/,
    hint: /closing it/,
  },
  {
    task: upgrade,
    bad: 'an alert rule that is switched off',
    inputs: { alerts: 'errors' },
    prepare: ({ world, set }) =>
      void addAlertRule(world, { name: 'errors', target: set, holds: () => true, enabled: false }),
    code: 'AlertRuleDisabled',
    says: 'Input "alerts" names "errors", which is switched off: it could never fire',
  },
];
/** Somebody wrote another size into the model, and applied it to nobody. */
function resized({ set }: Stage): void {
  set.sku = { ...set.sku, name: 'Standard_D4s_v5' };
  set.model = { ...set.model, number: set.model.number + 1, skuName: set.sku.name };
}

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
    bad: 'force in the middle of a rollout that was begun without it',
    inputs: { force: 'true' },
    prepare: recorded(() => ({})),
    code: 'ForceChangedMidway',
    says: /^Input "force" is true, and rollout 0f1e2d3c-.* to .*\/2\.0\.0 \(waiting\) was begun without it/,
    hint: /force: false/,
  },
  {
    task: upgrade,
    bad: 'no force in the middle of a rollout that was begun with it',
    prepare: recorded(() => ({ renew: {} })),
    code: 'ForceChangedMidway',
    says: /^Input "force" is false, and rollout 0f1e2d3c-.* was begun with force: true/,
    hint: /force: true until that rollout is finished/,
  },
  {
    task: upgrade,
    bad: 'a list of disks to be renewed that somebody changed',
    prepare(stage) {
      recorded(() => ({ renew: {} }))(stage);
      stage.set.tags = { ...stage.set.tags, 'phoenix-renew': '0-3:abc' };
    },
    code: 'RecordUnreadable',
    says: /tag phoenix-renew is "0-3:abc"/,
    hint: /recordAction: forget/,
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
    hint: /set the model's image back to .*\/1\.0\.0 or .*\/2\.0\.0.* to: .*\/1\.0\.0\. .*recordAction: adopt\. .*recordAction: forget/,
  },
  {
    task: upgrade,
    bad: 'another size in the model that no node has yet',
    prepare: resized,
    code: 'ModelDriftPending',
    says: /^The model of scale set shop holds changes beside the image .* shop_0 \(size standard_d2s_v5, model standard_d4s_v5\), shop_1/,
    hint: /allowModelDrift: true/,
  },
  {
    task: rollback,
    bad: 'a model that another tool has changed beside its image',
    prepare(stage) {
      recorded(() => ({ model: { by: '24.1.0', parts: { size: '00000000' } } }))(stage);
    },
    code: 'ModelDrifted',
    says: /^Somebody changed the model of scale set shop beside its image since rollout .*: extensionProfile, .*, size, storageProfile\. /,
    hint: /allowModelDrift: true/,
  },
  {
    task: rollback,
    bad: 'a fleet of two images that is to be adopted',
    inputs: { recordAction: 'adopt', to: 'previous' },
    prepare({ world, set, ids }) {
      const [node] = [...world.compute.instances.values()].filter(({ setKey }) => setKey === keyOf(set.id));
      if (node) node.image = { ...node.image, reference: { id: ids.v2 } };
    },
    code: 'FleetNotOfOneImage',
    says: /^Scale set shop cannot be adopted as it is: its model names .*\/1\.0\.0, and shop_0 \(2\.0\.0\) runs something else$/,
    hint: /recordAction: forget/,
  },
  {
    task: upgrade,
    bad: 'a record of a later version of this task',
    prepare: tagged({ 'phoenix-schema': '99' }),
    code: 'RecordTooNew',
    says: /of schema 99; this version of the task reads 1 and 2$/,
    hint: /Do not delete the tags/,
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
    says: /^The scale set has 45 tags of its own; .* Azure allows 50$/,
    hint: /Remove tags/,
  },
  {
    task: rollback,
    bad: 'no room for the record',
    prepare: tagged(Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`tag${index}`, 'x']))),
    code: 'TooManyTags',
    says: /^The scale set has 45 tags of its own; .* Azure allows 50$/,
    hint: /Remove tags/,
  },
];

export const cases: readonly BadCase[] = [...sets, models, ...alerts, ...records];
