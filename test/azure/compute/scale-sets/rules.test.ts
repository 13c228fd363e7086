import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet, testSubscription } from '../builders.ts';
import { assertRefused, openStage, type Stage, shop } from '../support.ts';

describe('what a scale set may be', () => {
  let stage: Stage;
  let image: string;
  beforeEach(() => {
    stage = openStage({ rateLimits: false });
    image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
    addScaleSet(stage.world, { name: 'net', image, capacity: 0, orchestration: 'Flexible' });
  });
  afterEach(() => stage.close());

  const flexible = { orchestrationMode: 'Flexible' };
  const subnet = {
    id: `/subscriptions/${testSubscription}/resourceGroups/web/providers/Microsoft.Network/virtualNetworks/net/subnets/nodes`,
  };
  const interfaces = [{ name: 'nic', properties: { ipConfigurations: [{ name: 'ip', properties: { subnet } }] } }];
  const make = (properties: object, more: object = {}, networkProfile: object = {}) =>
    stage.call('PUT', shop, {
      location: 'koreacentral',
      sku: { name: 'Standard_D2s_v5', capacity: 1 },
      properties: {
        ...properties,
        virtualMachineProfile: { storageProfile: { imageReference: { id: image } }, networkProfile },
      },
      ...more,
    });
  const zones = (...names: string[]) => ({ zones: names });
  const of = (capacity: number) => ({ sku: { name: 'Standard_D2s_v5', capacity } });

  const refused = [
    ['1001 machines', {}, of(1001), /sku\.capacity/],
    ['half a machine', {}, of(0.5), /sku\.capacity/],
    ['six fault domains', { platformFaultDomainCount: 6 }, {}, /1, 2, 3, 4, 5/],
    ['two fault domains in zones', { platformFaultDomainCount: 2 }, zones('1'), /is one of 1, 5/],
    ['five fault domains, Flexible', { ...flexible, platformFaultDomainCount: 5 }, {}, /is one of 1, 2, 3/],
    [
      'two fault domains, Flexible, in zones',
      { ...flexible, platformFaultDomainCount: 2 },
      zones('1', '2'),
      /is one of 1\./,
    ],
    ['zone balance without zones', { zoneBalance: true }, {}, /more than one zone/],
    ['zone balance in one zone', { ...flexible, zoneBalance: false }, zones('1'), /more than one zone/],
    ['overprovisioning, Flexible', { ...flexible, overprovision: true }, {}, /Overprovisioning/],
  ] as const;
  for (const [title, properties, more, words] of refused)
    it(`is not ${title}`, () => {
      assertRefused(make(properties, more), 400, 'InvalidParameter', words);
      assert.equal(stage.call('GET', shop).status, 404);
    });

  const accepted = [
    ['1000 machines', { ...flexible }, of(1000)],
    ['100 machines in a single placement group', { singlePlacementGroup: true }, of(100)],
    ['five fault domains in zones, Uniform', { platformFaultDomainCount: 5 }, zones('1', '2')],
    ['three fault domains, Flexible', { ...flexible, platformFaultDomainCount: 3 }, {}],
    ['zone balance over two zones, Flexible', { ...flexible, zoneBalance: true }, zones('1', '2')],
  ] as const;
  for (const [title, properties, more] of accepted)
    it(`may be ${title}`, () => assert.equal(make(properties, more).status, 201));

  it('is not more than 100 machines in a single placement group, in both modes', () => {
    for (const mode of [{}, flexible])
      assertRefused(
        make({ ...mode, singlePlacementGroup: true }, of(101)),
        409,
        'OperationNotAllowed',
        /exceeds the total limit of '100'/,
      );
  });

  it('has its health from the extension, Flexible, not from a balancer', () => {
    const healthProbe = { id: `${subnet.id.split('/virtualNetworks')[0]}/loadBalancers/lb/probes/alive` };
    assertRefused(make(flexible, {}, { healthProbe }), 400, 'InvalidParameter', /Application Health extension/);
  });

  it('says with which version its interfaces are made, Flexible', () => {
    const code = 'NetworkApiVersionMustBeSpecifiedWithNetworkInterfaceConfigurations';
    const networkInterfaceConfigurations = interfaces;
    assertRefused(make(flexible, {}, { networkInterfaceConfigurations }), 400, code);
    assert.equal(make(flexible, {}, { networkInterfaceConfigurations, networkApiVersion: '2020-11-01' }).status, 201);
  });

  const changes = [
    ['orchestrationMode', {}, { orchestrationMode: 'Flexible' }],
    ['orchestrationMode', flexible, { orchestrationMode: 'Uniform' }],
    ['platformFaultDomainCount', { ...flexible, platformFaultDomainCount: 1 }, { platformFaultDomainCount: 2 }],
    ['platformFaultDomainCount', {}, { platformFaultDomainCount: 1 }],
    ['singlePlacementGroup', { singlePlacementGroup: false }, { singlePlacementGroup: true }],
  ] as const;
  for (const [property, before, after] of changes)
    it(`does not change its ${property} from ${JSON.stringify(before)} to ${JSON.stringify(after)}`, async () => {
      assert.equal(make(before).status, 201);
      await stage.pass(120_000);
      const answer = stage.call('PATCH', shop, { properties: after });
      assertRefused(answer, 409, 'PropertyChangeNotAllowed', new RegExp(property));
    });

  it('may leave a single placement group', async () => {
    make({ singlePlacementGroup: true });
    await stage.pass(120_000);
    assert.equal(stage.call('PATCH', shop, { properties: { singlePlacementGroup: false } }).status, 200);
  });
});
