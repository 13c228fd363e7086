import assert from 'node:assert/strict';
import { bakeImage } from '../../tasks/BakeImage/bake-image.ts';
import {
  addLock,
  createWorld,
  registerDirectory,
  simulatedHttpClient,
  virtualMachines,
  type World,
} from '../azure/index.ts';
import { type FakePacker, fakePacker, managedImage } from '../common/packer/fake-packer.ts';
import { documented, isOptional, restrict } from '../support/rights.ts';
import { clientSecret, type Stage, setStage } from './stage.ts';

const subscriptionId = '00000000-0000-4000-8000-000000000001';
const scope = `/subscriptions/${subscriptionId}/resourceGroups/images`;
const credentials = '"{{env `ARM_CLIENT_SECRET`}} {{env `ARM_SUBSCRIPTION_ID`}}"';
const templateText = `{"variables":{"a":${credentials}},"builders":[{"managed_image_resource_group_name":"images"}]}`;
const actions = documented('imageGroup');

describe('the rights of baking', () => {
  let world: World;
  let packer: FakePacker;
  let stage: Stage;
  let calls = 0;
  beforeEach(() => {
    calls = 0;
    world = createWorld({ clock: { now: () => Date.now() }, machines: virtualMachines() });
    registerDirectory(world, { tenantId: 'the-tenant', clientId: 'the-client', secret: clientSecret, subscriptionId });
    world.observers.push(({ url }) => {
      calls += url.hostname.startsWith('management.') ? 1 : 0;
    });
    packer = fakePacker({ build: { output: managedImage('web-1') } });
  });
  afterEach(() => {
    packer.remove();
    stage.remove();
  });

  const bake = (text = templateText) => {
    stage = setStage({ path: packer.path, templateText: text, httpClient: simulatedHttpClient(world), subscriptionId });
    return bakeImage(stage.request, stage.around);
  };

  it('are enough as documented for the group of the image', async () => {
    restrict(world, [{ scope, actions }]);
    await bake();
    assert.equal(packer.calls().at(-1)?.command, 'build');
    assert.equal(calls, 2);
  });

  for (const action of actions.filter((name) => !isOptional(name) && !name.endsWith('/delete')))
    it(`are missed before Packer starts: ${action}`, async () => {
      restrict(world, [{ scope, actions: actions.filter((name) => name !== action) }]);
      await assert.rejects(bake(), { code: 'RightsMissing', message: new RegExp(`Missing on ${scope}: ${action}$`) });
      assert.deepEqual(packer.calls(), []);
    });

  it('may lack the one to delete an image, which only a forced build needs', async () => {
    restrict(world, [{ scope, actions: actions.filter((name) => !name.endsWith('images/delete')) }]);
    await bake();
  });

  it('do not help against a lock', async () => {
    const { id } = addLock(world, scope, 'ReadOnly');
    await assert.rejects(bake(), { code: 'ScopeLocked', message: new RegExp(id) });
    assert.deepEqual(packer.calls(), []);
  });

  it('are a warning when nobody may look at them', async () => {
    restrict(world, [{ scope, actions: actions.filter((name) => !isOptional(name)) }]);
    await bake();
    assert.match(stage.lines.join('\n'), /The rights on .* are not known/);
  });

  const unknown = [
    { title: 'the group is not in the template', text: templateText.replace('"images"', '"{{user `x`}}"') },
    { title: 'the template signs in by itself', text: templateText.replace('ARM_CLIENT_SECRET', 'OWN') },
    { title: 'the template has a subscription of its own', text: templateText.replace('ARM_SUBSCRIPTION_ID', 'OWN') },
  ];
  for (const { title, text } of unknown)
    it(`are left to Packer when ${title}`, async () => {
      restrict(world, []);
      await bake(text);
      assert.equal(calls, 0);
    });
});
