import assert from 'node:assert/strict';
import { imagePatch } from '../../../tasks/common/azure/change-scale-set.ts';
import { upgradeCalls } from '../../../tasks/common/azure/upgrade-calls.ts';
import { openShop, type Shop } from '../../support/shop.ts';

describe('upgradeCalls', () => {
  let shop: Shop;
  afterEach(() => shop.close());
  /** Calls for a set whose model names another image than its nodes have. */
  async function open() {
    const { azure } = shop.tools();
    await shop.play(azure.compute.virtualMachineScaleSets.update('web', 'shop', imagePatch(shop.v2)));
    return upgradeCalls(azure, { resourceGroup: 'web', name: 'shop' });
  }

  it('takes a conflict with an open call for an answer', async () => {
    shop = openShop({ settings: { manualUpgradeConcurrency: 'exclusive' } });
    const calls = await open();
    assert.equal(await shop.play(calls.start(['0'], 'upgrade')), 'accepted');
    assert.equal(await shop.play(calls.start(['1'], 'upgrade')), 'behindOurs');
  });

  it('does not take a poll without an answer for a failed call', async () => {
    shop = openShop();
    const calls = await open();
    await shop.play(calls.start(['0'], 'upgrade'));
    const gone = { status: 404, body: { error: { code: 'NotFound', message: 'The entity was not found.' } } };
    const next = shop.world.faults.next.bind(shop.world.faults);
    shop.world.faults.next = (call) =>
      call.url.pathname.includes('/operations/') ? { on: '', times: 1, effect: 'none', reply: gone } : next(call);
    await shop.play(calls.start(['1'], 'reimage'));
    const { problems, unsure } = await shop.play(calls.ended());
    assert.deepEqual([[...problems], [...unsure]], [[], ['1']]);
  });

  it('reimages by the image of the node itself, and knows who is renewed once the call has ended well', async () => {
    shop = openShop();
    const calls = await open();
    assert.equal(await shop.play(calls.start(['0', '1'], 'reimage')), 'accepted');
    await shop.play(calls.ended());
    assert.deepEqual([...calls.renewed], []);
    await shop.pass(300_000);
    await shop.play(calls.ended());
    assert.deepEqual([[...calls.renewed], shop.versions()], [['0', '1'], '1.0.0 1.0.0 1.0.0 1.0.0']);
  });

  it('takes nobody for renewed whose reimage has failed, or who was upgraded', async () => {
    shop = openShop();
    const calls = await open();
    await shop.play(calls.start(['0'], 'reimage'));
    for (const operation of shop.world.operations.values())
      if (operation.status === 'InProgress')
        Object.assign(operation, { status: 'Failed', error: { code: 'AllocationFailed', message: 'no room' } });
    const { problems, unsure } = await shop.play(calls.ended());
    assert.equal(unsure.size, 0);
    assert.match(problems.get('0') ?? '', /^Reimage.*AllocationFailed: no room/);
    await shop.play(calls.start(['1'], 'upgrade'));
    await shop.pass(300_000);
    await shop.play(calls.ended());
    assert.deepEqual([...calls.renewed], []);
  });

  it('does not know of which node a reimage of several has failed', async () => {
    shop = openShop();
    const calls = await open();
    await shop.play(calls.start(['0', '2'], 'reimage'));
    for (const operation of shop.world.operations.values())
      if (operation.status === 'InProgress')
        Object.assign(operation, { status: 'Failed', error: { code: 'AllocationFailed', message: 'no room' } });
    const { problems, unsure } = await shop.play(calls.ended());
    assert.deepEqual([[...problems.keys()], [...unsure], [...calls.renewed]], [['0', '2'], ['0', '2'], []]);
  });

  it('keeps why a call failed, for the nodes that it was for', async () => {
    shop = openShop();
    const calls = await open();
    await shop.play(calls.start(['0', '1'], 'upgrade'));
    for (const operation of shop.world.operations.values())
      Object.assign(operation, { status: 'Failed', error: { code: 'AllocationFailed', message: 'no room' } });
    const { problems } = await shop.play(calls.ended());
    assert.deepEqual([...problems.keys()], ['0', '1']);
    assert.match(problems.get('1') ?? '', /AllocationFailed: no room/);
  });
});
