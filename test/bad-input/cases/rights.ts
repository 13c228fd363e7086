import { testSubscription } from '../../azure/compute/builders.ts';
import { addLock } from '../../azure/index.ts';
import { documented, restrict, without } from '../../support/rights.ts';
import type { BadCase } from '../support/case.ts';
import { arm, trick } from '../support/hostile.ts';
import type { Stage } from '../support/stage.ts';

const subscription = `/subscriptions/${testSubscription}`;
const web = `${subscription}/resourceGroups/web`;
const set = `${web}/providers/Microsoft.Compute/virtualMachineScaleSets/shop`;
const images = `${subscription}/resourceGroups/images`;
const template =
  '{"variables":{"a":"{{env `ARM_CLIENT_SECRET`}} {{env `ARM_SUBSCRIPTION_ID`}}"},"builders":[{"managed_image_resource_group_name":"images"}]}';

/** What the documented roles give, each where it is needed. */
const everything = () => [
  { scope: web, actions: documented('scaleSet', 'drain', 'undrain', 'operations') },
  { scope: images, actions: documented('gallery', 'operations', 'sourceImage', 'imageVersion', 'imageGroup') },
];
const lacking =
  (action: string, scope: string) =>
  ({ world }: Stage) =>
    restrict(world, without(everything(), action, scope));
const scripts = { drainScript: 'drain.sh', undrainScript: 'undrain.sh' };
const withScripts = ({ file }: Stage) => {
  file('drain.sh', 'phoenix-drain start\n');
  file('undrain.sh', 'phoenix-drain cancel\n');
};
const provider = 'Microsoft.Compute';

