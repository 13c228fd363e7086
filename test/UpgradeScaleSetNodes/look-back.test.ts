import assert from 'node:assert/strict';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { foreseeUpgrade, upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import { guard } from '../support/fleet-guard.ts';
import type { ProcessTools } from '../support/rehearsal.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const canary = { kind: 'count', count: 1, text: '1' } as const;
const two = { kind: 'count', count: 2, text: '2' } as const;
const sku = (capacity: number) => ({ sku: { name: 'Standard_D2s_v5', capacity } });

describe('upgradeNodes looks back', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const upgrade = (changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(upgradeNodes(request(shop.v2, { drain, maxUnavailable: two, ...changes }), tools));

  const sets = () => shop.tools().azure.compute.virtualMachineScaleSets;
  const remove = (id: string) => shop.play(sets().deleteInstances('web', 'shop', { instanceIds: [id] }));
  /** As a person does it, or a repair: the node gets what the model names while an approval is waited for. */
  const bringDown = (id: string) => shop.play(sets().updateInstances('web', 'shop', { instanceIds: [id] }));
  const scaleTo = (capacity: number) => shop.play(sets().update('web', 'shop', sku(capacity)));

  /** Nodes that are taken out of service from now on, one entry a moment. */
  function taken(): readonly string[][] {
    const moments: string[][] = [];
    let last = 0;
    shop.world.observers.push(({ method, url }) => {
      const id = method === 'PUT' ? /virtualMachines\/(\d+)\/runCommands/i.exec(url.pathname)?.[1] : undefined;
      if (id === undefined) return;
      if (Date.now() - last > 5_000) moments.push([]);
      last = Date.now();
      moments.at(-1)?.push(id);
    });
    return moments;
  }

  const lookedBack = ({ observer }: ProcessTools) =>
    observer.events
      .filter(({ what, text }) => what === 'lookBack' || (what === 'note' && text.startsWith('looking back')))
      .map(({ text }) => text);
  const state = () => [shop.versions(), shop.modelVersion(), shop.serving(), readRecord(shop.set.tags)?.state];

  /** Makes nodes on the new image sick for as long as it is told. */
  function ward() {
    let until = 0;
    const health = ({ disk }: { disk: { content: string } }, now: number) =>
      now < until && disk.content === '2.0.0' ? ({ state: 'unhealthy', since: now } as const) : undefined;
    return { machines: { health }, sicken: (ms: number) => (until = Date.now() + ms) };
  }

  it('and begins at once where the canary still runs the image and is healthy', async () => {
    shop = openShop();
    await upgrade({ nodes: canary });
    const tools = shop.tools();
    const moments = taken();
    const { ending } = await upgrade({}, tools);
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.deepEqual(lookedBack(tools), [
      'looking back: 1 of 1 node of the stages before runs 2.0.0',
      '1 of 1 node of the stages before runs 2.0.0 and is healthy',
    ]);
    assert.deepEqual(moments, [['1', '2'], ['3']]);
  });

  it('and brings a canary again that was scaled in over the weekend, before it begins with others', async () => {
    shop = openShop({ set: { capacity: 5 } });
    await upgrade({ nodes: canary });
    await remove('0');
    guard(shop.world, shop.set, shop.v2, 2);
    const tools = shop.tools();
    const moments = taken();
    const { ending } = await upgrade({}, tools);
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.deepEqual(lookedBack(tools).slice(0, 1), [
      'looking back: 0 of 1 node of the stages before run 2.0.0; 1 to be brought again before others',
    ]);
    assert.deepEqual([moments[0]?.length, moments.flat().length], [1, 4], 'one canary first, then the rest');
    const [first = [], second = []] = ['drain', 'ready'].map((word) =>
      tools.observer.events.filter(({ what }) => what === word),
    );
    assert.ok(
      (first[1]?.at ?? 0) >= (second[0]?.at ?? Number.POSITIVE_INFINITY),
      'it is ready before others are begun with',
    );
    assert.deepEqual(state(), ['2.0.0 2.0.0 2.0.0 2.0.0', '2.0.0', 4, 'whole']);
  });

  it('and brings a canary again that was brought back to the old image', async () => {
    shop = openShop();
    await upgrade({ nodes: canary });
    await bringDown('0');
    assert.equal(shop.versions(), '1.0.0 1.0.0 1.0.0 1.0.0');
    const moments = taken();
    const { ending } = await upgrade();
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.deepEqual(moments[0], ['0']);
  });

  for (const onFailure of ['stop', 'rollback'] as const)
    it(`and touches nobody where the canary fell sick during the approval, then ${onFailure}`, async () => {
      const { machines, sicken } = ward();
      shop = openShop({ machines });
      await upgrade({ nodes: canary });
      sicken(3_600_000);
      const moments = taken();
      const { ending, failed } = await upgrade({ onFailure });
      assert.equal(ending.outcome, onFailure === 'stop' ? 'halted' : 'rolledBack');
      assert.match(
        (failed ?? ending).reason,
        /^looking back: 1 node failed, the limit is 0: shop_0: unhealthy on 2\.0\.0 for 600 s$/,
      );
      assert.deepEqual(moments, onFailure === 'stop' ? [] : [['0']], 'nobody is taken, but for the way back');
      assert.equal(shop.versions(), `${onFailure === 'stop' ? '2.0.0' : '1.0.0'} 1.0.0 1.0.0 1.0.0`);
    });

  it('and waits for a canary to recover', async () => {
    const { machines, sicken } = ward();
    shop = openShop({ machines });
    await upgrade({ nodes: canary });
    sicken(300_000);
    const started = Date.now();
    const tools = shop.tools();
    const { ending } = await upgrade({}, tools);
    assert.equal(ending.outcome, 'completed', ending.reason);
    const first = tools.observer.events.find(({ what }) => what === 'drain');
    assert.ok((first?.at ?? 0) - started >= 330_000, 'healthy for minReadySeconds before another is begun with');
    assert.match(lookedBack(tools)[0] ?? '', /nothing starts before shop_0 \(unhealthy\) serves again$/);
  });

  for (const sickFor of [0, 3_600_000])
    it(`also where another tool wiped the tags during the approval, ${sickFor > 0 ? 'and halts at a sick node' : 'and goes on'}`, async () => {
      const { machines, sicken } = ward();
      shop = openShop({ machines });
      await upgrade({ nodes: canary });
      shop.set.tags = {};
      sicken(sickFor);
      const moments = taken();
      const tools = shop.tools();
      const { ending } = await upgrade({ allowModelDrift: true }, tools);
      assert.match(lookedBack(tools)[0] ?? '', /^looking back: 1 of 1 node/);
      assert.equal(ending.outcome, sickFor > 0 ? 'halted' : 'completed', ending.reason);
      assert.equal(moments.flat().length, sickFor > 0 ? 0 : 3);
    });

  it('and takes a node that scaled out during the approval, on the proven image, for one of the rest', async () => {
    shop = openShop();
    await upgrade({ nodes: canary });
    await scaleTo(5);
    assert.equal(shop.versions(), '2.0.0 1.0.0 1.0.0 1.0.0 1.0.0');
    const tools = shop.tools();
    const { ending } = await upgrade({}, tools);
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.equal(lookedBack(tools).at(-1), '1 of 1 node of the stages before runs 2.0.0 and is healthy');
    assert.deepEqual(state(), ['2.0.0 2.0.0 2.0.0 2.0.0 2.0.0', '2.0.0', 5, 'whole']);
  });

  it('before the checkpoints of its own', async () => {
    shop = openShop({ set: { capacity: 6 } });
    await upgrade({ nodes: two });
    await bringDown('0');
    await bringDown('1');
    const tools = shop.tools();
    const moments = taken();
    const checkpoints = [3, 4].map((count) => ({ kind: 'count', count }) as const);
    const { ending } = await upgrade({ checkpoints, bakeMs: 120_000 }, tools);
    assert.equal(ending.outcome, 'completed', ending.reason);
    const told = tools.observer.events.filter(({ what }) => what === 'lookBack' || what === 'pass');
    assert.deepEqual(
      told.map(({ what, text }) => `${what} ${text.slice(0, 12)}`),
      ['lookBack 2 of 2 nodes', 'pass checkpoint 3', 'pass checkpoint 4'],
    );
    assert.deepEqual(
      moments.slice(0, 3).map(({ length }) => length),
      [2, 1, 1],
    );
  });

  it('and lets another node take the place of a chosen one that has left the set', async () => {
    shop = openShop({ set: { capacity: 6 } });
    await upgrade({ nodes: { kind: 'ids', ids: ['2', '4'], text: 'ids:2,4' } });
    await bringDown('2');
    await remove('4');
    const moments = taken();
    const { ending } = await upgrade();
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.equal(moments[0]?.[0], '2', 'the one that is there goes first');
    assert.deepEqual(
      moments.slice(0, 2).map(({ length }) => length),
      [1, 1],
    );
  });

  it('again when it was killed while it brought a canary again', async () => {
    shop = openShop();
    await upgrade({ nodes: canary });
    await bringDown('0');
    const dead = shop.tools({ dies: { onCall: 'PUT …/runCommands/', applied: true } });
    await shop.play(Promise.race([upgradeNodes(request(shop.v2, { drain, maxUnavailable: two }), dead), dead.died]));
    const record = readRecord(shop.set.tags);
    assert.deepEqual([record?.state, record?.wanted, record?.promised], ['rolling', 'all', 1]);
    await shop.pass(60_000);
    const moments = taken();
    const { ending } = await upgrade({}, shop.tools({ attempt: '1.2' }));
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.equal(moments[0]?.length, 2, 'its drain is taken over, and it is ready before the next two');
    assert.deepEqual(state(), ['2.0.0 2.0.0 2.0.0 2.0.0', '2.0.0', 4, 'whole']);
  });

  it('at a finished rollout that is run again: a node that fell back is brought on', async () => {
    shop = openShop();
    const node = [...shop.world.compute.instances.values()][2];
    const { image, model } = node ?? {};
    await upgrade();
    Object.assign(node ?? {}, { image, model });
    const before = readRecord(shop.set.tags);
    const tools = shop.tools();
    const moments = taken();
    const { ending } = await upgrade({ onFailure: 'rollback' }, tools);
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.deepEqual(moments, [['2']]);
    const record = readRecord(shop.set.tags);
    assert.deepEqual(
      [record?.rolloutId, record?.state, record?.stable, record?.previous],
      [before?.rolloutId, 'whole', shop.v2, shop.v1],
    );
  });

  it('in a plan too, which says what the canary is like and begins with it', async () => {
    shop = openShop();
    await upgrade({ nodes: canary });
    await bringDown('0');
    const foreseen = await shop.play(foreseeUpgrade(request(shop.v2, { drain, maxUnavailable: two }), shop.tools()));
    const waves = foreseen.expected?.waves.map(({ nodes }) => nodes.map(({ id }) => id));
    assert.deepEqual(waves, [['0'], ['1', '2'], ['3']]);
    const moments = taken();
    await upgrade();
    assert.deepEqual(moments, waves);
  });
});
