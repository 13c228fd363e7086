import assert from 'node:assert/strict';
import { inParallel } from '../../../tasks/common/health/in-parallel.ts';

describe('inParallel', () => {
  it('keeps the order, and never has more under way than it may', async () => {
    let underWay = 0;
    let most = 0;
    const items = Array.from({ length: 40 }, (_, index) => index);
    const doubled = await inParallel(items, 7, async (item) => {
      underWay += 1;
      most = Math.max(most, underWay);
      for (let turn = 0; turn <= (item * 3) % 5; turn += 1) await Promise.resolve();
      underWay -= 1;
      return item * 2;
    });
    assert.deepEqual(
      doubled,
      items.map((item) => item * 2),
    );
    assert.equal(most, 7);
  });

  it('ends with the first error', () =>
    assert.rejects(
      inParallel([1, 2], 2, async (item) => {
        if (item === 2) throw new Error('two');
      }),
      /two/,
    ));

  it('has nothing to do with nothing', async () => assert.deepEqual(await inParallel([], 3, async () => 1), []));
});
