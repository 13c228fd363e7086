import assert from 'node:assert/strict';
import type { Left } from '../../../../tasks/common/execute/ending/handover.ts';
import { putBackLeft } from '../../../../tasks/common/execute/ending/put-back-left.ts';
import { upgradeNodes } from '../../../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { protect, protectedNodes } from '../../../support/protected-nodes.ts';
import type { Death } from '../../../support/rehearsal.ts';
import { drain, openShop, type Shop } from '../../../support/shop.ts';
import { request } from '../../../UpgradeScaleSetNodes/upgrade-request.ts';

const two = { kind: 'count', count: 2, text: '2' } as const;
const drains: Death = { onCall: 'PUT …/virtualMachines/1/runCommands/', applied: true };
const upgrades: Death = { onCall: 'POST …/manualupgrade', applied: true };
const lifts: Death = { onCall: 'PUT …/virtualMachines/0?', applied: true };
const refusal = (code: string) => ({ status: 403, body: { error: { code, message: 'Not you.' } } });

describe('what a step has left, where the record of its rollout is gone', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  /** Kills an upgrade that replaces protected nodes; then somebody wipes the tags. */
  async function wiped(dies: Death, change: (left: Left) => Left = (left) => left) {
    shop = openShop();
    protect(shop, ['0']);
    const tools = shop.tools({ dies });
    const wishes = { drain, maxUnavailable: two, protectedNodes: 'replace' } as const;
    assert.equal(await shop.play(Promise.race([upgradeNodes(request(shop.v2, wishes), tools), tools.died])), 'died');
    await shop.pass(1_000);
    Object.assign(shop.set, { tags: {} });
    assert.ok(tools.memory.left);
    tools.memory.left = change(tools.memory.left);
    return tools.memory;
  }

  async function putBack(memory: Awaited<ReturnType<typeof wiped>>) {
    assert.ok(memory.left);
    const tools = shop.tools({ memory });
    const ended = await shop.play(putBackLeft(memory.left, tools));
    await shop.pass(10_000);
    return { ...ended, lines: tools.lines.join('\n') };
  }

  it('is put back all the same: drained nodes serve again', async () => {
    const memory = await wiped(drains);
    const { kind, reason } = await putBack(memory);
    assert.deepEqual([kind, shop.serving(), shop.drained.size, memory.left], ['back', 4, 0, undefined]);
    assert.equal(reason, 'the record is gone from the tags, and nodes that the step had drained are back in service');
  });

  it('is put back all the same: drained nodes serve again, and protection is given back', async () => {
    const memory = await wiped(lifts, (left) => ({ ...left, drained: [...new Set([...left.drained, '0'])] }));
    const { kind, reason } = await putBack(memory);
    assert.deepEqual([kind, protectedNodes(shop), shop.drained.size, memory.left], ['back', '0', 0, undefined]);
    assert.match(reason, /drained are back in service, and the protection that the step had lifted is given back$/);
  });

  it('is named as far as it is not back: nodes, and protection beside them', async () => {
    const memory = await wiped(lifts);
    for (const on of ['POST …/runCommand', 'PUT /virtualMachines/0'])
      shop.world.faults.add({ on, times: 99, effect: 'none', reply: refusal('AuthorizationFailed') });
    const { kind, reason, lines } = await putBack(memory);
    assert.equal(kind, 'partly');
    assert.match(reason, /^the record is gone from the tags; \d nodes? may still be out of service: shop_0/);
    assert.match(reason, /; instances 0 may be without protection from actions of the set \(az vmss update/);
    assert.match(lines, /shop_0 may be without protection from actions of the set: Giving back .*AuthorizationFailed/);
    assert.deepEqual(memory.left?.lifted, ['0']);
    assert.ok(memory.left?.drained.includes('0'));
  });

  it('is named where no script puts nodes back', async () => {
    const memory = await wiped(drains, ({ undrain: _none, ...left }) => left);
    const { kind, reason } = await putBack(memory);
    assert.equal(kind, 'partly');
    assert.match(reason, /^the record is gone from the tags; 2 nodes may still be out of service: shop_0, shop_1$/);
  });

  for (const applied of [true, false])
    it(`waits for nodes that Azure was asked to replace, the order ${applied ? 'taken' : 'lost'}`, async () => {
      const memory = await wiped({ ...upgrades, applied }, (left) => ({ ...left, lifted: [] }));
      const [id] = memory.left?.asked ?? [];
      const from = Date.now();
      const undrained: number[] = [];
      shop.world.observers.push(({ method, url }) => {
        if (method === 'POST' && url.pathname.endsWith(`/${id}/runCommand`)) undrained.push(Date.now() - from);
      });
      assert.equal((await putBack(memory)).kind, 'back');
      assert.ok(undrained.length === 1 && undrained.every((ms) => ms > 50_000), undrained.join(' '));
      await shop.pass(120_000); // a node that was replaced starts
      assert.deepEqual([shop.serving(), shop.drained.size], [4, 0]);
    });
});
