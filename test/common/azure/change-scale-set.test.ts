import assert from 'node:assert/strict';
import { changeScaleSet } from '../../../tasks/common/azure/change-scale-set.ts';
import { openShop, type Shop } from '../../support/shop.ts';

describe('changeScaleSet', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  /** Writes a tag where Azure needs so long for a write; `isSeen` says whether it ever shows. Gives how many were sent. */
  async function tagged(setWriteMs: number, isSeen: boolean) {
    shop = openShop({ settings: { setWriteMs } });
    let writes = 0;
    shop.world.observers.push(({ method }) => {
      if (method === 'PATCH') writes += 1;
    });
    const { azure, clock } = shop.tools();
    const change = changeScaleSet(azure, { resourceGroup: 'web', name: 'shop' }, clock, {
      what: 'Tagging',
      until: 'done',
      update: ({ tags }) => (isSeen && tags['cost'] === '42' ? undefined : { tags: { ...tags, cost: '42' } }),
      remark: () => {},
    });
    const ended = await shop.play(change.then(() => 'shown').catch((error: Error) => error.message));
    return { writes, ended };
  }
  const unseen = 'Tagging of scale set shop failed: Azure accepted the write, but the scale set does not show it';

  it('takes a write that ends as time is up for what it is', async () =>
    assert.deepEqual(await tagged(1_499_900, true), { writes: 1, ended: 'shown' }));

  it('gives a write up that does not show when time is up, and sends no second one', async () =>
    assert.deepEqual(await tagged(1_499_900, false), { writes: 1, ended: unseen }));

  it('sends a write that does not show a few times', async () =>
    assert.deepEqual(await tagged(3_000, false), { writes: 4, ended: unseen }));
});
