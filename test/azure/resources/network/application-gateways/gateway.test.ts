import assert from 'node:assert/strict';
import { assertRefused, bodyOf } from '../../../compute/support.ts';
import type { Json } from '../../../core/http.ts';
import { at, list, object } from '../../../core/json.ts';
import { idOf, type NetworkStage, network, openNetwork, setPath } from '../support.ts';

const path = `${network}/applicationGateways/edge`;
const part = (name: string) => ({ id: `${idOf(path)}/${name}` });
const poolId = part('backendAddressPools/web');

const gatewayBody = (connectionDraining?: Json): Json => ({
  location: 'koreacentral',
  properties: {
    sku: { name: 'Standard_v2', tier: 'Standard_v2', capacity: 1 },
    gatewayIPConfigurations: [{ name: 'place', properties: {} }],
    frontendIPConfigurations: [{ name: 'in', properties: {} }],
    frontendPorts: [{ name: 'http', properties: { port: 80 } }],
    backendAddressPools: [
      { name: 'web', properties: {} },
      { name: 'other', properties: { backendAddresses: [{ ipAddress: '10.7.0.4' }, { fqdn: 'far.example' }] } },
    ],
    backendHttpSettingsCollection: [
      {
        name: 'app',
        properties: {
          port: 8080,
          protocol: 'Http',
          probe: part('probes/alive'),
          ...(connectionDraining && { connectionDraining }),
        },
      },
    ],
    httpListeners: [
      {
        name: 'all',
        properties: {
          protocol: 'Http',
          frontendIPConfiguration: part('frontendIPConfigurations/in'),
          frontendPort: part('frontendPorts/http'),
        },
      },
    ],
    probes: [
      {
        name: 'alive',
        properties: { protocol: 'Http', path: '/health', interval: 5, timeout: 5, unhealthyThreshold: 1 },
      },
    ],
    requestRoutingRules: ['web', 'other'].map((pool, index) => ({
      name: pool,
      properties: {
        ruleType: 'Basic',
        priority: index + 1,
        httpListener: part('httpListeners/all'),
        backendAddressPool: part(`backendAddressPools/${pool}`),
        backendHttpSettings: part('backendHttpSettingsCollection/app'),
      },
    })),
  },
});

