import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet } from '../builders.ts';
import { instancesOf } from '../lookup.ts';
import type { ScaleSet } from '../state.ts';
import { bodyOf, openStage, type Stage, shop } from '../support.ts';
import { type AllocationFailure, addAllocationFailure } from './failures.ts';

describe('a failed allocation', () => {
  let stage: Stage;
  let set: ScaleSet;
  afterEach(() => stage.close());

  const open = (zones: readonly string[] = []) => {
    stage = openStage({ rateLimits: false });
    const image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
    set = addScaleSet(stage.world, { name: 'shop', image, capacity: 2, zones });
  };
  const fail = (failure: Partial<AllocationFailure>) =>
    addAllocationFailure(stage.world, { code: 'AllocationFailed', times: 1, ...failure });
  const pass = async (ms: number) => {
    await stage.pass(ms);
    stage.call('GET', shop);
  };
  /** Carries out a call to its end, and gives the error of its operation. */
  const carryOut = async (method: string, path: string, body?: Parameters<Stage['call']>[2]) => {
    const operation = stage.call(method, path, body).headers?.['Azure-AsyncOperation'] ?? '';
    await pass(300_000);
    return bodyOf(stage.callAt('GET', new URL(operation), ''))['error'] as
      | { code: string; message: string }
      | undefined;
  };
  const scale = (capacity: number) => carryOut('PATCH', shop, { sku: { capacity } });
  const states = () =>
    instancesOf(stage.world, set).map(
      ({ instanceId, provisioningState, power }) => `${instanceId} ${provisioningState} ${power}`,
    );
  const view = (id: string) => bodyOf(stage.call('GET', `${shop}/virtualMachines/${id}/instanceView`));

  it('fails the operation and leaves the instance failed, without a machine; the others come up', async () => {
    open();
    fail({});
    const error = await scale(4);
    assert.equal(error?.code, 'AllocationFailed');
    assert.deepEqual(states(), [
      '0 Succeeded running',
      '1 Succeeded running',
      '2 Failed deallocated',
      '3 Succeeded running',
    ]);
    assert.deepEqual([set.provisioningState, set.sku.capacity], ['Failed', 4]);
    const { statuses, vmHealth } = view('2') as { statuses: { code: string }[]; vmHealth?: unknown };
    assert.deepEqual([statuses[0]?.code, vmHealth], ['ProvisioningState/failed/AllocationFailed', undefined]);
  });

  const words = [
    { code: 'AllocationFailed', says: /sufficient capacity for the requested VM size in this region/ },
    { code: 'ZonalAllocationFailed', says: /sufficient capacity for the requested VM size in this zone/ },
    { code: 'OverconstrainedAllocationRequest', says: /too restrictive.*Networking Constraints.*VM Size/s },
    { code: 'OverconstrainedZonalAllocationRequest', says: /too restrictive.*Availability Zone/s },
    {
      code: 'SkuNotAvailable',
      says: /resource '.*\/2' is currently not available in location 'koreacentral' zones '1'/,
    },
  ] as const;
  for (const { code, says } of words)
    it(`is told as ${code} in the words of Azure`, async () => {
      open(['1', '2']);
      fail({ code });
      const error = await scale(3);
      assert.equal(error?.code, code);
      assert.match(error?.message ?? '', says);
    });

  const hits: readonly { readonly name: string; readonly only: Partial<AllocationFailure>; readonly failed: string }[] =
    [
      { name: 'the zone', only: { zone: '2', times: 9 }, failed: '3 5' },
      { name: 'the size', only: { size: 'Standard_F2s_v2', times: 9 }, failed: '' },
      { name: 'the region', only: { location: 'japaneast', times: 9 }, failed: '' },
      {
        name: 'the number of times',
        only: { location: 'Korea Central', size: 'standard_d2s_V5', times: 3 },
        failed: '2 3 4',
      },
    ];
  for (const { name, only, failed } of hits)
    it(`goes by ${name}`, async () => {
      open(['1', '2']);
      fail(only);
      await scale(6);
      const ids = instancesOf(stage.world, set).filter(({ provisioningState }) => provisioningState === 'Failed');
      assert.equal(ids.map(({ instanceId }) => instanceId).join(' '), failed);
    });

  for (const action of ['start', 'reimage', 'restart'])
    it(`is over when ${action} finds a place`, async () => {
      open();
      fail({});
      await scale(3);
      assert.equal(await carryOut('POST', `${shop}/${action}`, { instanceIds: ['2'] }), undefined);
      assert.deepEqual(states()[2], '2 Succeeded running');
      assert.equal(stage.world.machines.health(`${set.id}/virtualMachines/2`.toLowerCase())?.state, 'healthy');
    });

  it('may come again', async () => {
    open();
    fail({ times: 2 });
    await scale(3);
    assert.equal((await carryOut('POST', `${shop}/start`, { instanceIds: ['2'] }))?.code, 'AllocationFailed');
    assert.deepEqual(states()[2], '2 Failed deallocated');
  });

  it('can be deleted, and leaves no trace', async () => {
    open();
    fail({});
    await scale(3);
    assert.equal(await carryOut('POST', `${shop}/delete`, { instanceIds: ['2'] }), undefined);
    assert.deepEqual([states().length, stage.world.compute.placeless.size], [2, 0]);
  });

  it('meets a deallocated machine that starts again, not one that was only off', async () => {
    open();
    await carryOut('POST', `${shop}/deallocate`, { instanceIds: ['0'] });
    await carryOut('POST', `${shop}/poweroff`, { instanceIds: ['1'] });
    fail({ times: 5 });
    assert.equal((await carryOut('POST', `${shop}/start`, { instanceIds: ['0', '1'] }))?.code, 'AllocationFailed');
    assert.deepEqual(states(), ['0 Failed deallocated', '1 Succeeded running']);
  });
});
