import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet } from '../builders.ts';
import { poolMembers } from '../pools.ts';
import { all, assertRefused, bodyOf, openStage, type Stage, shop } from '../support.ts';

const pool =
  '/subscriptions/s/resourceGroups/web/providers/Microsoft.Network/loadBalancers/lb/backendAddressPools/front';

describe('reading and writing instances', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const open = (
    settings: Parameters<typeof openStage>[0] = {},
    set: Partial<Parameters<typeof addScaleSet>[1]> = {},
    machines = {},
  ) => {
    stage = openStage(settings, machines);
    const one = addGalleryVersion(stage.world, { version: '1.0.0' });
    addScaleSet(stage.world, { name: 'shop', image: one.id, capacity: 5, ...set });
    return stage;
  };

  it('lists in pages, each with a link to the next, the last without', async () => {
    const { sdk, play, call } = open({ listPageSize: 2 });
    const first = bodyOf(call('GET', `${shop}/virtualMachines?$expand=instanceView`));
    assert.match(
      String(first['nextLink']),
      /\$expand=instanceView&api-version=2024-07-01&(\$|%24)skiptoken=1|skiptoken/,
    );
    const vms = await play(all(sdk.virtualMachineScaleSetVMs.list('web', 'shop', { expand: 'instanceView' })));
    assert.deepEqual(
      vms.map((vm) => vm.instanceId),
      ['0', '1', '2', '3', '4'],
    );
    assert.equal(
      vms.every((vm) => vm.instanceView !== undefined),
      true,
    );
  });

  it('gives the view only when asked', async () => {
    const { sdk, play } = open();
    const [vm] = await play(all(sdk.virtualMachineScaleSetVMs.list('web', 'shop')));
    assert.equal(vm?.instanceView, undefined);
  });

  for (const healthTime of ['ofChange', 'ofReport'] as const)
    it(`gives the time of health ${healthTime}`, async () => {
      const { sdk, play, pass } = open({ healthTime });
      const told = async () => {
        const [vm] = await play(all(sdk.virtualMachineScaleSetVMs.list('web', 'shop', { expand: 'instanceView' })));
        return vm?.instanceView?.vmHealth?.status?.time?.getTime() ?? 0;
      };
      const first = await told();
      await pass(60_000);
      assert.equal((await told()) > first, healthTime === 'ofReport');
    });

  it('filters by latestModelApplied and refuses other filters', () => {
    const { call, world } = open();
    const [first] = world.compute.instances.values();
    Object.assign(first ?? {}, { ownNetwork: {} });
    const ids = (filter: string) => {
      const { value } = bodyOf(call('GET', `${shop}/virtualMachines?$filter=${encodeURIComponent(filter)}`));
      return (value as { instanceId: string }[]).map(({ instanceId }) => instanceId);
    };
    assert.deepEqual(ids('properties/latestModelApplied eq false'), ['0']);
    assert.deepEqual(ids('properties/latestModelApplied eq true'), ['1', '2', '3', '4']);
    assertRefused(call('GET', `${shop}/virtualMachines?$filter=name%20eq%20'x'`), 400, 'InvalidParameter');
  });

  it('shows health since when, in the rich states of version 2', async () => {
    const { sdk, play, pass } = open({}, {}, { reimageMs: 60_000, healthyAfterMs: 30_000 });
    const health = async () =>
      (await play(sdk.virtualMachineScaleSetVMs.getInstanceView('web', 'shop', '0'))).vmHealth?.status;
    assert.deepEqual(
      [(await health())?.code, (await health())?.time?.toISOString()],
      ['HealthState/healthy', '2025-12-31T00:00:00.000Z'],
    );
    stage.call('POST', `${shop}/virtualMachines/0/reimage`, {});
    assert.equal((await health())?.code, 'HealthState/unknown');
    await pass(70_000);
    assert.equal((await health())?.code, 'HealthState/initializing');
    await pass(30_000);
    assert.equal((await health())?.code, 'HealthState/healthy');
    assert.match((await health())?.time?.toISOString() ?? '', /T00:01:3\d/);
  });

  it('shows no health at all for a set without a health source', async () => {
    const { sdk, play } = open({}, { health: 'none' });
    const view = await play(sdk.virtualMachineScaleSetVMs.getInstanceView('web', 'shop', '0'));
    assert.equal(view.vmHealth, undefined);
  });

  it('knows two states of health when the source is the probe of a load balancer', async () => {
    const { sdk, play, world } = open({}, { health: 'none', backendPools: [pool] });
    const set = [...world.compute.scaleSets.values()][0];
    assert.ok(set);
    const balancer = pool.replace(/\/backendAddressPools.*/, '');
    const properties = {
      probes: [{ id: `${balancer}/probes/alive`, properties: { protocol: 'Http', port: 80, requestPath: '/' } }],
    };
    world.resources.loadBalancers.set(balancer.toLowerCase(), { properties } as never);
    const networkProfile = { healthProbe: { id: `${balancer}/probes/alive` } };
    await play(sdk.virtualMachineScaleSets.update('web', 'shop', { virtualMachineProfile: { networkProfile } }));
    await play(sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity: 6 } }));
    const view = await play(sdk.virtualMachineScaleSetVMs.getInstanceView('web', 'shop', '5'));
    assert.equal(view.vmHealth?.status?.code, 'HealthState/unhealthy');
    await stage.pass(30_000);
    const after = await play(sdk.virtualMachineScaleSetVMs.getInstanceView('web', 'shop', '5'));
    assert.equal(after.vmHealth?.status?.code, 'HealthState/healthy');
  });

  it('takes one out of a pool by its own network profile, and manualupgrade puts it back', async () => {
    const { sdk, play, world } = open({}, { backendPools: [pool], capacity: 2 });
    const members = () => poolMembers(world, pool.toUpperCase()).map(({ name }) => name);
    assert.deepEqual(members(), ['shop_0', 'shop_1']);
    const vm = await play(sdk.virtualMachineScaleSetVMs.get('web', 'shop', '0'));
    const [nic] = vm.networkProfileConfiguration?.networkInterfaceConfigurations ?? [];
    assert.ok(nic?.ipConfigurations?.[0]);
    nic.ipConfigurations[0].loadBalancerBackendAddressPools = [];
    const body = { location: 'koreacentral', networkProfileConfiguration: { networkInterfaceConfigurations: [nic] } };
    const out = await play(sdk.virtualMachineScaleSetVMs.update('web', 'shop', '0', body));
    assert.deepEqual([members(), out.latestModelApplied], [['shop_1'], false]);
    await play(sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['0'] }));
    assert.deepEqual(members(), ['shop_0', 'shop_1']);
  });

  it('refuses a stale etag, an odd protection, and a second PUT while one is open', () => {
    const { call } = open();
    const put = (id: string, properties: object, headers = {}) =>
      call('PUT', `${shop}/virtualMachines/${id}`, { location: 'koreacentral', properties }, headers);
    assertRefused(put('0', {}, { 'if-match': '"77"' }), 412, 'PreconditionFailed');
    assertRefused(
      put('0', { protectionPolicy: { protectFromScaleIn: false, protectFromScaleSetActions: true } }),
      400,
      'InvalidParameter',
    );
    assert.equal(put('0', { protectionPolicy: { protectFromScaleIn: true } }).status, 200);
    assertRefused(put('1', { protectionPolicy: { protectFromScaleIn: true } }), 409, 'Conflict');
  });
});
