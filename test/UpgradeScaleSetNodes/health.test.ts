import assert from 'node:assert/strict';
import { parseNodeUrl } from '../../tasks/common/health/node-url.ts';
import type { HealthSource } from '../../tasks/common/health/source.ts';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { type UpgradeRequest, upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { guard } from '../support/fleet-guard.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const url = parseNodeUrl('http://:8080/healthz');
assert.ok(url);
const http: HealthSource = { kind: 'http', url };
const none: HealthSource = { kind: 'none' };

describe('who says whether a node is healthy', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const upgrade = (target: string, changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(Promise.race([upgradeNodes(request(target, { drain, ...changes }), tools), tools.died]));
  const ending = async (...of: Parameters<typeof upgrade>) => {
    const result = await upgrade(...of);
    assert.ok(result !== 'died');
    return result.ending;
  };

  const reports = [
    { title: 'an Application Health extension with rich states', health: 'application' },
    { title: 'an Application Health extension with two states', health: 'binary' },
    { title: 'the probe of its load balancer', health: 'balancer' },
  ] as const;
  for (const { title, health } of reports) {
    it(`azure: a good image goes all the way by ${title}`, async () => {
      shop = openShop({ set: { health } });
      guard(shop.world, shop.set, shop.v2, 3);
      const { outcome, reason } = await ending(shop.v2);
      assert.deepEqual([outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], reason);
    });

    it(`azure: a bad image stops at its first node by ${title}`, async () => {
      shop = openShop({ set: { health } });
      const { outcome, reason } = await ending(shop.v3);
      assert.deepEqual([outcome, shop.versions()], ['halted', '3.0.0 1.0.0 1.0.0 1.0.0']);
      assert.match(reason, /shop_0: unhealthy on 3\.0\.0/);
    });
  }

  it('azure: a node that is still initializing is waited for and has not failed', async () => {
    shop = openShop({ machines: { healthyAfterMs: 240_000 } });
    const tools = shop.tools();
    const { outcome } = await ending(shop.v2, { nodes: { kind: 'count', count: 1, text: '1' } }, tools);
    assert.equal(outcome, 'completed');
    assert.match(tools.lines.join('\n'), /waiting for shop_0 to become healthy on 2\.0\.0/);
  });

  it('azure: a set that reports nothing is refused, and the other sources are named', async () => {
    shop = openShop({ set: { health: 'none' } });
    const before = shop.fingerprint();
    await assert.rejects(upgrade(shop.v2), ({ code, hint }: { code: string; hint: string }) => {
      assert.equal(code, 'NoHealthSource');
      for (const word of ['http', 'none']) assert.match(hint, new RegExp(`\\b${word}\\b`));
      return true;
    });
    assert.equal(shop.fingerprint(), before);
  });

  it('http: a set that reports nothing is upgraded, its nodes asked one list a look', async () => {
    shop = openShop({ set: { health: 'none' } });
    let lists = 0;
    let looks = 0;
    shop.world.observers.push(({ url: { pathname } }) => {
      if (/\/networkInterfaces$/i.test(pathname)) lists += 1;
      if (/\/virtualMachines$/i.test(pathname)) looks += 1;
    });
    const asked: string[] = [];
    const tools = shop.tools();
    const { askStatus } = tools;
    const counting = {
      ...tools,
      askStatus(at: string, patienceMs: number) {
        asked.push(at);
        return askStatus(at, patienceMs);
      },
    };
    const { outcome, reason } = await ending(shop.v2, { health: http }, counting);
    assert.deepEqual([outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], reason);
    assert.equal(lists, looks);
    assert.deepEqual([...new Set(asked)].sort().slice(0, 2), [
      'http://10.0.0.4:8080/healthz',
      'http://10.0.0.5:8080/healthz',
    ]);
  });

  it('http: a bad image stops at its first node', async () => {
    shop = openShop({ set: { health: 'none' } });
    const { outcome, reason } = await ending(shop.v3, { health: http });
    assert.deepEqual([outcome, shop.versions()], ['halted', '3.0.0 1.0.0 1.0.0 1.0.0']);
    assert.match(reason, /shop_0: unhealthy on 3\.0\.0/);
  });

  it('http: a node that answers nobody is unknown, and unknown is not serving', async () => {
    shop = openShop({ set: { health: 'none' }, machines: { healthyAfterMs: 3_600_000 } });
    const { outcome, reason } = await ending(shop.v2, { health: http });
    assert.deepEqual([outcome, shop.versions()], ['halted', '2.0.0 1.0.0 1.0.0 1.0.0']);
    assert.match(reason, /shop_0: unknown on 2\.0\.0/);
  });

  it('http: what the set itself reports does not count', async () => {
    shop = openShop();
    const tools = { ...shop.tools(), askStatus: async () => 404 };
    const { outcome, reason } = await ending(shop.v2, { health: http }, tools);
    assert.equal(outcome, 'halted', reason);
    assert.match(reason, /shop_\d: unhealthy on 2\.0\.0/);
  });

  it('http: addresses that cannot be listed for a while are asked for again', async () => {
    shop = openShop({ set: { health: 'none' } });
    const run = upgrade(shop.v2, { health: http });
    setTimeout(
      () => shop.world.faults.add({ on: 'GET /networkInterfaces', times: 8, effect: 'none', reply: { status: 503 } }),
      60_000,
    );
    const result = await run;
    assert.ok(result !== 'died');
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
  });

  it('none: a node counts as soon as it runs, and that is said at the start and in the plan', async () => {
    shop = openShop({ set: { health: 'none' } });
    const tools = shop.tools();
    const { outcome } = await ending(shop.v3, { health: none }, tools);
    assert.deepEqual([outcome, shop.versions()], ['completed', '3.0.0 3.0.0 3.0.0 3.0.0']);
    assert.match(tools.lines.join('\n'), /healthSource none: a node counts as healthy as soon as it runs/);
  });

  it('none: an image whose machine does not come up still stops it', async () => {
    shop = openShop({
      set: { health: 'none' },
      machines: { behaviour: ({ disk }) => (disk.content === '2.0.0' ? 'breaks' : undefined) },
    });
    const { outcome } = await ending(shop.v2, { health: none });
    assert.deepEqual([outcome, shop.versions()], ['halted', '2.0.0 1.0.0 1.0.0 1.0.0']);
  });

  const idle = () => shop.drained.size;
  for (const health of [none, http])
    for (const [when, death] of [
      ['while a node drains', { onCall: 'GET …/runCommands/', applied: true }],
      ['once a node is drained', { onCall: 'DELETE …/runCommands/', applied: true }],
      ['before its new disk', { onCall: 'POST …/manualupgrade', applied: false }],
    ] as const) {
      it(`${health.kind}: killed ${when}, the next run ends as if nothing had been`, async () => {
        shop = openShop({ drainMs: 20_000 });
        guard(shop.world, shop.set, shop.v2, 3);
        assert.equal(await upgrade(shop.v2, { health }, shop.tools({ dies: death })), 'died');
        await shop.pass(60_000);
        const { outcome, reason } = await ending(shop.v2, { health }, shop.tools({ attempt: '1.2' }));
        assert.deepEqual([outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], reason);
        assert.deepEqual(
          [idle(), shop.world.compute.runCommands.size, readRecord(shop.set.tags)?.state],
          [0, 0, 'whole'],
        );
      });

      it(`${health.kind}: killed ${when}, a rollback puts the drained node back into service`, async () => {
        shop = openShop({ drainMs: 20_000 });
        assert.equal(await upgrade(shop.v2, { health }, shop.tools({ dies: death })), 'died');
        await shop.pass(60_000);
        const { target: _target, nodes: _nodes, ...options } = request('', { drain, health });
        const back = await shop.play(rollBack({ ...options, to: undefined }, shop.tools({ attempt: '1.2' })));
        await shop.pass(60_000);
        assert.deepEqual(
          [back.ending.outcome, shop.versions()],
          ['completed', '1.0.0 1.0.0 1.0.0 1.0.0'],
          back.ending.reason,
        );
        assert.deepEqual([idle(), shop.serving(), shop.world.compute.runCommands.size], [0, 4, 0]);
      });
    }
});
