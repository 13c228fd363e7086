import type { BadCase } from '../support/case.ts';
import { tenantId } from '../support/stage.ts';

/** What goes wrong alike in every task: the connection, the subscription, what is left empty, what was not set. */
export const cases: readonly BadCase[] = [
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'no service connection',
    inputs: { azureSubscription: '' },
    input: 'azureSubscription',
    code: 'InputMissing',
    says: 'Input "azureSubscription" is empty',
  },
  {
    task: 'BakeImage',
    bad: 'a service connection that the job was not given',
    inputs: { azureSubscription: 'Shop (production)' },
    input: 'azureSubscription',
    code: 'ConnectionNotFound',
    says: 'Input "azureSubscription" is "Shop (production)", but the agent gave this job no service connection of that id',
    hint: /compiled/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a service connection whose variable nobody set',
    inputs: { azureSubscription: '$(connection)' },
    input: 'azureSubscription',
    code: 'VariableNotSet',
    says: 'Input "azureSubscription" is "$(connection)"',
    hint: /The variable "connection" was not set when this step began\. Set it/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'a service connection that is no more',
    inputs: { azureSubscription: '99999999-0000-4000-8000-000000000000' },
    input: 'azureSubscription',
    code: 'ConnectionNotFound',
    says: /no service connection of that id$/,
  },
  ...(['BakeImage', 'PublishGalleryVersion', 'UpgradeScaleSetNodes', 'RollbackScaleSet'] as const).map(
    (task): BadCase => ({
      task,
      bad: 'the name of a subscription in place of its id',
      inputs: { subscriptionId: 'Shop production' },
      input: 'subscriptionId',
      code: 'InvalidInput',
      says: 'Input "subscriptionId" is "Shop production"',
      hint: /az account list/,
    }),
  ),
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'another subscription than the connection’s own',
    inputs: { subscriptionId: tenantId },
    input: 'subscriptionId',
    code: 'ContradictoryInputs',
    says: /is made for the subscription 00000000-0000-4000-8000-000000000001$/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a connection of a management group without a subscription',
    prepare: ({ endpoint }) => {
      delete endpoint.data['subscriptionId'];
      endpoint.data['ScopeLevel'] = 'ManagementGroup';
    },
    input: 'subscriptionId',
    code: 'InputMissing',
    says: /^Input "subscriptionId" is empty, and service connection .* is made for a management group/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'an output of a step that has no name',
    inputs: { imageVersionId: '$(publish.imageVersionId)' },
    input: 'imageVersionId',
    code: 'VariableNotSet',
    says: 'Input "imageVersionId" is "$(publish.imageVersionId)"',
    hint: /If "publish" is a step: give that step `name: publish`.*stageDependencies/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'an output of a step of another job',
    inputs: { sourceImageId: '$(bake.imageId)' },
    input: 'sourceImageId',
    code: 'VariableNotSet',
    says: 'Input "sourceImageId" is "$(bake.imageId)"',
    hint: /If "bake" is a step/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'a runtime expression in an input',
    inputs: { vmssName: '$[ variables.setName ]' },
    input: 'vmssName',
    code: 'VariableNotSet',
    says: 'Input "vmssName" is "$[ variables.setName ]"',
    hint: /Runtime expressions/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'half a variable',
    inputs: { maxUnavailable: '$(limit' },
    input: 'maxUnavailable',
    code: 'VariableNotSet',
    says: 'Input "maxUnavailable" is "$(limit"',
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a variable in the middle of a number',
    inputs: { imageVersion: '1.0.$(patch)' },
    input: 'imageVersion',
    code: 'VariableNotSet',
    says: 'Input "imageVersion" is "1.0.$(patch)"',
  },
  ...(
    [
      ['UpgradeScaleSetNodes', 'resourceGroupName'],
      ['UpgradeScaleSetNodes', 'vmssName'],
      ['UpgradeScaleSetNodes', 'imageVersionId'],
      ['RollbackScaleSet', 'resourceGroupName'],
      ['RollbackScaleSet', 'vmssName'],
      ['PublishGalleryVersion', 'resourceGroupName'],
      ['PublishGalleryVersion', 'galleryName'],
      ['PublishGalleryVersion', 'imageDefinitionName'],
      ['PublishGalleryVersion', 'sourceImageId'],
      ['PublishGalleryVersion', 'imageVersion'],
      ['BakeImage', 'templatePath'],
    ] as const
  ).map(
    ([task, input]): BadCase => ({
      task,
      bad: `nothing but spaces in ${input}`,
      inputs: { [input]: '   ' },
      input,
      code: 'InputMissing',
      says: `Input "${input}" is empty`,
      hint: new RegExp(`Give "${input}" a value`),
    }),
  ),
];
