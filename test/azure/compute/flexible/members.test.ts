import assert from 'node:assert/strict';
import { poolMembers } from '../pools.ts';
import { assertRefused, bodyOf, shop } from '../support.ts';
import { type FlexibleStage, machinePath, nth, openFlexible } from './support.ts';

const balancer =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/web/providers/Microsoft.Network/loadBalancers/lb';
const pool = `${balancer}/backendAddressPools/front`;

describe('a machine of a Flexible set, by its own path', () => {
  let stage: FlexibleStage;
  let vm: string;
  afterEach(() => stage.close());
  const open = (...options: Parameters<typeof openFlexible>) => {
    stage = openFlexible(...options);
    vm = nth(stage.names(), 0);
    return stage;
  };
  const member = () => nth(stage.members(), 0);
  const put = (properties: object, version = '2024-07-01') =>
    stage.call('PUT', `${shop}/virtualMachines/${vm}?api-version=${version}`, { location: 'koreacentral', properties });

  it('shows its place, its parts and, when asked, its view', async () => {
    const { sdk, play, set } = open({}, { zones: ['2'] });
    const plain = await play(sdk.virtualMachines.get('web', vm));
    assert.equal(plain.instanceView, undefined);
    assert.deepEqual([plain.zones, plain.virtualMachineScaleSet?.id], [['2'], set.id]);
    const { instanceView } = await play(sdk.virtualMachines.get('web', vm, { expand: 'instanceView' }));
    const view = await play(sdk.virtualMachines.instanceView('web', vm));
    assert.deepEqual(
      [view.statuses?.map(({ code }) => code), view.vmHealth?.status?.code, view.hyperVGeneration],
      [['ProvisioningState/succeeded', 'PowerState/running'], 'HealthState/healthy', 'V2'],
    );
    assert.equal(view.disks?.[0]?.name, plain.storageProfile?.osDisk?.name);
    assert.deepEqual(instanceView?.vmHealth, view.vmHealth);
  });

  it('has no health without the extension', async () => {
    const { sdk, play } = open({}, { health: 'none' });
    assert.equal((await play(sdk.virtualMachines.instanceView('web', vm))).vmHealth, undefined);
  });

  it('is stopped, started, restarted and deallocated, and its set is not busy meanwhile', async () => {
    const { sdk, play, set, call } = open();
    assert.equal(call('POST', `${machinePath(vm)}/powerOff`).status, 202);
    assert.deepEqual([member().power, set.provisioningState], ['stopping', 'Succeeded']);
    assert.equal(call('PATCH', shop, { tags: { a: '1' } }).status, 200);
    await stage.pass(60_000);
    assert.equal(member().power, 'stopped');
    await play(sdk.virtualMachines.start('web', vm));
    await play(sdk.virtualMachines.restart('web', vm));
    assert.equal(member().power, 'running');
    await play(sdk.virtualMachines.deallocate('web', vm));
    assert.equal(member().power, 'deallocated');
    assert.deepEqual(
      stage
        .members()
        .slice(1)
        .map(({ power }) => power),
      ['running', 'running'],
    );
  });

  it('takes one order at a time, whether it comes by the set or not', async () => {
    const { call, pass, two } = open();
    call('POST', `${machinePath(vm)}/restart`);
    assertRefused(call('POST', `${machinePath(vm)}/deallocate`), 409, 'Conflict');
    assertRefused(call('DELETE', machinePath(vm)), 409, 'Conflict');
    assertRefused(call('POST', `${shop}/reimage`, { instanceIds: [vm] }), 409, 'Conflict');
    await pass(120_000);
    const virtualMachineProfile = { storageProfile: { imageReference: { id: two.id } } };
    call('PATCH', shop, { properties: { virtualMachineProfile } });
    await pass(10_000);
    assert.equal(call('POST', `${shop}/manualupgrade`, { instanceIds: [vm] }).status, 202);
    assertRefused(call('POST', `${machinePath(vm)}/restart`), 409, 'Conflict');
    assert.equal(call('POST', `${machinePath(nth(stage.names(), 1))}/restart`).status, 202);
  });

  it('takes no order while its set makes it or ends it', async () => {
    const { call, pass } = open();
    call('PATCH', shop, { sku: { capacity: 4 } });
    await pass(10_000);
    const made = nth(stage.names(), 3);
    assertRefused(call('POST', `${machinePath(made)}/restart`), 409, 'Conflict');
    await pass(120_000);
    call('PATCH', shop, { sku: { capacity: 3 } });
    await pass(5_000);
    assert.equal(nth(stage.members(), 3).provisioningState, 'Deleting');
    assertRefused(call('POST', `${machinePath(made)}/restart`), 409, 'Conflict');
  });

  for (const [flexBatchPower, status] of [
    ['accepted', 202],
    ['refused', 409],
  ] as const)
    it(`is stopped by its set with ${status} when the switch says ${flexBatchPower}`, async () => {
      const { call, pass } = open({ flexBatchPower });
      assert.equal(call('POST', `${shop}/poweroff`, { instanceIds: [vm] }).status, status);
      assert.equal(call('POST', `${shop}/virtualMachines/${nth(stage.names(), 1)}/deallocate`).status, status);
      await pass(60_000);
      assert.deepEqual(
        stage.members().map(({ power }) => power),
        status === 202 ? ['stopped', 'deallocated', 'running'] : ['running', 'running', 'running'],
      );
    });

  it('is never reimaged with all its data by the set', () => {
    const { call } = open();
    assertRefused(call('POST', `${shop}/reimageall`), 409, 'OperationNotAllowed', /operations of its virtual machines/);
  });

  for (const [by, deleteOption, disks] of [
    ['itself', undefined, 3],
    ['itself', 'Detach', 4],
    ['its set', undefined, 3],
    ['its set', 'Detach', 4],
  ] as const)
    it(`reimaged by ${by} has a fresh disk of its own version, and the old one ${disks === 4 ? 'stays' : 'goes'}`, async () => {
      const { sdk, play, world, one } = open();
      const old = member().parts?.osDisk.id;
      if (deleteOption)
        await play(
          sdk.virtualMachines.update('web', vm, {
            storageProfile: { osDisk: { createOption: 'FromImage', deleteOption } },
          }),
        );
      const vmScaleSetReimageInput = { instanceIds: [vm] };
      if (by === 'itself') await play(sdk.virtualMachines.reimage('web', vm));
      else await play(sdk.virtualMachineScaleSets.reimage('web', 'shop', { vmScaleSetReimageInput }));
      const { parts, image, stateSince } = member();
      assert.notEqual(parts?.osDisk.id, old);
      assert.deepEqual([image.reference['id'], world.resources.disks.size], [one.id, disks]);
      assert.ok(stateSince > Date.parse('2026-01-01T00:01:00Z'));
      assert.equal(world.resources.disks.get(old?.toLowerCase() ?? '')?.managedBy, undefined);
      assert.equal(world.resources.disks.get(parts?.osDisk.id.toLowerCase() ?? '')?.managedBy, member().id);
    });

  it('leaves what has Detach, and takes along the rest', async () => {
    const { sdk, play, call, world } = open();
    const [nic] = member().parts?.networkInterfaces ?? [];
    const networkProfile = { networkInterfaces: [{ id: nic?.id ?? '', deleteOption: 'Detach' as const }] };
    await play(sdk.virtualMachines.update('web', vm, { networkProfile }));
    const path = nic?.id.replace(/^\/subscriptions\/[^/]+\//, '') ?? '';
    assertRefused(call('DELETE', path), 400, 'NicInUse');
    await play(sdk.virtualMachines.delete('web', vm));
    assert.deepEqual([world.resources.networkInterfaces.size, world.resources.disks.size], [3, 2]);
    assert.equal(call('GET', machinePath(vm)).status, 404);
    assert.equal(call('DELETE', machinePath(vm)).status, 204);
    assert.equal(call('DELETE', path).status, 202);
  });

  it('leaves the disk when its set says so', async () => {
    const { sdk, play, world, one } = open();
    const osDisk = { createOption: 'FromImage', deleteOption: 'Detach' } as const;
    await play(
      sdk.virtualMachineScaleSets.createOrUpdate('web', 'keeper', {
        location: 'koreacentral',
        orchestrationMode: 'Flexible',
        sku: { name: 'Standard_D2s_v5', capacity: 1 },
        virtualMachineProfile: { storageProfile: { imageReference: { id: one.id }, osDisk } },
      }),
    );
    await play(sdk.virtualMachineScaleSets.delete('web', 'keeper'));
    const kept = [...world.resources.disks.values()].filter(({ name }) => name.startsWith('keeper_'));
    assert.deepEqual(
      kept.map(({ managedBy }) => managedBy),
      [undefined],
    );
  });

  it('keeps its tags, and refuses a stale etag', async () => {
    const { sdk, play, call } = open();
    const tagged = await play(sdk.virtualMachines.update('web', vm, { tags: { role: 'canary' } }));
    assert.deepEqual(tagged.tags, { role: 'canary' });
    assertRefused(call('PATCH', machinePath(vm), { tags: {} }, { 'if-match': '"77"' }), 412, 'PreconditionFailed');
    assertRefused(call('PUT', machinePath(vm), { tags: {} }, { 'if-none-match': '*' }), 412, 'PreconditionFailed');
  });

  it('is protected by the set’s path from 2023-09-01 on, and cannot get a network there', async () => {
    const { sdk, play } = open();
    const protectionPolicy = { protectFromScaleIn: true };
    assertRefused(put({ protectionPolicy }, '2020-06-01'), 400, 'InvalidParameter', /2023-09-01/);
    assertRefused(put({ networkProfileConfiguration: {} }), 400, 'InvalidParameter', /resources of their own/);
    const newest = nth(stage.names(), 2);
    await play(
      sdk.virtualMachineScaleSetVMs.update('web', 'shop', newest, { location: 'koreacentral', protectionPolicy }),
    );
    await play(sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity: 1 } }));
    assert.deepEqual(stage.names(), [newest]);
  });

  describe('runs commands', () => {
    const script = { source: { script: 'uptime' } };

    it('as an action, one at a time', async () => {
      const { sdk, play, call } = open({}, {}, { script: () => ({ output: 'up' }) });
      const { value } = await play(
        sdk.virtualMachines.runCommand('web', vm, { commandId: 'RunShellScript', script: ['uptime'] }),
      );
      assert.match(value?.[0]?.message ?? '', /\[stdout\]\nup\n/);
      assert.equal(call('POST', `${machinePath(vm)}/runCommand`, { commandId: 'RunShellScript' }).status, 202);
      assertRefused(
        call('POST', `${machinePath(vm)}/runCommand`, { commandId: 'RunShellScript' }),
        409,
        'Conflict',
        /in progress/,
      );
    });

    it('as resources of its own, and takes them along', async () => {
      const { sdk, play, world, call } = open({}, {}, { script: () => ({ exitCode: 3 }) });
      const { virtualMachineRunCommands: commands } = sdk;
      const made = await play(commands.createOrUpdate('web', vm, 'drain', { location: 'koreacentral', ...script }));
      assert.equal(made.type, 'Microsoft.Compute/virtualMachines/runCommands');
      const read = await play(commands.getByVirtualMachine('web', vm, 'drain', { expand: 'instanceView' }));
      assert.deepEqual([read.instanceView?.executionState, read.instanceView?.exitCode], ['Failed', 3]);
      assertRefused(call('GET', `${machinePath(vm)}/runCommands/none`), 404, 'ResourceNotFound', /runCommands\/none/);
      await play(sdk.virtualMachines.delete('web', vm));
      assert.equal(world.compute.runCommands.size, 0);
    });

    it('and not by the path of its set', () => {
      const { call } = open();
      assertRefused(
        call('PUT', `${shop}/virtualMachines/${vm}/runCommands/drain`, { properties: script }),
        409,
        'OperationNotAllowed',
        /virtualMachines\/runCommands/,
      );
    });

    it('but not while it is stopped', async () => {
      const { call, pass } = open();
      call('POST', `${machinePath(vm)}/powerOff`);
      await pass(60_000);
      assertRefused(
        call('PUT', `${machinePath(vm)}/runCommands/drain`, { properties: script }),
        409,
        'OperationNotAllowed',
        /not running/,
      );
    });
  });

  it('has no interface below its set', () => {
    const { call } = open();
    const path = `${shop}/networkInterfaces?api-version=2024-05-01`;
    assert.deepEqual(bodyOf(call('GET', path))['value'], []);
  });

  it('leaves a pool by its own interface, and an upgrade does not put it back', async () => {
    const { call, sdk, play, world, two, pass } = open({}, { backendPools: [pool] });
    const properties = { backendAddressPools: [{ name: 'front' }] };
    call('PUT', balancer.replace(/^\/subscriptions\/[^/]+\//, ''), { location: 'koreacentral', properties });
    await pass(5_000);
    const inPool = () => poolMembers(world, pool).length;
    const shown = () => {
      const parts = bodyOf(
        call('GET', `${balancer.replace(/^\/subscriptions\/[^/]+\//, '')}/backendAddressPools/front`),
      );
      return (parts['properties'] as { backendIPConfigurations?: object[] }).backendIPConfigurations?.length;
    };
    assert.deepEqual([inPool(), shown()], [3, 3]);
    const path = member().parts?.networkInterfaces[0]?.id.replace(/^\/subscriptions\/[^/]+\//, '') ?? '';
    const nic = JSON.stringify(bodyOf(call('GET', path)));
    assert.match(nic, new RegExp(`"virtualMachine":\\{"id":"[^"]+/${vm}"`));
    call(
      'PUT',
      path,
      JSON.parse(nic.replace(/"loadBalancerBackendAddressPools":\[[^\]]*\]/, '"loadBalancerBackendAddressPools":[]')),
    );
    await pass(5_000);
    assert.deepEqual([inPool(), shown()], [2, 2]);
    const virtualMachineProfile = { storageProfile: { imageReference: { id: two.id } } };
    await play(sdk.virtualMachineScaleSets.update('web', 'shop', { virtualMachineProfile }));
    await play(sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: [vm] }));
    assert.equal(inPool(), 2);
  });
});
