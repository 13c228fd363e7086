import assert from 'node:assert/strict';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import type { Answer, Call } from '../azure/core/http.ts';
import { guard, instancesOf } from '../support/fleet-guard.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const two = { kind: 'count', count: 2, text: '2' } as const;
const refusal = (code: string, message: string): Answer => ({ status: 409, body: { error: { code, message } } });
const locked = refusal(
  'ScopeLocked',
  'The scope cannot perform write operation because following scope(s) are locked.',
);

describe('upgradeNodes when Azure does not do as it should', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const upgrade = (changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(upgradeNodes(request(shop.v2, changes), tools));

  /** Does something to the world after the first call like this, or each. */
  function upon(matches: (call: Call) => boolean, act: () => unknown, times = 1): void {
    let left = times;
    shop.world.observers.push((call) => {
      if (left <= 0 || !matches(call)) return;
      left -= 1;
      act();
    });
  }
  const isDrain = ({ method, url }: Call) => method === 'PUT' && url.pathname.includes('/runCommands/');
  const isUpgrade = ({ url }: Call) => url.pathname.endsWith('/manualupgrade');

  it('holds only the node to blame that failed when one call was for two', async () => {
    shop = openShop({
      machines: { behaviour: ({ id, disk }) => (id.endsWith('/0') && disk.content === '2.0.0' ? 'breaks' : 'works') },
    });
    const { limits } = request('');
    const result = await upgrade({ maxUnavailable: two, limits: { ...limits, maxFailedNodes: 1 } });
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
    assert.match(result.ending.reason, /^3 nodes ready on 2\.0\.0, shop_0 failed within the limit$/);
  });

  it('does not take a poll without an answer for a failed upgrade', async () => {
    shop = openShop();
    const { faults } = shop.world;
    const next = faults.next.bind(faults);
    let until = 0;
    upon(isUpgrade, () => {
      until = Date.now() + 60_000;
    });
    const gone = { status: 404, body: { error: { code: 'NotFound', message: 'The entity was not found.' } } };
    faults.next = (call) => {
      if (Date.now() > until || !call.url.pathname.includes('/operations/')) return next(call);
      return { on: '', times: 1, effect: 'none', reply: gone };
    };
    const result = await upgrade({ nodes: { kind: 'count', count: 1, text: '1' } });
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
  });

  it('finds a drain ended when the answer to the removal of its command is lost', async () => {
    shop = openShop();
    shop.world.faults.add({ on: `DELETE …/runCommands/${commandName}…`, times: 1, effect: 'applied' });
    const result = await upgrade({ drain });
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
    assert.equal(shop.world.faults.pending(), 0);
  });

  it('cuts no sessions because the answer to the start of a drain is lost', async () => {
    for (const effect of ['applied', 'none'] as const) {
      shop = openShop();
      shop.world.faults.add({
        on: `PUT …/runCommands/${commandName}…`,
        times: 1,
        effect,
        reply: { status: 500, lost: true },
      });
      const removed: string[] = [];
      const upgraded: string[] = [];
      shop.world.observers.push((call) => {
        const id = /virtualMachines\/(\d+)\/runCommands/i.exec(call.url.pathname)?.[1];
        if (call.method === 'DELETE' && id !== undefined) removed.push(id);
        if (isUpgrade(call)) upgraded.push(...(JSON.parse(call.body) as { instanceIds: string[] }).instanceIds);
        assert.ok(
          upgraded.every((one) => removed.includes(one)),
          'a node was replaced without a drain',
        );
      });
      const result = await upgrade({ drain, onDrainTimeout: 'proceed' });
      assert.equal(result.ending.outcome, 'completed', result.ending.reason);
      assert.equal(shop.world.faults.pending(), 0);
      shop.close();
    }
  });

  it('takes the command of a drain that never answers away before the fresh disk', async () => {
    shop = openShop();
    const { machines } = shop.world;
    const run = machines.runScript.bind(machines);
    machines.runScript = (id, script, done) => run(id, script, id.endsWith('/0') ? () => {} : done);
    const result = await upgrade({ drain, onDrainTimeout: 'proceed' });
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
    assert.deepEqual([shop.serving(), shop.world.compute.runCommands.size], [4, 0]);
  });

  for (const on of ['PATCH /shop', 'POST /manualupgrade'])
    it(`says at once that a lock forbids ${on}`, async () => {
      shop = openShop();
      shop.world.faults.add({ on, times: 1000, effect: 'none', reply: locked });
      const started = Date.now();
      const failed = await upgrade().then(
        ({ ending }) => ending.failure,
        (error: unknown) => error,
      );
      assert.equal((failed as { code?: string } | undefined)?.code, 'ScopeLocked');
      assert.ok(Date.now() - started < 60_000, `after ${(Date.now() - started) / 1000} s`);
      assert.equal(shop.versions(), '1.0.0 1.0.0 1.0.0 1.0.0');
    });

  it('brings nobody onto an image that somebody else wrote into the model meanwhile', async () => {
    shop = openShop();
    upon(isUpgrade, () => shop.swapImage({ id: shop.v3 }));
    const result = await upgrade();
    assert.match(result.ending.reason, /Another tool changed the image of scale set shop to .*3\.0\.0/);
    assert.deepEqual([shop.versions(), shop.modelVersion()], ['2.0.0 1.0.0 1.0.0 1.0.0', '3.0.0']);
  });

  it('overwrites no image that somebody wrote into the model between the plan and the first write', async () => {
    shop = openShop();
    const isLook = ({ method, url }: Call) => method === 'GET' && url.pathname.endsWith('/shop');
    upon(isLook, () => shop.swapImage({ id: shop.v3 }));
    const result = await upgrade();
    assert.equal(result.ending.failure?.code, 'ModelChangedByOthers', result.ending.reason);
    assert.deepEqual([shop.versions(), shop.modelVersion()], ['1.0.0 1.0.0 1.0.0 1.0.0', '3.0.0']);
  });

  it('points the model at the image when every node has it already', async () => {
    shop = openShop();
    await upgrade();
    shop.swapImage({ id: shop.v1 });
    const again = await upgrade();
    assert.deepEqual([again.ending.outcome, shop.modelVersion()], ['completed', '2.0.0']);
  });

  it('points the model of an empty set at the image', async () => {
    shop = openShop({ set: { capacity: 0 } });
    const result = await upgrade();
    assert.deepEqual([result.ending.outcome, shop.modelVersion()], ['completed', '2.0.0']);
  });

  it('keeps tags of others that begin like its own', async () => {
    shop = openShop({ set: { tags: { 'phoenix-team': 'blue', cost: '42' } } });
    await upgrade({ drain });
    assert.deepEqual([shop.set.tags['phoenix-team'], shop.set.tags['cost']], ['blue', '42']);
  });

  it('overwrites no tag that somebody wrote between its look and its write', async () => {
    shop = openShop();
    let looks = 0;
    shop.world.observers.push(({ method, url }) => {
      if (method !== 'GET' || !url.pathname.endsWith('/shop')) return;
      looks += 1;
      // The second look is the one under whose etag the record is written.
      if (looks === 2)
        Object.assign(shop.set, { tags: { ...shop.set.tags, cost: '42' }, etag: '"written by another"' });
    });
    await upgrade({ drain });
    assert.equal(shop.set.tags['cost'], '42');
  });

  it('lets a node that scales out on the old image come up before it takes it', async () => {
    shop = openShop();
    guard(shop.world, shop.set, shop.v2, 2);
    const { compute } = shop.tools().azure;
    const sku = { name: 'Standard_D2s_v5', capacity: 5 };
    upon(isDrain, () => void compute.virtualMachineScaleSets.update('web', 'shop', { sku }).catch(() => {}));
    const result = await upgrade({ drain, maxUnavailable: two });
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
    assert.deepEqual([instancesOf(shop.world, shop.set).length, shop.serving()], [5, 5]);
  });

  it('replaces a node that somebody switched off in mid-rollout without asking it to drain', async () => {
    shop = openShop();
    const { compute } = shop.tools().azure;
    const off = () => compute.virtualMachineScaleSetVMs.powerOff('web', 'shop', '2').catch(() => {});
    upon(isDrain, () => void off());
    const result = await upgrade({ drain });
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
  });

  it('looks whether a write arrived that another one preempted', async () => {
    shop = openShop();
    const preempt = () => {
      for (const operation of shop.world.operations.values())
        if (operation.status === 'InProgress')
          Object.assign(operation, { status: 'Failed', error: { code: 'OperationPreempted', message: 'preempted' } });
    };
    upon(({ method, url }) => method === 'PATCH' && url.pathname.endsWith('/shop'), preempt, 3);
    const result = await upgrade({ drain });
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
  });
});

/** How the names of the first rollout's drains begin: the rehearsal counts its ids. */
const commandName = 'phoenix-drain-00000001-';
