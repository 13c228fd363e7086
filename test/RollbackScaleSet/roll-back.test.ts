import assert from 'node:assert/strict';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import type { RollbackRequest } from '../../tasks/RollbackScaleSet/rollback-request.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { guard, instancesOf } from '../support/fleet-guard.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request as upgradeRequest } from '../UpgradeScaleSetNodes/upgrade-request.ts';

const request = (changes: Partial<RollbackRequest> = {}): RollbackRequest => {
  const { nodes: _all, target: _none, ...options } = upgradeRequest('', { drain });
  return { ...options, to: undefined, ...changes };
};

describe('rollBack', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const back = (changes: Partial<RollbackRequest> = {}, tools = shop.tools()) =>
    shop.play(rollBack(request(changes), tools));
  const upgrade = (target: string, tools = shop.tools()) =>
    shop.play(Promise.race([upgradeNodes(upgradeRequest(target, { drain }), tools), tools.died]));

  const halts = async (target: string) => {
    const result = await upgrade(target);
    return result === 'died' ? result : result.ending.outcome;
  };

  it('goes to the image before when one that was proven is brought once more and fails', async () => {
    let sick = false;
    shop = openShop({
      machines: {
        health: ({ disk }, now) => (sick && disk.content === '2.0.0' ? { state: 'unhealthy', since: now } : undefined),
      },
    });
    const [node] = instancesOf(shop.world, shop.set);
    const { image, model } = node ?? {};
    await upgrade(shop.v2);
    Object.assign(node ?? {}, { image, model }); // as if it had fallen back by itself
    setTimeout(() => {
      sick = true;
    }, 60_000);
    assert.equal(await halts(shop.v2), 'halted');
    assert.deepEqual([shop.modelVersion(), readRecord(shop.set.tags)?.stable], ['2.0.0', shop.v2]);
    const result = await back();
    assert.deepEqual([result.ending.outcome, shop.versions()], ['completed', '1.0.0 1.0.0 1.0.0 1.0.0']);
  });

  it('goes to the image before when a finished rollout is run again and finds its nodes sick', async () => {
    let sick = false;
    shop = openShop({
      machines: {
        health: ({ disk }, now) => (sick && disk.content === '2.0.0' ? { state: 'unhealthy', since: now } : undefined),
      },
    });
    await upgrade(shop.v2);
    sick = true;
    const before = shop.fingerprint();
    assert.equal(await halts(shop.v2), 'halted');
    assert.equal(shop.fingerprint(), before, 'a finished rollout stays finished');
    const result = await back();
    assert.deepEqual([result.ending.outcome, shop.versions()], ['completed', '1.0.0 1.0.0 1.0.0 1.0.0']);
  });

  it('brings the nodes of a halted rollout back, the model first', async () => {
    shop = openShop();
    await upgrade(shop.v3);
    guard(shop.world, shop.set, shop.v3, 3);
    const result = await back();
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
    const record = readRecord(shop.set.tags);
    assert.deepEqual([shop.versions(), shop.modelVersion(), shop.serving()], ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', 4]);
    assert.deepEqual([record?.state, record?.stable, record?.target], ['rolledBack', shop.v1, shop.v3]);
  });

  it('goes from a finished rollout to the image before it', async () => {
    shop = openShop();
    await upgrade(shop.v2);
    guard(shop.world, shop.set, shop.v2, 3);
    const result = await back();
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
    assert.deepEqual([shop.versions(), shop.modelVersion()], ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0']);
  });

  it('writes the model before it touches a node', async () => {
    shop = openShop();
    await upgrade(shop.v2);
    const models: unknown[] = [];
    shop.world.observers.push(({ method, url }) => {
      if (method === 'PUT' && /\/runCommands\//.test(url.pathname)) models.push(shop.modelVersion());
    });
    await back();
    assert.deepEqual(models, ['1.0.0', '1.0.0', '1.0.0', '1.0.0']);
  });

  it('puts nodes back into service that a killed upgrade left drained', async () => {
    shop = openShop();
    const dead = shop.tools({ dies: { onCall: 'PUT …/runCommands/', applied: true } });
    assert.equal(await upgrade(shop.v2, dead), 'died');
    await shop.pass(30_000);
    assert.deepEqual(
      [shop.versions(), shop.serving()],
      ['1.0.0 1.0.0 1.0.0 1.0.0', 3],
      'the upgrade died in mid-drain',
    );
    const result = await back();
    await shop.pass(30_000);
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
    assert.deepEqual(
      [shop.versions(), shop.serving(), shop.world.compute.runCommands.size],
      ['1.0.0 1.0.0 1.0.0 1.0.0', 4, 0],
    );
  });

  it('changes nothing when everything is back already', async () => {
    shop = openShop();
    await upgrade(shop.v3);
    await back();
    const before = shop.fingerprint();
    const again = await back();
    assert.equal(again.ending.outcome, 'completed');
    assert.equal(shop.fingerprint(), before);
  });

  it('lets the next rollout begin', async () => {
    shop = openShop();
    await upgrade(shop.v3);
    await back();
    await upgrade(shop.v2);
    assert.deepEqual([shop.versions(), readRecord(shop.set.tags)?.state], ['2.0.0 2.0.0 2.0.0 2.0.0', 'whole']);
  });

  it('goes to the image that it is told, whatever the record says', async () => {
    shop = openShop();
    await upgrade(shop.v2);
    const result = await back({ to: shop.v1 });
    assert.deepEqual([result.ending.outcome, shop.versions()], ['completed', '1.0.0 1.0.0 1.0.0 1.0.0']);
  });

  it('goes to the image that it is told also when somebody pointed the model at a marketplace image, which has no id', async () => {
    shop = openShop({ settings: { imageTypeChange: 'accepted' } });
    await upgrade(shop.v2);
    shop.swapImage({ publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' });
    const { ending } = await back({ to: shop.v1 });
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.deepEqual([shop.versions(), shop.modelVersion()], ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0']);
  });

  it('ends as if it had not been killed, at every tenth call', async () => {
    shop = openShop();
    await upgrade(shop.v3);
    const whole = shop.tools();
    await back({}, whole);
    for (let atCall = 1; atCall <= whole.calls(); atCall += 10) {
      shop.close();
      shop = openShop();
      await upgrade(shop.v3);
      guard(shop.world, shop.set, shop.v3, 3);
      const dead = shop.tools({ dies: { atCall, applied: true } });
      await shop.play(Promise.race([rollBack(request(), dead), dead.died]));
      const result = await back({}, shop.tools({ attempt: '1.2' }));
      assert.equal(result.ending.outcome, 'completed', `killed at call ${atCall}: ${result.ending.reason}`);
      assert.deepEqual(
        [shop.versions(), shop.modelVersion(), shop.serving(), readRecord(shop.set.tags)?.state],
        ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', 4, 'rolledBack'],
        `killed at call ${atCall}`,
      );
    }
  }).timeout(60_000);

  it('refuses a set without a record when it is not told where to go', async () => {
    shop = openShop();
    await assert.rejects(back(), { code: 'NothingToRollBack' });
  });

  it('refuses an image that would make an eleventh model, and changes nothing', async () => {
    shop = openShop({ set: { capacity: 10 } });
    for (const [index, node] of instancesOf(shop.world, shop.set).entries())
      node.image = { ...node.image, reference: { id: shop.v1.replace('1.0.0', `0.${index}.0`) } };
    const before = shop.fingerprint();
    await assert.rejects(back({ to: shop.v2 }), { code: 'TooManyModels' });
    assert.equal(shop.fingerprint(), before);
  });

  it('refuses a Flexible set by name, and changes nothing', async () => {
    shop = openShop({ set: { orchestration: 'Flexible' } });
    const before = shop.fingerprint();
    await assert.rejects(back({ to: shop.v1 }), { code: 'FlexibleNotSupported' });
    assert.equal(shop.fingerprint(), before);
  });
});
