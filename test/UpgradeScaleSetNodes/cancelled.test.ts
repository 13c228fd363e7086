import assert from 'node:assert/strict';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { Settings } from '../azure/core/settings.ts';
import { settle } from '../azure/index.ts';
import type { ProcessTools } from '../support/rehearsal.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const two = { kind: 'count', count: 2, text: '2' } as const;
const { nodes: _nodes, target: _target, ...rest } = request('', { drain, maxUnavailable: two });

const tasks = {
  upgradeNodes: (shop: Shop, tools: ProcessTools) => upgradeNodes({ ...request(shop.v2), ...rest }, tools),
  async rollBack(shop: Shop, tools: ProcessTools) {
    return rollBack({ ...rest, to: shop.v2 }, tools);
  },
} as const;

/** Seconds into the run: while it writes the record, drains, points the model, replaces two nodes, waits for their health. */
const moments = [0.1, 2, 9, 13, 17, 20, 23, 27, 33, 38, 43, 48, 60, 90, 130, 150];

async function cancelledAt(seconds: number, task: keyof typeof tasks, settings: Partial<Settings>) {
  const shop = openShop({ settings });
  try {
    const cancel = new AbortController();
    const tools = shop.tools({ cancelled: cancel.signal });
    const run = tasks[task](shop, tools);
    run.catch(() => {});
    await shop.pass(seconds * 1000);
    const at = Date.now();
    cancel.abort();
    const { ending } = await shop.play(run);
    const tookMs = Date.now() - at;
    const state = readRecord(shop.set.tags)?.state;
    const said = tools.lines.some((line) => line.includes('could not be put back in time'));
    for (let minute = 0; minute < 4; minute += 1) {
      settle(shop.world);
      await shop.pass(60_000);
    }
    return {
      outcome: ending.outcome,
      tookMs,
      left: state?.startsWith('roll') === true && !said,
      serving: shop.serving(),
    };
  } finally {
    shop.close();
  }
}

describe('a cancelled task', () => {
  const settings: readonly Partial<Settings>[] = [{}, { writeDuringInstanceWork: 'accepted', imageShown: 'atEnd' }];
  for (const task of Object.keys(tasks) as (keyof typeof tasks)[])
    for (const setting of settings)
      it(`${task} ends in time, with all nodes in service: ${JSON.stringify(setting)}`, async () => {
        for (const seconds of moments) {
          const { tookMs, ...end } = await cancelledAt(seconds, task, setting);
          assert.deepEqual(end, { outcome: 'cancelled', left: false, serving: 4 }, `cancelled after ${seconds} s`);
          assert.ok(tookMs <= 7_500, `cancelled after ${seconds} s, it took ${tookMs} ms`);
        }
      }).timeout(60_000);
});
