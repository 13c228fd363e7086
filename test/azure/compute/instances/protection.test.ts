import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet } from '../builders.ts';
import { instancesOf } from '../lookup.ts';
import type { Instance, ScaleSet } from '../state.ts';
import { bodyOf, openStage, type Stage, shop } from '../support.ts';

describe('protection of an instance', () => {
  let stage: Stage;
  let set: ScaleSet;
  afterEach(() => stage.close());

  /** Three instances; 1 is protected. The model names 2.0.0. */
  const open = async (protectionPolicy: Record<string, boolean>, upgradeMode: 'Manual' | 'Automatic' = 'Manual') => {
    stage = openStage({ rateLimits: false });
    const image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
    const { id } = addGalleryVersion(stage.world, { version: '2.0.0' });
    set = addScaleSet(stage.world, { name: 'shop', image, capacity: 3, upgradeMode });
    protect(protectionPolicy);
    await pass(5_000);
    stage.call('PATCH', shop, {
      properties: { virtualMachineProfile: { storageProfile: { imageReference: { id } } } },
    });
    await pass(5_000);
  };
  const protect = (protectionPolicy: Record<string, boolean>) =>
    stage.call('PUT', `${shop}/virtualMachines/1`, { location: 'koreacentral', properties: { protectionPolicy } });
  const pass = async (ms: number) => {
    await stage.pass(ms);
    stage.call('GET', shop);
  };
  const instance = (id: string): Instance | undefined =>
    instancesOf(stage.world, set).find(({ instanceId }) => instanceId === id);
  /** Who is being changed at this moment. */
  const busy = () =>
    instancesOf(stage.world, set)
      .filter(({ provisioningState }) => provisioningState !== 'Succeeded')
      .map(({ instanceId }) => instanceId)
      .join(' ');
  const actions = { protectFromScaleIn: true, protectFromScaleSetActions: true };

  const ofTheSet = ['manualupgrade', 'reimage', 'reimageall', 'restart', 'poweroff', 'deallocate'];
  for (const action of ofTheSet) {
    it(`from the actions of the set keeps it out of ${action}, though it is named`, async () => {
      await open(actions);
      stage.call('POST', `${shop}/${action}`, { instanceIds: ['0', '1'] });
      assert.equal(busy(), '0');
    });

    it(`from the actions of the set keeps it out of ${action} of all`, async () => {
      await open(actions);
      stage.call('POST', `${shop}/${action}`, { instanceIds: ['*'] });
      assert.equal(busy(), '0 2');
    });

    it(`from scale-in does not keep it out of ${action}`, async () => {
      await open({ protectFromScaleIn: true });
      stage.call('POST', `${shop}/${action}`, { instanceIds: ['1'] });
      assert.equal(busy(), '1');
    });
  }

  for (const action of ['reimage', 'restart', 'poweroff', 'deallocate'])
    it(`does not keep it out of ${action} on its own path`, async () => {
      await open(actions);
      stage.call('POST', `${shop}/virtualMachines/1/${action}`);
      assert.equal(busy(), '1');
    });

  it('leaves it off when the set is started', async () => {
    await open(actions);
    stage.call('POST', `${shop}/virtualMachines/1/poweroff`);
    await pass(20_000);
    stage.call('POST', `${shop}/start`, { instanceIds: ['*'] });
    await pass(120_000);
    assert.equal(instance('1')?.power, 'stopped');
    stage.call('POST', `${shop}/virtualMachines/1/start`);
    await pass(120_000);
    assert.equal(instance('1')?.power, 'running');
  });

  it('keeps it out of an upgrade by policy', async () => {
    await open(actions, 'Automatic');
    assert.equal(busy(), '0 2');
  });

  for (const protection of [{ protectFromScaleIn: true }, actions])
    it(`${JSON.stringify(protection)} keeps it from scale-in, not from a deletion by its id, nor from the end of the set`, async () => {
      await open(protection);
      stage.call('PATCH', shop, { sku: { capacity: 0 } });
      await pass(30_000);
      assert.deepEqual(
        instancesOf(stage.world, set).map(({ instanceId }) => instanceId),
        ['1'],
      );
      stage.call('POST', `${shop}/delete`, { instanceIds: ['1'] });
      await pass(30_000);
      assert.equal(instance('1'), undefined);
    });

  it('does not outlive its set', async () => {
    await open(actions);
    stage.call('DELETE', shop);
    await pass(30_000);
    assert.equal(instance('1'), undefined);
  });

  it('outlives an upgrade on its own path, and can be taken away', async () => {
    await open(actions);
    stage.call('POST', `${shop}/virtualMachines/1/reimage`);
    await pass(120_000);
    assert.deepEqual(instance('1')?.protection, actions);
    protect({ protectFromScaleIn: false, protectFromScaleSetActions: false });
    await pass(5_000);
    stage.call('POST', `${shop}/manualupgrade`, { instanceIds: ['1'] });
    assert.equal(busy(), '1');
  });

  for (const protectionMakesOwnModel of [true, false])
    it(`makes ${protectionMakesOwnModel ? 'a' : 'no'} model of its own when it is written, until the next upgrade: ${protectionMakesOwnModel}`, async () => {
      stage = openStage({ rateLimits: false, protectionMakesOwnModel });
      const image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
      set = addScaleSet(stage.world, { name: 'shop', image, capacity: 3 });
      protect({ protectFromScaleIn: true });
      await pass(5_000);
      const shown = () => {
        const { properties } = bodyOf(stage.call('GET', `${shop}/virtualMachines/1`));
        const { modelDefinitionApplied, latestModelApplied } = properties as Record<string, unknown>;
        return [modelDefinitionApplied, latestModelApplied];
      };
      const own = ['VirtualMachine', false];
      const ofTheSet = ['VirtualMachineScaleSet', true];
      assert.deepEqual(shown(), protectionMakesOwnModel ? own : ofTheSet);
      stage.call('POST', `${shop}/manualupgrade`, { instanceIds: ['1'] });
      await pass(5_000);
      assert.deepEqual(shown(), ofTheSet);
    });

  it('is written only under the etag that the instance has, when one is named', async () => {
    await open({});
    const { etag } = bodyOf(stage.call('GET', `${shop}/virtualMachines/1`));
    const write = () =>
      stage.call(
        'PUT',
        `${shop}/virtualMachines/1`,
        { location: 'koreacentral', properties: { protectionPolicy: actions } },
        { 'if-match': String(etag) },
      );
    assert.equal(write().status, 200);
    await pass(5_000);
    assert.equal(write().status, 412, 'it has another by now');
  });

  it('is not written while the instance is being upgraded, nor beside the write of another', async () => {
    await open({});
    stage.call('POST', `${shop}/manualupgrade`, { instanceIds: ['1'] });
    assert.equal(protect(actions).status, 409);
    await pass(120_000);
    assert.equal(protect(actions).status, 200);
    const other = stage.call('PUT', `${shop}/virtualMachines/2`, {
      location: 'koreacentral',
      properties: { protectionPolicy: actions },
    });
    assert.equal(other.status, 409);
  });

  it('is not given to those that come later', async () => {
    await open(actions);
    stage.call('PATCH', shop, { sku: { capacity: 4 } });
    await pass(120_000);
    assert.deepEqual(instance('3')?.protection, { protectFromScaleIn: false, protectFromScaleSetActions: false });
  });
});