/** Rights that are missing, locks and policies. */
export const cases: readonly BadCase[] = [
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'an identity without any role',
    prepare: ({ world }) =>
      restrict(world, [{ scope: subscription, actions: ['Microsoft.Authorization/permissions/read'] }]),
    code: 'RightsMissing',
    says: new RegExp(
      `application 22222222-.*lacks rights that this task needs; nothing has been changed\\. Missing on ${set}: .*${provider}/virtualMachineScaleSets/write.*; on ${images}/providers/.*versions/2\\.0\\.0: `,
    ),
    hint: /docs\/permissions\.md/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'no right to upgrade a node',
    prepare: lacking(`${provider}/virtualMachineScaleSets/manualUpgrade/action`, web),
    code: 'RightsMissing',
    says: new RegExp(`Missing on ${set}: ${provider}/virtualMachineScaleSets/manualUpgrade/action$`),
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'no right to reimage a node, with force',
    inputs: { force: 'true' },
    prepare: ({ world }) => restrict(world, everything()),
    code: 'RightsMissing',
    says: new RegExp(`Missing on ${set}: ${provider}/virtualMachineScaleSets/reimage/action$`),
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'no right to run a drain script',
    inputs: scripts,
    prepare(stage) {
      withScripts(stage);
      lacking(`${provider}/virtualMachineScaleSets/virtualMachines/runCommands/write`, web)(stage);
    },
    code: 'RightsMissing',
    says: /virtualMachines\/runCommands\/write$/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'no right to read the image',
    prepare: lacking(`${provider}/galleries/images/versions/read`, images),
    code: 'RightsMissing',
    says: /Missing on .*versions\/2\.0\.0: Microsoft\.Compute\/galleries\/images\/versions\/read$/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a group in which the identity may do nothing, because its name is another',
    inputs: { resourceGroupName: 'webb' },
    prepare: ({ world }) =>
      restrict(world, [
        ...everything(),
        { scope: subscription, actions: ['Microsoft.Authorization/permissions/read'] },
      ]),
    code: 'RightsMissing',
    says: /resourceGroups\/webb\/providers\/Microsoft\.Compute\/virtualMachineScaleSets\/shop: /,
    hint: /names in the inputs/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'no right to write versions',
    prepare: lacking(`${provider}/galleries/images/versions/write`, images),
    code: 'RightsMissing',
    says: new RegExp(
      `Missing on ${images}/providers/${provider}/galleries/gallery: ${provider}/galleries/images/versions/write(;|$)`,
    ),
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'no right to read the source',
    prepare: lacking(`${provider}/images/read`, images),
    code: 'RightsMissing',
    says: /images\/web-1: .*Microsoft\.Compute\/images\/read/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'no right to read the set',
    prepare: lacking(`${provider}/virtualMachineScaleSets/read`, web),
    code: 'RightsMissing',
    says: /virtualMachineScaleSets\/read/,
  },
  {
    task: 'BakeImage',
    bad: 'no right to make an image in the group',
    prepare(stage) {
      stage.file('web.json', template);
      lacking(`${provider}/images/write`, images)(stage);
    },
    code: 'RightsMissing',
    says: new RegExp(`Missing on ${images}: ${provider}/images/write$`),
  },
  ...[set, web, subscription].map(
    (scope): BadCase => ({
      task: 'UpgradeScaleSetNodes',
      bad: `a lock against writing at ${scope === set ? 'the set' : scope === web ? 'its group' : 'the subscription'}`,
      prepare: ({ world }) => void addLock(world, scope, 'ReadOnly'),
      code: 'ScopeLocked',
      says: `${set} is locked; nothing has been changed. In the way: ReadOnly lock ${scope}/providers/Microsoft.Authorization/locks/lock`,
      hint: /lock removed/,
    }),
  ),
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a lock against deleting, where drains leave run commands to delete',
    inputs: scripts,
    prepare(stage) {
      withScripts(stage);
      addLock(stage.world, web, 'CanNotDelete');
    },
    code: 'ScopeLocked',
    says: /In the way: CanNotDelete lock/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'a locked set',
    prepare: ({ world }) => void addLock(world, set, 'ReadOnly'),
    code: 'ScopeLocked',
    says: /shop is locked; nothing has been changed/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a locked gallery',
    prepare: ({ world }) => void addLock(world, images, 'ReadOnly'),
    code: 'ScopeLocked',
    says: /galleries\/gallery\/images\/web is locked/,
  },
  {
    task: 'BakeImage',
    bad: 'a locked group of images',
    prepare(stage) {
      stage.file('web.json', template);
      addLock(stage.world, images, 'ReadOnly');
    },
    code: 'ScopeLocked',
    says: new RegExp(`^${images} is locked; nothing has been changed`),
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'rights that nobody may look up, and a write that is refused',
    foreseen: false,
    prepare: ({ world }) =>
      restrict(world, [
        {
          scope: subscription,
          actions: ['*/read', `${provider}/*`],
          notActions: ['Microsoft.Authorization/*', `${provider}/virtualMachineScaleSets/write`],
        },
      ]),
    code: 'AccessDenied',
    says: /403 AuthorizationFailed: .*perform action 'Microsoft\.Compute\/virtualMachineScaleSets\/write' over scope/,
    hint: /docs\/permissions\.md/,
    triesToWrite: true,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a right on the source that counts only when Azure links to it',
    prepare: (stage) =>
      trick(stage, 'PUT /versions/5.0.0', arm(403, 'LinkedAuthorizationFailed', 'no read on the linked scope')),
    code: 'AccessDenied',
    says: /^Publishing version 5\.0\.0 of gallery\/web failed: 403 LinkedAuthorizationFailed/,
    hint: /linked resource/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'an Azure Policy',
    foreseen: false,
    prepare: (stage) =>
      trick(
        stage,
        'PATCH /shop',
        arm(403, 'RequestDisallowedByPolicy', "Resource 'shop' was disallowed by policy 'approved-images'."),
      ),
    code: 'PolicyDenied',
    says: /disallowed by policy 'approved-images'/,
    hint: /exemption/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a lock that was set in between',
    prepare: (stage) =>
      trick(
        stage,
        'PUT /versions/5.0.0',
        arm(409, 'ScopeLocked', `The scope '${images}' cannot perform write operation`),
      ),
    code: 'ScopeLocked',
    says: /409 ScopeLocked/,
    hint: /lock/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a refusal without a word',
    foreseen: false,
    prepare: (stage) => trick(stage, 'PATCH /shop', { status: 403, body: {} }),
    code: 'AccessDenied',
    says: /scale set shop failed: 403: Azure answered 403/,
    hint: /roles/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a refusal in another form than Azure’s',
    prepare: (stage) => trick(stage, 'PUT /versions/5.0.0', { status: 400, body: { Message: 'no' } }),
    code: 'AzureRefused',
    says: 'Publishing version 5.0.0 of gallery/web failed: 400: {"Message":"no"}',
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'an error that is a text',
    prepare: (stage) => trick(stage, 'PUT /versions/5.0.0', { status: 400, body: { error: 'invalid_request' } }),
    code: 'AzureRefused',
    says: 'Publishing version 5.0.0 of gallery/web failed: 400: {"error":"invalid_request"}',
  },
];
