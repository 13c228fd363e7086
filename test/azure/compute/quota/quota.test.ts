import assert from 'node:assert/strict';
import { addAutoscaleSetting } from '../../autoscale/builders.ts';
import type { Json } from '../../core/http.ts';
import { machineBody, makeInterface } from '../../resources/support.ts';
import { codeOf, messageOf, openBench } from '../../support.ts';
import { addGalleryVersion, addScaleSet } from '../builders.ts';
import { instancesOf } from '../lookup.ts';
import { assertRefused, bodyOf, openStage, type Stage, shop } from '../support.ts';
import { addQuota } from './quota.ts';
import { sizeOf } from './sizes.ts';

describe('sizes of machines', () => {
  const sizes = [
    ['Standard_D2s_v5', 2, 'standardDSv5Family'],
    ['Standard_D16ads_v5', 16, 'standardDADSv5Family'],
    ['Standard_D2_v3', 2, 'standardDv3Family'],
    ['Standard_F4s_v2', 4, 'standardFSv2Family'],
    ['Standard_E8-4ds_v5', 8, 'standardEDSv5Family'],
    ['Standard_B2ms', 2, 'standardBSFamily'],
    ['Standard_B2s_v2', 2, 'standardBSv2Family'],
    ['Standard_DS3_v2', 4, 'standardDSv2Family'],
    ['Standard_D1_v2', 1, 'standardDv2Family'],
    ['Standard_D13', 8, 'standardDFamily'],
    ['Odd', 1, 'OddFamily'],
  ] as const;
  for (const [name, cores, family] of sizes)
    it(`${name} is ${cores} of ${family}`, () => assert.deepEqual(sizeOf(name), { cores, family }));
});

describe('the quota of cores', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  /** Four machines of two cores each are there. */
  const open = (limit: number, name?: string) => {
    stage = openStage({ rateLimits: false });
    addQuota(stage.world, { limit, ...(name !== undefined && { name }) });
    const image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
    return addScaleSet(stage.world, { name: 'shop', image, capacity: 4 });
  };
  const scale = (capacity: number) => stage.call('PATCH', shop, { sku: { capacity } });
  const usages = (location = 'koreacentral') =>
    (bodyOf(stage.call('GET', `providers/Microsoft.Compute/locations/${location}/usages`))['value'] as Json[]).map(
      ({ name, currentValue, limit }) => `${(name as Json)['value']} ${currentValue}/${limit}`,
    );

  it('lets a set grow to its limit and no further, in the words of Azure', async () => {
    const set = open(12);
    assertRefused(
      scale(7),
      409,
      'OperationNotAllowed',
      /approved Total Regional Cores quota\. .* Location: koreacentral, Current Limit: 12, Current Usage: 8, Additional Required: 6, \(Minimum\) New Limit Required: 14\./,
    );
    assert.deepEqual([set.sku.capacity, set.provisioningState], [4, 'Succeeded']);
    assert.equal(scale(6).status, 200);
  });

  it('is one of each family too', () => {
    open(9, 'standardDSv5Family');
    assertRefused(scale(5), 409, 'OperationNotAllowed', /standardDSv5Family Cores quota/);
  });

  it('is not spent by another family or in another region', () => {
    open(8, 'standardFSv2Family');
    addQuota(stage.world, { location: 'Japan East', limit: 0 });
    assert.equal(scale(6).status, 200);
  });

  it('counts machines until they are gone', async () => {
    open(8);
    stage.call('POST', `${shop}/delete`, { instanceIds: ['3'] });
    assert.equal(stage.call('PATCH', shop, { sku: { capacity: 4 } }).status, 409);
    await stage.pass(25_000);
    assert.equal(scale(4).status, 200);
  });

  it('does not stand in the way of a write that needs no more', () => {
    open(8);
    addQuota(stage.world, { limit: 2 });
    assert.equal(stage.call('PATCH', shop, { tags: { a: '1' } }).status, 200);
  });

  it('refuses a new set before it is there', () => {
    const set = open(10);
    const body = {
      location: 'koreacentral',
      sku: { name: 'Standard_D2s_v5', capacity: 2 },
      properties: { upgradePolicy: { mode: 'Manual' }, virtualMachineProfile: set.model.profile },
    };
    assertRefused(stage.call('PUT', shop.replace(/shop$/, 'other'), body), 409, 'OperationNotAllowed', /Required: 4/);
    assert.equal(stage.world.compute.scaleSets.size, 1);
  });

  it('keeps the autoscaler from growing a set, too', async () => {
    const set = open(8);
    addAutoscaleSetting(stage.world, { set, minimum: 6, maximum: 9 });
    await stage.pass(40_000);
    stage.call('GET', shop);
    const [action] = stage.world.autoscale.actions;
    assert.deepEqual(
      [action?.outcome, action?.code, instancesOf(stage.world, set).length],
      ['refused', 'OperationNotAllowed', 4],
    );
  });

  it('is shown by the usages of the region, with what is used of it', () => {
    open(12);
    addQuota(stage.world, { name: 'standardFSv2Family', limit: 20 });
    assert.deepEqual(usages(), [
      'cores 8/12',
      'virtualMachines 4/10000',
      'virtualMachineScaleSets 1/10000',
      'standardDSv5Family 8/10000',
      'standardfsv2family 0/20',
    ]);
    assert.deepEqual(usages('japaneast')[0], 'cores 0/10000');
  });
});

describe('the quota of cores', () => {
  it('counts machines outside of sets', () => {
    const bench = openBench();
    try {
      bench.arm('PUT /resourceGroups/web', { location: 'koreacentral' });
      const nic = makeInterface(bench, 'web', 'builder');
      addQuota(bench.world, { limit: 1 });
      const path = 'PUT /resourceGroups/web/providers/Microsoft.Compute/virtualMachines/builder';
      const answer = bench.arm(path, machineBody(nic));
      assert.deepEqual([answer.status, codeOf(answer)], [409, 'OperationNotAllowed']);
      assert.match(messageOf(answer), /Additional Required: 2/);
      addQuota(bench.world, { limit: 2 });
      assert.equal(bench.arm(path, machineBody(nic)).status, 201);
    } finally {
      bench.close();
    }
  });
});
