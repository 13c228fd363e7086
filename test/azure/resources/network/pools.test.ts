import assert from 'node:assert/strict';
import { assertRefused, bodyOf } from '../../compute/support.ts';
import type { Json } from '../../core/http.ts';
import { at, list, object } from '../../core/json.ts';
import {
  balancer,
  balancerBody,
  balancerId,
  idOf,
  type NetworkStage,
  network,
  openNetwork,
  setPath,
} from './support.ts';

const pool = `${balancer}/backendAddressPools/blue`;
const poolId = (name: string) => ({ id: `${balancerId}/backendAddressPools/${name}` });
const nic = (instance: number) => `${setPath}/virtualMachines/${instance}/networkInterfaces/nic`;
const memberId = (instance: number) => `${idOf(nic(instance))}/ipConfigurations/ip`;

describe('Balancers and their members', () => {
  let stage: NetworkStage;
  afterEach(() => stage.close());
  const open = (...options: Parameters<typeof openNetwork>) => {
    stage = openNetwork(...options);
    return stage;
  };
  const membersIn = (name: string) =>
    list(at(stage.read(`${balancer}/backendAddressPools/${name}`), 'properties', 'backendIPConfigurations')).map(
      (each) => at(each, 'id'),
    );
  /** As cloud-provider-azure does it: the instance's own network profile, with another pool. */
  const moveTo = (instance: number, pools: readonly Json[], member = 'loadBalancerBackendAddressPools') =>
    stage.call('PUT', `${setPath}/virtualMachines/${instance}`, {
      location: 'koreacentral',
      properties: {
        networkProfileConfiguration: {
          networkInterfaceConfigurations: [
            {
              name: 'nic',
              properties: {
                primary: true,
                ipConfigurations: [{ name: 'ip', properties: { primary: true, [member]: pools } }],
              },
            },
          ],
        },
      },
    });

  it('list the instances whose network profile names the pool, and the rules that use it', () => {
    open();
    assert.deepEqual(membersIn('blue'), [memberId(0), memberId(1)]);
    const shown = object(stage.read(pool)['properties']);
    assert.deepEqual(shown['loadBalancingRules'], [{ id: `${balancerId}/loadBalancingRules/http` }]);
    for (const part of ['probes/alive', 'frontendIPConfigurations/in'])
      assert.equal(list(at(stage.read(`${balancer}/${part}`), 'properties', 'loadBalancingRules')).length, 1);
  });

  it('follow an instance that is written into another pool, one write at a time', async () => {
    open();
    assert.equal(moveTo(0, [poolId('green')]).status, 200);
    assertRefused(moveTo(1, [poolId('green')]), 409, 'Conflict');
    await stage.pass(10_000);
    assert.deepEqual([membersIn('blue'), membersIn('green')], [[memberId(1)], [memberId(0)]]);
    const upgrade = stage.sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['0'] });
    await stage.play(upgrade);
    assert.deepEqual([membersIn('blue'), membersIn('green')], [[memberId(0), memberId(1)], []]);
  });

  it('show interfaces of instances, each with its address, pools and configurations', async () => {
    open();
    const all = list(stage.read(`${setPath}/networkInterfaces`)['value']);
    assert.deepEqual(
      all.map((each) => at(each, 'id')),
      [idOf(nic(0)), idOf(nic(1))],
    );
    const [one] = list(stage.read(`${setPath}/virtualMachines/1/networkInterfaces`)['value']);
    assert.deepEqual(one, stage.read(nic(1)));
    const [configuration] = list(stage.read(`${nic(1)}/ipConfigurations`)['value']);
    assert.deepEqual(configuration, stage.read(`${nic(1)}/ipConfigurations/ip`));
    assert.deepEqual(at(configuration, 'properties', 'loadBalancerBackendAddressPools'), [poolId('blue')]);
    const addresses = all.map((each) =>
      at(list(at(each, 'properties', 'ipConfigurations'))[0], 'properties', 'privateIPAddress'),
    );
    assert.deepEqual(addresses, ['10.0.0.4', '10.0.0.5']);
    const { etag } = stage.read(nic(1));
    moveTo(1, []);
    await stage.pass(10_000);
    assert.notEqual(stage.read(nic(1))['etag'], etag);
    for (const gone of [nic(7), nic(0).replace(/nic$/, 'other'), `${nic(0)}/ipConfigurations/other`])
      assertRefused(stage.call('GET', `${gone}?api-version=2018-10-01`), 404, 'NotFound');
  });

  it('list the interfaces in their pools, of machines and of instances', () => {
    open();
    const ipConfigurations = [{ name: 'ip', properties: { loadBalancerBackendAddressPools: [poolId('green')] } }];
    stage.write(`PUT ${network}/networkInterfaces/alone`, {
      location: 'koreacentral',
      properties: { ipConfigurations },
    });
    stage.write(`PUT ${network}/networkInterfaces/outside`, { location: 'koreacentral', properties: {} });
    const ids = list(stage.read(`${balancer}/networkInterfaces`)['value']).map((each) => at(each, 'id'));
    assert.deepEqual(ids, [idOf(`${network}/networkInterfaces/alone`), idOf(nic(0)), idOf(nic(1))]);
  });

  it('leave an address to others when its instance is gone', async () => {
    open();
    stage.read(`${setPath}/networkInterfaces`);
    await stage.play(stage.sdk.virtualMachineScaleSets.deleteInstances('web', 'shop', { instanceIds: ['0'] }));
    await stage.play(stage.sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity: 2 } }));
    const configuration = stage.read(`${nic(2)}/ipConfigurations/ip`);
    assert.equal(at(configuration, 'properties', 'privateIPAddress'), '10.0.0.4');
  });

  it('show a client of 2018 no list of addresses, which came later', () => {
    open();
    const pools = (version: string) =>
      list(at(stage.call('GET', `${balancer}?api-version=${version}`).body, 'properties', 'backendAddressPools'));
    const lists = (version: string) =>
      pools(version).map((each) => at(each, 'properties', 'loadBalancerBackendAddresses') !== undefined);
    assert.deepEqual(
      [lists('2024-05-01'), lists('2018-11-01')],
      [
        [true, true],
        [false, false],
      ],
    );
  });

  describe('the list of a pool', () => {
    const addresses = () => list(at(stage.read(pool), 'properties', 'loadBalancerBackendAddresses')).map(object);
    const states = () => addresses().map(({ properties }) => at(properties, 'adminState'));
    const names = () => addresses().map(({ name }) => name);
    const put = (loadBalancerBackendAddresses: readonly Json[], headers: Record<string, string> = {}) =>
      stage.write(`PUT ${pool}`, { properties: { loadBalancerBackendAddresses } }, headers);

    it('names each member, and takes an administrative state for it', () => {
      open();
      assert.deepEqual(names(), [
        'web_shop_virtualMachines_0_networkInterfaces_nicip',
        'web_shop_virtualMachines_1_networkInterfaces_nicip',
      ]);
      assert.deepEqual(states(), ['None', 'None']);
      assert.equal(put([{ name: String(names()[0]), properties: { adminState: 'Down' } }]).status, 200);
      assert.deepEqual(states(), ['Down', 'None']);
    });

    it('is taken whole: who is left out has no state any more', () => {
      open();
      put([{ name: String(names()[0]), properties: { adminState: 'Down' } }]);
      put([{ name: String(names()[1]), properties: { adminState: 'Up' } }]);
      assert.deepEqual(states(), ['None', 'Up']);
      put(addresses());
      assert.deepEqual(states(), ['None', 'Up']);
    });

    it('keeps addresses without an interface, on a balancer of SKU Standard', () => {
      open();
      stage.write(`PUT ${network}/virtualNetworks/net`, { location: 'koreacentral', properties: {} });
      const virtualNetwork = { id: idOf(`${network}/virtualNetworks/net`) };
      const far = { name: 'far', properties: { ipAddress: '10.9.0.4', virtualNetwork } };
      assert.equal(put([far]).status, 200);
      assert.deepEqual(addresses()[2], far);
      assertRefused(
        put([{ name: 'far', properties: { ipAddress: '10.9.0.4' } }]),
        400,
        'InvalidParameter',
        /virtualNetwork/,
      );
      const basic = { ...balancerBody('blue'), sku: { name: 'Basic' } };
      stage.write(`PUT ${balancer}`, basic);
      assertRefused(put([far]), 400, 'InvalidParameter', /Standard/);
    });

    it('knows three states, none for members of a pool that is being made', () => {
      open();
      assertRefused(
        put([{ name: String(names()[0]), properties: { adminState: 'Off' } }]),
        400,
        'InvalidParameter',
        /'Off'/,
      );
      const fresh = stage.write(`PUT ${balancer}/backendAddressPools/fresh`, {
        properties: { loadBalancerBackendAddresses: [{ name: 'x', properties: { adminState: 'Down' } }] },
      });
      assertRefused(fresh, 400, 'InvalidParameter', /created/);
    });

    it('holds a writer with an old etag back, and one who thinks that nothing is there', () => {
      open();
      const etag = String(stage.read(pool)['etag']);
      assert.equal(put([], { 'if-match': etag }).status, 200);
      assertRefused(put([], { 'if-match': etag }), 412, 'PreconditionFailed');
      assertRefused(put([], { 'if-none-match': '*' }), 412, 'PreconditionFailed');
      assertRefused(
        stage.write(`PUT ${network}/loadBalancers/new`, balancerBody('blue'), { 'if-match': '*' }),
        412,
        'PreconditionFailed',
      );
    });
  });

  describe('the health of a rule', () => {
    const health = () => stage.follow(`POST ${balancer}/loadBalancingRules/http/health`);
    const setState = (instance: number, adminState: string) => {
      const name = `web_shop_virtualMachines_${instance}_networkInterfaces_nicip`;
      stage.write(`PUT ${pool}`, {
        properties: { loadBalancerBackendAddresses: [{ name, properties: { adminState } }] },
      });
    };

    it('tells of each member what its machine answers to the rule’s probe', async () => {
      let sick = false;
      open(
        {},
        { health: ({ name }, now) => (sick && name.endsWith('1') ? { state: 'unhealthy', since: now } : undefined) },
      );
      assert.deepEqual(await health(), {
        up: 2,
        down: 0,
        loadBalancerBackendAddresses: [0, 1].map((instance) => ({
          ipAddress: `10.0.0.${4 + instance}`,
          networkInterfaceIPConfigurationId: memberId(instance),
          state: 'Up',
          reason: 'Up_Probe_Success',
        })),
      });
      sick = true;
      const { up, down, loadBalancerBackendAddresses } = await health();
      assert.deepEqual(
        [up, down, at(list(loadBalancerBackendAddresses)[1], 'reason')],
        [1, 1, 'Down_Probe_HttpStatusCodeError'],
      );
    });

    const reasons = [
      { name: 'an administrative state of Down', adminState: 'Down', state: 'healthy', reason: 'Down_Admin' },
      { name: 'an administrative state of Up', adminState: 'Up', state: 'unhealthy', reason: 'Up_Admin' },
      {
        name: 'an application that is not there yet',
        state: 'initializing',
        reason: 'Down_Probe_HttpEndpointUnreachable',
      },
      {
        name: 'a TCP probe without answer',
        state: 'unknown',
        probe: { protocol: 'Tcp' },
        reason: 'Down_Probe_TcpProbeTimeout',
      },
      {
        name: 'nobody well, where then all count as well',
        state: 'unhealthy',
        probe: { noHealthyBackendsBehavior: 'AllProbedUp' },
        reason: 'Up_Probe_AllDownIsUp',
      },
    ] as const;
    for (const { name, state, reason, ...how } of reasons)
      it(`says ${reason} of ${name}`, async () => {
        open({}, { health: (_, now) => ({ state, since: now }) });
        if ('probe' in how) stage.write(`PUT ${balancer}`, balancerBody('blue', how.probe));
        if ('adminState' in how) setState(0, how.adminState);
        const [first] = list((await health())['loadBalancerBackendAddresses']);
        assert.equal(at(first, 'reason'), reason);
      });

    it('has nothing to say of a machine that is turned off', async () => {
      open();
      await stage.play(
        stage.sdk.virtualMachineScaleSets.powerOff('web', 'shop', { vmInstanceIDs: { instanceIds: ['0'] } }),
      );
      const { up, down, loadBalancerBackendAddresses } = await health();
      assert.deepEqual([up, down, at(list(loadBalancerBackendAddresses)[0], 'state')], [1, 0, '']);
    });

    it('is empty for a pool without members, refused without a probe or without the rule', async () => {
      open();
      stage.write(`PUT ${balancer}`, balancerBody('green'));
      assert.deepEqual(await health(), { up: 0, down: 0, loadBalancerBackendAddresses: [] });
      const body = structuredClone(balancerBody('green')) as {
        properties: { loadBalancingRules: { properties: Record<string, unknown> }[] };
      };
      delete body.properties.loadBalancingRules[0]?.properties['probe'];
      stage.write(`PUT ${balancer}`, body as never);
      const ask = (rule: string) => stage.write(`POST ${balancer}/loadBalancingRules/${rule}/health`);
      assertRefused(ask('http'), 400, 'LoadBalancingRuleHasNoProbe');
      assertRefused(ask('none'), 404, 'NotFound');
    });
  });

  it('are not deleted, nor is a pool, while a scale set or one of its instances names it', async () => {
    open();
    assertRefused(
      stage.write(`DELETE ${balancer}`),
      400,
      'LoadBalancerInUseByVirtualMachineScaleSet',
      /child resources blue are in use/,
    );
    assertRefused(
      stage.write(`DELETE ${pool}`),
      400,
      'BackendAddressPoolInUseByVirtualMachineScaleSet',
      /pool blue from load balancer/,
    );
    moveTo(1, [poolId('green')]);
    await stage.pass(10_000);
    const green = `${balancer}/backendAddressPools/green`;
    assertRefused(stage.write(`DELETE ${green}`), 400, 'BackendAddressPoolInUseByVirtualMachineScaleSet', /pool green/);
    moveTo(1, [poolId('blue')]);
    await stage.pass(10_000);
    assert.equal(stage.write(`DELETE ${green}`).status, 202);
    await stage.pass(2_000);
    assert.equal(stage.write(`DELETE ${green}`).status, 204);
    assert.equal(bodyOf(stage.write(`GET ${green}`))['error'] !== undefined, true);
  });

  it('keep a rule whose probe is a set’s health source', async () => {
    open();
    const profile = { healthProbe: { id: `${balancerId}/probes/alive` } };
    const virtualMachineProfile = { networkProfile: profile, extensionProfile: { extensions: [] } };
    await stage.play(stage.sdk.virtualMachineScaleSets.update('web', 'shop', { virtualMachineProfile }));
    const body = { ...balancerBody('blue') };
    const bare = { ...body, properties: { ...object(body['properties']), loadBalancingRules: [] } };
    assertRefused(
      stage.write(`PUT ${balancer}`, bare),
      400,
      'CannotRemoveRuleUsedByProbeUsedByVMSS',
      /used as health probe by VM scale set/,
    );
    assert.equal(stage.write(`PUT ${balancer}`, balancerBody('green')).status, 200);
  });

  it('keep the subnet of an instance from being deleted', async () => {
    open();
    const net = `${network}/virtualNetworks/net`;
    const subnets = [{ name: 'nodes', properties: { addressPrefix: '10.3.0.0/24' } }];
    stage.write(`PUT ${net}`, { location: 'koreacentral', properties: { subnets } });
    const subnet = { id: idOf(`${net}/subnets/nodes`) };
    const nicWith = { name: 'nic', properties: { ipConfigurations: [{ name: 'ip', properties: { subnet } }] } };
    const networkProfileConfiguration = { networkInterfaceConfigurations: [nicWith] };
    const body = { location: 'koreacentral', properties: { networkProfileConfiguration } };
    stage.call('PUT', `${setPath}/virtualMachines/0`, body);
    await stage.pass(10_000);
    const configuration = stage.read(`${nic(0)}/ipConfigurations/ip`);
    assert.equal(at(configuration, 'properties', 'privateIPAddress'), '10.3.0.4');
    assertRefused(stage.write(`DELETE ${net}/subnets/nodes`), 400, 'InUseSubnetCannotBeDeleted', /virtualMachines\/0/);
  });

  describe('a write while another is open', () => {
    it('cancels the older one when the switch says superseded', async () => {
      open({ networkBusy: 'superseded' });
      await stage.pass(2_000);
      const [older, newer] = [1, 2].map(
        () => stage.write(`PUT ${balancer}`, balancerBody('blue')).headers?.['Azure-AsyncOperation'] ?? '',
      );
      await stage.pass(2_000);
      const state = (url = '') => bodyOf(stage.callAt('GET', new URL(url), ''));
      assert.deepEqual([state(older)['status'], state(newer)['status']], ['Canceled', 'Succeeded']);
      const [detail] = list(at(state(older), 'error', 'details'));
      assert.equal(at(detail, 'code'), 'CanceledAndSupersededDueToAnotherOperation');
      assert.match(
        String(at(detail, 'message')),
        /^Operation PutLoadBalancerOperation \(.+\) was canceled and superseded by/,
      );
    });

    it('is told to come back when the switch says refused, of what it refers to as well', async () => {
      open({ networkBusy: 'refused' });
      const busy = stage.write(`PUT ${balancer}`, balancerBody('blue'));
      assertRefused(busy, 429, 'RetryableError');
      assert.equal(busy.headers?.['Retry-After'], '5');
      assert.equal(at(list(at(busy.body, 'error', 'details'))[0], 'code'), 'RetryableErrorDueToAnotherOperation');
      const ipConfigurations = [{ name: 'ip', properties: { loadBalancerBackendAddressPools: [poolId('blue')] } }];
      const user = { location: 'koreacentral', properties: { ipConfigurations } };
      const refers = stage.write(`PUT ${network}/networkInterfaces/alone`, user);
      assert.equal(at(list(at(refers.body, 'error', 'details'))[0], 'code'), 'ReferencedResourceNotProvisioned');
      assertRefused(stage.write(`DELETE ${balancer}`), 400, 'LoadBalancerInUseByVirtualMachineScaleSet');
      await stage.follow(`PUT ${network}/networkInterfaces/alone`, user);
      assert.equal(membersIn('blue').length, 3);
    });
  });
});
