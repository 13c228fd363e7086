import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet } from '../builders.ts';
import { assertRefused, openStage, type Stage, shop } from '../support.ts';

describe('instances of a scale set', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const open = async (...options: Parameters<typeof openStage>) => {
    stage = openStage({ rateLimits: false, ...options[0] }, options[1]);
    const one = addGalleryVersion(stage.world, { version: '1.0.0' });
    const two = addGalleryVersion(stage.world, { version: '2.0.0', content: '2.0.0' });
    const set = addScaleSet(stage.world, { name: 'shop', image: one.id, capacity: 4 });
    return { ...stage, one, two, set };
  };

  const writeModel = async (id: string) => {
    stage.call('PATCH', shop, {
      properties: { virtualMachineProfile: { storageProfile: { imageReference: { id } } } },
    });
    await stage.pass(10_000);
    stage.call('GET', shop);
  };
  const upgrade = (...instanceIds: string[]) => stage.call('POST', `${shop}/manualupgrade`, { instanceIds });
  const vm = (id: string) => {
    const found = [...stage.world.compute.instances.values()].find(({ instanceId }) => instanceId === id);
    assert.ok(found, `instance ${id}`);
    return found;
  };
  const version = (id: string) => vm(id).image.reference['exactVersion'];

  describe('manualupgrade', () => {
    it('brings the named ones onto the model, each with a fresh disk, and no others', async () => {
      const { sdk, two, play } = await open();
      await writeModel(two.id);
      await play(sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['1', '3'] }));
      assert.deepEqual(['0', '1', '2', '3'].map(version), ['1.0.0', '2.0.0', '1.0.0', '2.0.0']);
      const list = await play(sdk.virtualMachineScaleSetVMs.get('web', 'shop', '1'));
      assert.deepEqual([list.latestModelApplied, list.provisioningState], [true, 'Succeeded']);
    });

    it('shows Updating while it lasts, and takes every one by *', async () => {
      const { two } = await open();
      await writeModel(two.id);
      assert.equal(upgrade('*').status, 202);
      assert.deepEqual(
        ['0', '1', '2', '3'].map((id) => vm(id).provisioningState),
        Array(4).fill('Updating'),
      );
    });

    it('does nothing to one that has the model', async () => {
      await open();
      upgrade('0');
      assert.equal(vm('0').provisioningState, 'Succeeded');
    });

    it('changes no disk when the model differs in nothing that a disk is made from', async () => {
      const { sdk, play, call, pass } = await open();
      call('PATCH', shop, {
        properties: { virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations: [] } } },
      });
      await pass(10_000);
      await play(sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['0'] }));
      assert.deepEqual([vm('0').provisioningState, vm('0').power], ['Succeeded', 'running']);
      assert.equal(
        stage.world.machines.health(
          `/subscriptions/00000000-0000-4000-8000-000000000001/${shop}/virtualmachines/0`.toLowerCase(),
        )?.since,
        Date.parse('2025-12-31T00:00:00Z'),
      );
    });

    for (const [shown, during] of [
      ['atStart', '2.0.0'],
      ['atEnd', '1.0.0'],
    ] as const)
      it(`shows the new image ${shown} when the switch says so`, async () => {
        const { two, pass } = await open({ imageShown: shown });
        await writeModel(two.id);
        upgrade('0');
        assert.equal(version('0'), during);
        await pass(120_000);
        stage.call('GET', shop);
        assert.equal(version('0'), '2.0.0');
      });

    it('of an image that does not come up ends in Failed, with the reason in operation and instance', async () => {
      const { sdk, world, play } = await open();
      const bad = addGalleryVersion(world, { version: '3.0.0', content: '3.0.0 breaks' });
      await writeModel(bad.id);
      const failure = await play(
        sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['0'] }).catch((error) => error),
      );
      assert.match(failure.message, /OSProvisioningTimedOut/);
      const view = await play(sdk.virtualMachineScaleSetVMs.getInstanceView('web', 'shop', '0'));
      assert.equal(view.statuses?.[0]?.code, 'ProvisioningState/failed/OSProvisioningTimedOut');
      assert.equal(view.vmHealth?.status?.code, 'HealthState/unknown');
    });

    it('brings a failed one back when the model is put back', async () => {
      const { sdk, world, one, play } = await open();
      const bad = addGalleryVersion(world, { version: '3.0.0', content: '3.0.0 breaks' });
      await writeModel(bad.id);
      await play(sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['0'] }).catch(() => {}));
      await writeModel(one.id);
      await play(sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['0'] }));
      assert.deepEqual([version('0'), vm('0').provisioningState], ['1.0.0', 'Succeeded']);
    });

    it('fails for a version that is gone, and leaves the old disk running', async () => {
      const { world, two, pass, sdk, play } = await open();
      await writeModel(two.id);
      world.compute.versions.delete(two.id.toLowerCase());
      const failure = await play(
        sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['0'] }).catch((error) => error),
      );
      assert.match(failure.message, /GalleryImageNotFound/);
      await pass(0);
      assert.deepEqual([version('0'), vm('0').power], ['1.0.0', 'running']);
    });

    it('refuses ids in words that tell which and why', async () => {
      await open();
      assertRefused(stage.call('POST', `${shop}/manualupgrade`, {}), 400, 'InvalidParameter', /instanceIds/);
      assertRefused(
        upgrade('shop_1'),
        400,
        'InvalidParameter',
        /instanceId shop_1 is invalid\. It must be a non-negative integer/,
      );
      assertRefused(upgrade('9'), 400, 'InvalidParameter', /instanceId 9 is not an active/);
    });

    it('skips what is protected from the actions of the set', async () => {
      const { sdk, two, play } = await open();
      await play(
        sdk.virtualMachineScaleSetVMs.update('web', 'shop', '0', {
          location: 'koreacentral',
          protectionPolicy: { protectFromScaleSetActions: true },
        }),
      );
      await writeModel(two.id);
      await play(sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['0', '1'] }));
      assert.deepEqual(['0', '1'].map(version), ['1.0.0', '2.0.0']);
    });
  });

  const concurrency = [
    { setting: 'overlap', at0: 202, later: 202 },
    { setting: 'startConflict', at0: 409, later: 202 },
    { setting: 'exclusive', at0: 409, later: 409 },
  ] as const;
  for (const { setting, at0, later } of concurrency)
    it(`a second manualupgrade is answered ${at0} at once and ${later} soon after under ${setting}`, async () => {
      const { two, pass } = await open({ manualUpgradeConcurrency: setting });
      await writeModel(two.id);
      assert.equal(upgrade('0').status, 202);
      const second = upgrade('1');
      assert.equal(second.status, at0);
      if (second.status === 409) assertRefused(second, 409, 'Conflict', /conflict with a concurrent request/);
      await pass(5_000);
      assert.equal(upgrade('2').status, later);
      assertRefused(upgrade('0'), 409, 'Conflict');
      await pass(200_000);
      assert.equal(upgrade('3').status, 202);
    });

  it('reimage gives back the image of the instance, not of the model', async () => {
    const { sdk, two, play } = await open();
    await writeModel(two.id);
    await play(sdk.virtualMachineScaleSets.reimage('web', 'shop', { vmScaleSetReimageInput: { instanceIds: ['0'] } }));
    assert.equal(version('0'), '1.0.0');
    assert.equal(vm('0').stateSince > Date.parse('2026-01-01T00:01:00Z'), true);
  });

  for (const reimageRenamesDisk of [true, false])
    it(`reimage gives a fresh disk ${reimageRenamesDisk ? 'of another' : 'that keeps the'} name, as the switch says`, async () => {
      const { sdk, play } = await open({ reimageRenamesDisk });
      const disk = async () =>
        (await play(sdk.virtualMachineScaleSetVMs.get('web', 'shop', '0'))).storageProfile?.osDisk;
      const before = await disk();
      const booted = vm('0').stateSince;
      await play(
        sdk.virtualMachineScaleSets.reimage('web', 'shop', { vmScaleSetReimageInput: { instanceIds: ['0'] } }),
      );
      const after = await disk();
      assert.ok(vm('0').stateSince > booted);
      assert.equal(before?.managedDisk?.id === after?.managedDisk?.id, !reimageRenamesDisk);
      assert.equal(before?.name === after?.name, !reimageRenamesDisk);
    });

  it('reimage takes another version of the same definition when it is named', async () => {
    const { sdk, play } = await open();
    const input = { instanceIds: ['0'], exactVersion: '2.0.0' };
    await play(sdk.virtualMachineScaleSets.reimage('web', 'shop', { vmScaleSetReimageInput: input }));
    assert.deepEqual([version('0'), vm('0').image.disk.content], ['2.0.0', '2.0.0']);
  });

  it('tells on its own path that an instance is being deleted', async () => {
    await open();
    stage.call('POST', `${shop}/delete`, { instanceIds: ['1'] });
    const put = stage.call('PUT', `${shop}/virtualMachines/1`, { location: 'koreacentral', tags: {} });
    assertRefused(put, 400, 'InstanceIdsListInstanceIdNotActiveVM');
    assertRefused(stage.call('POST', `${shop}/virtualMachines/1/reimage`), 400, 'InstanceIdsListInstanceIdNotActiveVM');
  });

  for (const when of ['atStart', 'atEnd'] as const)
    it(`deleting lowers the capacity ${when} when the switch says so`, async () => {
      const { set, pass } = await open({ capacityFollowsDelete: when });
      assert.equal(stage.call('POST', `${shop}/delete`, { instanceIds: ['1', '2'] }).status, 202);
      assert.equal(set.sku.capacity, when === 'atStart' ? 2 : 4);
      assert.equal(vm('1').provisioningState, 'Deleting');
      assertRefused(upgrade('1'), 400, 'InvalidParameter', /not an active/);
      await pass(60_000);
      assert.equal(stage.call('GET', `${shop}/virtualMachines/1`).status, 404);
      assert.equal(set.sku.capacity, 2);
    });

  it('deletes one by its own path, though it is protected', async () => {
    const { sdk, set, play } = await open();
    Object.assign(vm('3'), { protection: { protectFromScaleIn: true, protectFromScaleSetActions: true } });
    await play(sdk.virtualMachineScaleSetVMs.delete('web', 'shop', '3'));
    assert.deepEqual([set.sku.capacity, stage.world.compute.instances.size], [3, 3]);
  });

  it('stops, starts and deallocates, as the power state says', async () => {
    const { sdk, play } = await open();
    const ids = { vmInstanceIDs: { instanceIds: ['0'] } };
    await play(sdk.virtualMachineScaleSets.powerOff('web', 'shop', ids));
    assert.equal(vm('0').power, 'stopped');
    await play(sdk.virtualMachineScaleSets.start('web', 'shop', ids));
    assert.equal(vm('0').power, 'running');
    await play(sdk.virtualMachineScaleSets.deallocate('web', 'shop', ids));
    assert.equal(vm('0').power, 'deallocated');
    await play(sdk.virtualMachineScaleSets.restart('web', 'shop', { vmInstanceIDs: { instanceIds: ['1'] } }));
    assert.equal(vm('1').power, 'running');
    assert.equal(vm('2').stateSince, Date.parse('2025-12-31T00:00:00Z'));
  });
});
