import assert from 'node:assert/strict';
import { addGalleryVersion } from '../builders.ts';
import { all, assertRefused, shop } from '../support.ts';
import { type FlexibleStage, nth, openFlexible } from './support.ts';

describe('an image upgrade of a Flexible set', () => {
  let stage: FlexibleStage;
  afterEach(() => stage.close());
  const open = (...options: Parameters<typeof openFlexible>) => {
    stage = openFlexible(...options);
    return stage;
  };
  const writeModel = (id: string, more = {}) =>
    stage.play(
      stage.sdk.virtualMachineScaleSets.update('web', 'shop', {
        virtualMachineProfile: { storageProfile: { imageReference: { id } } },
        ...more,
      }),
    );
  const upgrade = (...instanceIds: string[]) =>
    stage.play(stage.sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds }));
  const versions = () => stage.members().map(({ image }) => image.reference['exactVersion']);

  it('changes no machine by itself, then the named ones, each on a fresh disk with the same interface', async () => {
    const { two, names, members } = open({ flexImageUpgrade: 'supported' });
    const before = members().map(({ parts }) => parts);
    await writeModel(two.id);
    assert.deepEqual(versions(), ['1.0.0', '1.0.0', '1.0.0']);
    await upgrade(nth(names(), 0), nth(names(), 2));
    assert.deepEqual(versions(), ['2.0.0', '1.0.0', '2.0.0']);
    const after = members().map(({ parts }) => parts);
    assert.deepEqual(
      after.map((parts) => parts?.networkInterfaces),
      before.map((parts) => parts?.networkInterfaces),
    );
    assert.deepEqual(
      after.map((parts, index) => parts?.osDisk.id === before[index]?.osDisk.id),
      [false, true, false],
    );
    assert.equal(stage.world.resources.disks.size, 3);
  });

  it('shows in the machine’s own image reference, and as latestModelApplied in the set’s list', async () => {
    const { sdk, play, two, names } = open();
    await writeModel(two.id);
    await upgrade(nth(names(), 1));
    const machine = await play(sdk.virtualMachines.get('web', nth(names(), 1)));
    assert.equal(machine.storageProfile?.imageReference?.id, two.id);
    const found = await play(all(sdk.virtualMachineScaleSetVMs.list('web', 'shop')));
    assert.deepEqual(
      found.map(({ latestModelApplied }) => latestModelApplied),
      [false, true, false],
    );
  });

  it('takes every one by *, and skips the protected', async () => {
    const { sdk, play, two, names } = open();
    const protectionPolicy = { protectFromScaleSetActions: true };
    await play(
      sdk.virtualMachineScaleSetVMs.update('web', 'shop', nth(names(), 1), {
        location: 'koreacentral',
        protectionPolicy,
      }),
    );
    await writeModel(two.id);
    await upgrade('*');
    assert.deepEqual(versions(), ['2.0.0', '1.0.0', '2.0.0']);
  });

  it('of an image that does not come up ends in Failed, with the reason in the machine’s view', async () => {
    const { sdk, play, world, names } = open();
    const bad = addGalleryVersion(world, { version: '3.0.0', content: '3.0.0 breaks' });
    await writeModel(bad.id);
    await assert.rejects(upgrade(nth(names(), 0)), /OSProvisioningTimedOut/);
    const view = await play(sdk.virtualMachines.instanceView('web', nth(names(), 0)));
    assert.equal(view.statuses?.[0]?.code, 'ProvisioningState/failed/OSProvisioningTimedOut');
    assert.equal(view.vmHealth?.status?.code, 'HealthState/unknown');
  });

  const refusals = [
    { flexImageUpgrade: 'featureFlag', words: /feature 'Microsoft\.Compute\/ImageReferenceUpgradeForVmoVMs'/ },
    { flexImageUpgrade: 'unsupported', words: /not supported for VM Scale Set 'shop' with Flexible/ },
  ] as const;
  for (const { flexImageUpgrade, words } of refusals) {
    it(`is refused on the first node when the switch says ${flexImageUpgrade}, and nothing has changed`, async () => {
      const { two, call, names, members } = open({ flexImageUpgrade });
      await writeModel(two.id);
      const before = JSON.stringify(members());
      const answer = call('POST', `${shop}/manualupgrade`, { instanceIds: [nth(names(), 0)] });
      assertRefused(answer, 409, 'OperationNotAllowed', words);
      assert.equal(JSON.stringify(members()), before);
    });

    it(`fails the write itself under Automatic when the switch says ${flexImageUpgrade}`, async () => {
      const { two } = open({ flexImageUpgrade }, { upgradeMode: 'Automatic' });
      await assert.rejects(writeModel(two.id), words);
      assert.deepEqual(versions(), ['1.0.0', '1.0.0', '1.0.0']);
    });

    it(`is no matter for a machine that has the model, nor for a new one, when the switch says ${flexImageUpgrade}`, async () => {
      const { two, names } = open({ flexImageUpgrade });
      await writeModel(two.id, { sku: { capacity: 4 } });
      await upgrade(nth(names(), 3));
      assert.deepEqual(versions(), ['1.0.0', '1.0.0', '1.0.0', '2.0.0']);
    });

    it(`is no matter for a Uniform set when the switch says ${flexImageUpgrade}`, async () => {
      const { two } = open({ flexImageUpgrade }, { orchestration: 'Uniform' });
      await writeModel(two.id);
      await upgrade('0');
      assert.deepEqual(versions(), ['2.0.0', '1.0.0', '1.0.0']);
    });
  }

  for (const upgradeMode of ['Automatic', 'Rolling'] as const)
    it(`rolls every machine by itself under ${upgradeMode}`, async () => {
      const { two } = open({}, { upgradeMode });
      await writeModel(two.id);
      assert.deepEqual(versions(), ['2.0.0', '2.0.0', '2.0.0']);
    });
});
