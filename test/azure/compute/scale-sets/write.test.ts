import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet } from '../builders.ts';
import { all, assertRefused, bodyOf, openStage, type Stage, shop } from '../support.ts';

describe('a write of a scale set', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const open = (...options: Parameters<typeof openStage>) => {
    stage = openStage({ rateLimits: false, ...options[0] }, options[1]);
    const one = addGalleryVersion(stage.world, { version: '1.0.0' });
    const two = addGalleryVersion(stage.world, { version: '2.0.0' });
    const set = addScaleSet(stage.world, { name: 'shop', image: one.id, capacity: 3, tags: { team: 'web' } });
    return { ...stage, one, two, set };
  };

  const imageChange = (id: string) => ({ virtualMachineProfile: { storageProfile: { imageReference: { id } } } });
  const modelOf = (id: string) => ({ properties: imageChange(id) });
  const images = async ({ sdk, play }: Stage) => {
    const vms = await play(all(sdk.virtualMachineScaleSetVMs.list('web', 'shop')));
    return vms.map((vm) => `${vm.instanceId}:${vm.storageProfile?.imageReference?.exactVersion}`).join(' ');
  };

  it('changes the model and, under Manual, no instance', async () => {
    const { sdk, two, play } = open();
    const set = await play(sdk.virtualMachineScaleSets.update('web', 'shop', imageChange(two.id)));
    assert.equal(set.virtualMachineProfile?.storageProfile?.imageReference?.id, two.id);
    assert.equal(set.virtualMachineProfile?.osProfile?.adminUsername, 'azureuser');
    assert.equal(set.provisioningState, 'Succeeded');
    assert.equal(await images(stage), '0:1.0.0 1:1.0.0 2:1.0.0');
  });

  for (const mode of ['Automatic', 'Rolling'] as const)
    it(`rolls every instance by itself under ${mode}`, async () => {
      const { sdk, one, two, world, play } = open();
      addScaleSet(world, { name: 'eager', image: one.id, capacity: 3, upgradeMode: mode });
      await play(sdk.virtualMachineScaleSets.update('web', 'eager', imageChange(two.id)));
      const vms = await play(all(sdk.virtualMachineScaleSetVMs.list('web', 'eager')));
      assert.deepEqual(
        vms.map((vm) => vm.storageProfile?.imageReference?.exactVersion),
        ['2.0.0', '2.0.0', '2.0.0'],
      );
    });

  it('takes Rolling batch by batch and faults it when the first batch stays sick', async () => {
    const { sdk, one, world, play } = open();
    const bad = addGalleryVersion(world, { version: '3.0.0', content: '3.0.0 breaks' });
    addScaleSet(world, { name: 'eager', image: one.id, capacity: 10, upgradeMode: 'Rolling' });
    const failure = await play(
      sdk.virtualMachineScaleSets.update('web', 'eager', imageChange(bad.id)).catch((error) => error),
    );
    assert.match(failure.message, /MaxUnhealthyUpgradedInstancePercent/);
    const upgrade = await play(sdk.virtualMachineScaleSetRollingUpgrades.getLatest('web', 'eager'));
    assert.equal(upgrade.runningStatus?.code, 'Faulted');
    assert.deepEqual([upgrade.progress?.failedInstanceCount, upgrade.progress?.pendingInstanceCount], [4, 6]);
  });

  it('answers 200 with Updating and the operation, and changes the etag', () => {
    const { call, two, set } = open();
    const before = `"${set.etag}"`;
    const answer = call('PATCH', shop, modelOf(two.id), { 'if-match': before });
    assert.equal(answer.status, 200);
    assert.match(answer.headers?.['Azure-AsyncOperation'] ?? '', /locations\/koreacentral\/operations\//);
    assert.equal((bodyOf(answer)['properties'] as { provisioningState: string }).provisioningState, 'Updating');
    assert.notEqual(bodyOf(answer)['etag'], before);
  });

  it('is refused with 412 for a stale If-Match, and for If-None-Match on what is there', () => {
    const { call, two } = open();
    assertRefused(call('PATCH', shop, modelOf(two.id), { 'if-match': '"99"' }), 412, 'PreconditionFailed');
    assertRefused(call('PATCH', shop, modelOf(two.id), { 'if-none-match': '*' }), 412, 'PreconditionFailed');
    assert.equal(call('PATCH', shop, modelOf(two.id), { 'if-match': '*' }).status, 200);
  });

  it('conflicts with a write that is still open', async () => {
    const { call, pass } = open();
    assert.equal(call('PATCH', shop, { tags: { a: '1' } }).status, 200);
    assertRefused(call('PATCH', shop, { tags: { a: '2' } }), 409, 'Conflict', /concurrent request/);
    await pass(10_000);
    assert.equal(call('PATCH', shop, { tags: { a: '2' } }).status, 200);
  });

  for (const [switched, status] of [
    ['conflict', 409],
    ['accepted', 200],
  ] as const)
    it(`during a manualupgrade is answered ${status} when the switch says ${switched}`, async () => {
      const { call, two, pass } = open({ writeDuringInstanceWork: switched });
      call('PATCH', shop, modelOf(two.id));
      await pass(10_000);
      assert.equal(call('POST', `${shop}/manualupgrade`, { instanceIds: ['0'] }).status, 202);
      assert.equal(call('PATCH', shop, { tags: {} }).status, status);
    });

  it('keeps upgrades of instances out while it is open', async () => {
    const { call, pass, two } = open();
    call('PATCH', shop, modelOf(two.id));
    assertRefused(call('POST', `${shop}/manualupgrade`, { instanceIds: ['0'] }), 409, 'Conflict');
    await pass(10_000);
    assert.equal(call('POST', `${shop}/manualupgrade`, { instanceIds: ['0'] }).status, 202);
  });

  for (const follows of [true, false])
    it(`${follows ? 'changes' : 'keeps'} the etag as it ends when etagFollowsState is ${follows}`, async () => {
      const { call, pass } = open({ etagFollowsState: follows });
      const answered = bodyOf(call('PATCH', shop, { tags: {} }))['etag'];
      await pass(10_000);
      assert.equal(bodyOf(call('GET', shop))['etag'] === answered, !follows);
    });

  it('replaces the tags as a whole and leaves the rest alone', () => {
    const { call, set } = open();
    call('PATCH', shop, { tags: { owner: 'run 7' } });
    assert.deepEqual(set.tags, { owner: 'run 7' });
    assert.equal(set.sku.capacity, 3);
  });

  it('refuses tags over the limits', () => {
    const { call } = open();
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, '']));
    assertRefused(call('PATCH', shop, { tags: many }), 400, 'InvalidTagCount');
    assertRefused(call('PATCH', shop, { tags: { long: 'x'.repeat(257) } }), 400, 'InvalidTagValueLength');
    assertRefused(call('PATCH', shop, { tags: { 'a/b': '' } }), 400, 'InvalidTagNameCharacters');
  });

  for (const makesModel of [false, true])
    it(`of tags alone ${makesModel ? 'makes' : 'makes no'} model when tagWriteMakesModel is ${makesModel}`, async () => {
      const { sdk, play } = open({ tagWriteMakesModel: makesModel });
      await play(sdk.virtualMachineScaleSets.update('web', 'shop', { tags: { a: '1' } }));
      const vm = await play(sdk.virtualMachineScaleSetVMs.get('web', 'shop', '0'));
      assert.equal(vm.latestModelApplied, !makesModel);
    });

  for (const setsDisk of [false, true])
    it(`of an image ${setsDisk ? 'sets' : 'leaves'} the size of the disk when imageWriteSetsDisk is ${setsDisk}`, async () => {
      const { sdk, two, play } = open({ imageWriteSetsDisk: setsDisk });
      const size = async () =>
        (await play(sdk.virtualMachineScaleSets.get('web', 'shop'))).virtualMachineProfile?.storageProfile?.osDisk
          ?.diskSizeGB;
      const before = await size();
      await play(sdk.virtualMachineScaleSets.update('web', 'shop', imageChange(two.id)));
      assert.equal((await size()) !== before, setsDisk);
    });

  it('makes new instances from the model of that moment', async () => {
    const { sdk, two, play } = open();
    await play(sdk.virtualMachineScaleSets.update('web', 'shop', imageChange(two.id)));
    await play(sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity: 4 } }));
    assert.equal(await images(stage), '0:1.0.0 1:1.0.0 2:1.0.0 3:2.0.0');
  });

  it('ends the highest ids that are not protected when the capacity is lowered', async () => {
    const { sdk, world, set, play } = open();
    const protectedOne = [...world.compute.instances.values()].find(({ instanceId }) => instanceId === '2');
    Object.assign(protectedOne ?? {}, { protection: { protectFromScaleIn: true, protectFromScaleSetActions: false } });
    await play(sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity: 2 } }));
    assert.equal(await images(stage), '0:1.0.0 2:1.0.0');
    assert.equal(set.sku.capacity, 2);
  });

  it('keeps zones in balance, up and down', async () => {
    const { sdk, world, one, play } = open();
    addScaleSet(world, { name: 'zonal', image: one.id, capacity: 4, zones: ['1', '2', '3'] });
    await play(sdk.virtualMachineScaleSets.update('web', 'zonal', { sku: { capacity: 6 } }));
    const zones = async () =>
      (await play(all(sdk.virtualMachineScaleSetVMs.list('web', 'zonal')))).map((vm) => vm.zones?.[0]);
    assert.deepEqual((await zones()).sort(), ['1', '1', '2', '2', '3', '3']);
    await play(sdk.virtualMachineScaleSets.update('web', 'zonal', { sku: { capacity: 3 } }));
    assert.deepEqual((await zones()).sort(), ['1', '2', '3']);
  });

  it('refuses an image that is not in the region, with the sentence that names it', () => {
    const { call, world } = open();
    const far = addGalleryVersion(world, { version: '4.0.0', regions: ['japaneast'] });
    assertRefused(
      call('PATCH', shop, modelOf(far.id)),
      404,
      'GalleryImageNotFound',
      /not available in koreacentral region/,
    );
  });

  it('refuses a version that is still on its way to the region', () => {
    const { call, world, two } = open();
    const at = world.clock.now();
    two.replicas.set('koreacentral', { region: 'koreacentral', startedAt: at, endsAt: at + 1 });
    assertRefused(call('PATCH', shop, modelOf(two.id)), 404, 'GalleryImageNotFound');
  });

  it('takes a definition as its latest version there, leaving out the excluded', async () => {
    const { sdk, world, two, play } = open();
    addGalleryVersion(world, { version: '2.10.0' });
    addGalleryVersion(world, { version: '2.11.0', excludeFromLatest: true });
    addGalleryVersion(world, { version: '2.12.0', regions: ['japaneast'] });
    const definition = two.id.replace(/\/versions\/.*/, '');
    await play(sdk.virtualMachineScaleSets.update('web', 'shop', { ...imageChange(definition), sku: { capacity: 4 } }));
    const vm = await play(sdk.virtualMachineScaleSetVMs.get('web', 'shop', '3'));
    const { id, exactVersion } = vm.storageProfile?.imageReference ?? {};
    assert.deepEqual([id, exactVersion], [definition, '2.10.0']);
  });

  for (const byContent of [false, true])
    it(`meets the limit of ten models, equal ones counted ${byContent ? 'once' : 'each'}`, async () => {
      const { call, pass, one, two, set } = open({
        modelsCountedByContent: byContent,
        capacityFollowsDelete: 'atStart',
      });
      for (let write = 1; write <= 9; write += 1) {
        const answer = call('PATCH', shop, {
          ...modelOf(write % 2 === 0 ? one.id : two.id),
          sku: { capacity: 3 + write },
        });
        assert.equal(answer.status, 200, `write ${write}`);
        await pass(120_000);
      }
      const eleventh = call('PATCH', shop, modelOf(one.id));
      if (byContent) assert.equal(eleventh.status, 200);
      else assertRefused(eleventh, 409, 'OperationNotAllowed', /limit of 10 models/);
      assert.equal(set.sku.capacity, 12);
    });

  it('makes a set with its instances by PUT, and PUT again changes what is given', async () => {
    const { sdk, one, play } = open();
    const profile = {
      storageProfile: { imageReference: { id: one.id } },
      osProfile: { adminUsername: 'me', adminPassword: 'Secret-1' },
    };
    const body = {
      location: 'koreacentral',
      sku: { name: 'Standard_D2s_v5', capacity: 2 },
      virtualMachineProfile: profile,
    };
    const made = await play(sdk.virtualMachineScaleSets.createOrUpdate('web', 'fresh', body));
    assert.equal(made.provisioningState, 'Succeeded');
    assert.equal(made.virtualMachineProfile?.osProfile?.adminPassword, undefined);
    const vms = await play(all(sdk.virtualMachineScaleSetVMs.list('web', 'fresh', { expand: 'instanceView' })));
    assert.deepEqual(
      vms.map((vm) => vm.instanceView?.statuses?.map(({ code }) => code)),
      [
        ['ProvisioningState/succeeded', 'PowerState/running'],
        ['ProvisioningState/succeeded', 'PowerState/running'],
      ],
    );
    const again = await play(
      sdk.virtualMachineScaleSets.createOrUpdate('web', 'fresh', { location: 'koreacentral', tags: { a: '1' } }),
    );
    assert.deepEqual([again.tags, again.sku?.capacity], [{ a: '1' }, 2]);
  });

  it('tells a missing set and a missing group by name, and keeps its orchestration mode', () => {
    const { call } = open();
    assertRefused(call('GET', shop.replace('shop', 'none')), 404, 'ResourceNotFound', /virtualMachineScaleSets\/none/);
    assertRefused(
      call('GET', 'resourceGroups/none/providers/Microsoft.Compute/virtualMachineScaleSets/shop'),
      404,
      'ResourceGroupNotFound',
    );
    assertRefused(
      call('PATCH', shop, { properties: { orchestrationMode: 'Flexible' } }),
      409,
      'PropertyChangeNotAllowed',
      /orchestrationMode/,
    );
  });

  it('deletes a set with its instances', async () => {
    const { sdk, world, play, call } = open();
    await play(sdk.virtualMachineScaleSets.delete('web', 'shop'));
    assert.equal(world.compute.instances.size, 0);
    assert.equal(call('DELETE', shop).status, 204);
  });

  it('suspends and resumes repairs, and shows them in the instance view', async () => {
    const { sdk, world, one, play } = open();
    addScaleSet(world, { name: 'cared', image: one.id, automaticRepairs: true });
    const state = async () =>
      (await play(sdk.virtualMachineScaleSets.getInstanceView('web', 'cared'))).orchestrationServices?.[0]
        ?.serviceState;
    const order = (action: string) =>
      play(
        sdk.virtualMachineScaleSets.setOrchestrationServiceState('web', 'cared', {
          serviceName: 'AutomaticRepairs',
          action,
        }),
      );
    assert.equal(await state(), 'Running');
    await order('Suspend');
    assert.equal(await state(), 'Suspended');
    await order('Resume');
    assert.equal(await state(), 'Running');
  });
});
