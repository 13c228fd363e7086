import { testSubscription } from '../../azure/compute/builders.ts';
import { keyOf } from '../../azure/core/ids.ts';
import type { BadCase } from '../support/case.ts';
import { recorded } from '../support/set-up.ts';

const compute = `/subscriptions/${testSubscription}/resourceGroups/images/providers/Microsoft.Compute`;
const definition = `${compute}/galleries/gallery/images/web`;
const other = '99999999-0000-4000-8000-000000000099';

const upgrade = 'UpgradeScaleSetNodes';
const publish = 'PublishGalleryVersion';
const rollback = 'RollbackScaleSet';

/** Things that are not there. */
export const cases: readonly BadCase[] = [
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'an alert rule that is not there',
    inputs: { alerts: 'errors' },
    input: 'alerts',
    code: 'AlertRuleNotFound',
    says: /^Input "alerts" names "errors", and there is no such alert rule in resource group web\. Azure says: 404 ResourceNotFound/,
    hint: /by its id/,
  },
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
  {
    task: rollback,
    bad: 'an open rollout that renews the proven image',
    inputs: { to: 'previous' },
    input: 'to',
    hides: true,
    prepare: recorded(({ ids }) => ({ renew: {}, stable: ids.v2, previous: ids.v1 })),
    code: 'NothingToRollBack',
    says: /^Input "to" is "previous", and there is nothing to take back: rollout .* scale set shop \(waiting\) gives fresh disks/,
    hint: /force: true.*recordAction: adopt/,
  },
];