describe('An application gateway', () => {
  let stage: NetworkStage;
  afterEach(() => stage.close());
  const open = (...[settings, machines]: Parameters<typeof openNetwork>) => {
    stage = openNetwork({ gatewayWriteMs: 60_000, ...settings }, machines);
    return stage;
  };
  const put = (body: Json = gatewayBody()) => stage.write(`PUT ${path}`, body);
  const state = (url = '') => bodyOf(stage.callAt('GET', new URL(url), ''));
  const memberId = (instance: number) =>
    idOf(`${setPath}/virtualMachines/${instance}/networkInterfaces/nic/ipConfigurations/ip`);
  /** Puts one instance into these pools of the gateway, or into none. */
  const join = async (instance: number, pools: readonly Json[]) => {
    const ipConfigurations = [
      { name: 'ip', properties: { primary: true, applicationGatewayBackendAddressPools: pools } },
    ];
    const nic = { name: 'nic', properties: { primary: true, ipConfigurations } };
    const networkProfileConfiguration = { networkInterfaceConfigurations: [nic] };
    const answer = stage.call('PUT', `${setPath}/virtualMachines/${instance}`, {
      location: 'koreacentral',
      properties: { networkProfileConfiguration },
    });
    assert.equal(answer.status, 200);
    await stage.pass(5_000);
  };
  const serversIn = (health: Json, pool: number) =>
    list(at(list(at(list(health['backendAddressPools'])[pool], 'backendHttpSettingsCollection'))[0], 'servers')).map(
      object,
    );
  const healthOf = async (pool = 0) =>
    serversIn(await stage.follow(`POST ${path}/backendhealth`), pool).map(({ health }) => health);

  it('is written, read, listed, tagged and deleted', async () => {
    open();
    assert.equal(put().status, 201);
    assert.equal(at(stage.read(path), 'properties', 'provisioningState'), 'Updating');
    await stage.pass(60_000);
    assert.equal(at(stage.read(path), 'properties', 'operationalState'), 'Running');
    assert.equal(put().status, 200);
    await stage.pass(60_000);
    assert.deepEqual(stage.write(`PATCH ${path}`, { tags: { team: 'edge' } }).status, 200);
    const lists = [`${network}/applicationGateways`, 'providers/Microsoft.Network/applicationGateways'];
    for (const all of lists)
      assert.deepEqual(
        list(stage.read(all)['value']).map((each) => at(each, 'tags')),
        [{ team: 'edge' }],
      );
    assert.equal(stage.write(`DELETE ${path}`).status, 202);
    await stage.pass(60_000);
    assertRefused(stage.call('GET', `${path}?api-version=2024-05-01`), 404, 'ResourceNotFound');
  });

  it('needs its parts, and references that are there', () => {
    open();
    const bare = { location: 'koreacentral', properties: { sku: { name: 'Standard_v2' } } };
    assertRefused(put(bare), 400, 'InvalidParameter', /gatewayIPConfigurations/);
    const { properties } = gatewayBody();
    const astray = { ...object(properties), probes: [] };
    assertRefused(
      put({ location: 'koreacentral', properties: astray }),
      400,
      'InvalidResourceReference',
      /probes\/alive/,
    );
  });

  for (const drainTimeoutInSec of [0, 3601, 1.5, undefined])
    it(`refuses a drain timeout of ${drainTimeoutInSec} seconds`, () => {
      open();
      const answer = put(gatewayBody({ enabled: true, drainTimeoutInSec } as Json));
      assertRefused(answer, 400, 'ApplicationGatewayConnectionDrainingTimeoutOutOfRange', /settings app/);
    });

  for (const drainTimeoutInSec of [1, 3600])
    it(`takes a drain timeout of ${drainTimeoutInSec} seconds`, () => {
      open();
      assert.equal(put(gatewayBody({ enabled: true, drainTimeoutInSec })).status, 201);
    });

  it('cancels a write that a newer one overtakes', async () => {
    open();
    const [older, newer] = [put(), put()].map(({ headers }) => headers?.['Azure-AsyncOperation']);
    await stage.pass(61_000);
    assert.deepEqual([state(older)['status'], state(newer)['status']], ['Canceled', 'Succeeded']);
    assert.match(JSON.stringify(state(older)['error']), /CanceledAndSuperseded.*PutApplicationGatewayOperation/);
  });

  it('tells the health of who is in its pools, as the machines are', async () => {
    let sick = false;
    open(
      {},
      { health: ({ name }, now) => (sick && name.endsWith('1') ? { state: 'unhealthy', since: now } : undefined) },
    );
    put();
    for (const instance of [0, 1]) await join(instance, [poolId]);
    const pool = list(at(stage.read(path), 'properties', 'backendAddressPools'))[0];
    assert.deepEqual(at(pool, 'properties', 'backendIPConfigurations'), [{ id: memberId(0) }, { id: memberId(1) }]);
    sick = true;
    const health = await stage.follow(`POST ${path}/backendhealth`);
    const [first, second] = serversIn(health, 0);
    assert.deepEqual(first, {
      address: '10.0.0.4',
      ipConfiguration: { id: memberId(0) },
      health: 'Healthy',
      healthProbeLog: 'Success. Received 200 status code',
    });
    assert.equal(second?.['health'], 'Unhealthy');
    assert.deepEqual(
      serversIn(health, 1).map(({ address, health: each }) => [address, each]),
      [
        ['10.7.0.4', 'Unknown'],
        ['far.example', 'Unknown'],
      ],
    );
  });

  for (const [gatewayHealthWords, words] of [
    ['seen', ['Healthy', 'Unhealthy']],
    ['documented', ['Up', 'Down']],
  ] as const)
    it(`says ${words.join(' and ')} when the words are those that are ${gatewayHealthWords}`, async () => {
      open({ gatewayHealthWords });
      put();
      for (const instance of [0, 1]) await join(instance, [poolId]);
      await stage.play(
        stage.sdk.virtualMachineScaleSets.powerOff('web', 'shop', { vmInstanceIDs: { instanceIds: ['1'] } }),
      );
      assert.deepEqual(await healthOf(), words);
    });

  it('looks at one pool with a probe of the caller’s', async () => {
    open();
    put();
    await join(0, [poolId]);
    const settings = part('backendHttpSettingsCollection/app');
    const body = {
      protocol: 'Http',
      path: '/ready',
      timeout: 5,
      backendAddressPool: poolId,
      backendHttpSettings: settings,
    };
    const health = await stage.follow(`POST ${path}/getBackendHealthOnDemand`, body as Json);
    assert.deepEqual(health['backendAddressPool'], poolId);
    const servers = list(at(health, 'backendHealthHttpSettings', 'servers'));
    assert.deepEqual(
      servers.map((each) => at(each, 'health')),
      ['Healthy'],
    );
    const astray = { ...body, backendAddressPool: part('backendAddressPools/none') } as Json;
    assertRefused(stage.write(`POST ${path}/getBackendHealthOnDemand`, astray), 400, 'InvalidResourceReference');
  });

  it('is stopped and started, and tells no health while it is stopped', async () => {
    open();
    put();
    const operational = () => at(stage.read(path), 'properties', 'operationalState');
    assert.equal(stage.write(`POST ${path}/stop`).status, 202);
    assert.equal(operational(), 'Stopping');
    await stage.pass(61_000);
    assert.equal(operational(), 'Stopped');
    assertRefused(stage.write(`POST ${path}/backendhealth`), 400, 'ApplicationGatewayNotRunning');
    await stage.follow(`POST ${path}/start`);
    assert.equal(operational(), 'Running');
    assert.deepEqual(await healthOf(), []);
  });

  describe('with connection draining', () => {
    const draining = gatewayBody({ enabled: true, drainTimeoutInSec: 120 });

    it('lets a member end that has left the pool, until its time is over', async () => {
      open();
      put(draining);
      for (const instance of [0, 1]) await join(instance, [poolId]);
      await join(0, []);
      assert.deepEqual(await healthOf(), ['Healthy', 'Draining']);
      await stage.pass(120_000);
      assert.deepEqual(await healthOf(), ['Healthy']);
    });

    it('takes one back at once that comes again', async () => {
      open();
      put(draining);
      await join(0, [poolId]);
      await join(0, []);
      await join(0, [poolId]);
      assert.deepEqual(await healthOf(), ['Healthy']);
    });

    it('does not drain an instance that is deleted, nor without the setting', async () => {
      open();
      put(draining);
      await join(0, [poolId]);
      await stage.play(stage.sdk.virtualMachineScaleSets.deleteInstances('web', 'shop', { instanceIds: ['0'] }));
      assert.deepEqual(await healthOf(), []);
      put(gatewayBody({ enabled: false, drainTimeoutInSec: 120 }));
      await join(1, [poolId]);
      await join(1, []);
      assert.deepEqual(await healthOf(), []);
    });

    it('forgets a member whose machine goes while it is let end', async () => {
      open();
      put(draining);
      await join(0, [poolId]);
      await join(0, []);
      const gone = stage.sdk.virtualMachineScaleSets.deleteInstances('web', 'shop', { instanceIds: ['0'] });
      await stage.pass(1_000);
      assert.deepEqual(await healthOf(), []);
      await stage.play(gone);
    });

    it('drains interfaces that stand alone too', async () => {
      open();
      put(draining);
      const { world } = stage;
      const nic = `${network}/networkInterfaces/alone`;
      const body = (pools: readonly Json[]): Json => ({
        location: 'koreacentral',
        properties: {
          ipConfigurations: [{ name: 'ip', properties: { applicationGatewayBackendAddressPools: pools } }],
        },
      });
      stage.write(`PUT ${nic}`, body([poolId]));
      const machine = idOf('resourceGroups/web/providers/Microsoft.Compute/virtualMachines/alone').toLowerCase();
      world.resources.virtualMachines.set(machine, {
        id: machine,
        parts: { networkInterfaces: [{ id: idOf(nic), deleteOption: 'Detach' }] },
        provisioningState: 'Succeeded',
      } as never);
      assert.deepEqual(await healthOf(), ['Unhealthy']);
      stage.write(`PUT ${nic}`, body([]));
      assert.deepEqual(await healthOf(), ['Draining']);
    });
  });

  it('is not deleted while a scale set names one of its pools', async () => {
    open();
    put();
    await join(0, [poolId]);
    assertRefused(
      stage.write(`DELETE ${path}`),
      400,
      'ApplicationGatewayInUseByVirtualMachineScaleSet',
      /child resources web/,
    );
  });
});
