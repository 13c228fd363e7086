import assert from 'node:assert/strict';
import { concludeRollout } from '../../tasks/common/execute/rollout-task.ts';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { type UpgradeRequest, upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { guard } from '../support/fleet-guard.ts';
import { listeningAgent } from '../support/listening-agent.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const canary = { kind: 'count', count: 1, text: '1' } as const;

describe('upgradeNodes with onFailure rollback', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const upgrade = (target: string, changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(upgradeNodes(request(target, { drain, onFailure: 'rollback', ...changes }), tools));

  const state = () => [shop.versions(), shop.modelVersion(), shop.serving(), readRecord(shop.set.tags)?.state];

  it('brings the nodes back when the image never becomes healthy', async () => {
    shop = openShop();
    guard(shop.world, shop.set, shop.v3, 3);
    const { ending } = await upgrade(shop.v3);
    assert.equal(ending.outcome, 'rolledBack');
    assert.match(ending.reason, /^1 node failed, the limit is 0: shop_0: unhealthy .*; 4 nodes ready on 1\.0\.0$/);
    await shop.pass(60_000);
    assert.deepEqual(state(), ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', 4, 'rolledBack']);
  });

  it('brings the canary of an earlier stage back too when it has fallen sick', async () => {
    let sick = false;
    shop = openShop({
      machines: {
        health: ({ disk }, now) => (sick && disk.content === '2.0.0' ? { state: 'unhealthy', since: now } : undefined),
      },
    });
    await upgrade(shop.v2, { nodes: canary });
    sick = true;
    const { ending } = await upgrade(shop.v2);
    assert.equal(ending.outcome, 'rolledBack', ending.reason);
    assert.deepEqual(state(), ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', 4, 'rolledBack']);
  });

  it('says that the way back did not come to its end, and RollbackScaleSet goes on with it', async () => {
    let broken = true;
    const unfit = ({ disk, id }: { disk: { content: string }; id: string }) =>
      broken && disk.content === '1.0.0' && id.endsWith('/0') ? ('breaks' as const) : undefined;
    shop = openShop({ machines: { behaviour: unfit } });
    const first = await upgrade(shop.v3);
    assert.equal(first.ending.outcome, 'halted');
    assert.match(first.ending.reason, /1 node failed.*the way back has not come to its end: 1 node failed/);
    assert.equal(readRecord(shop.set.tags)?.state, 'halted');
    broken = false;
    await shop.play(shop.tools().azure.compute.virtualMachineScaleSetVMs.reimage('web', 'shop', '0'));
    const { nodes: _nodes, target: _target, ...rest } = request('', { drain });
    const { ending } = await shop.play(rollBack({ ...rest, to: undefined }, shop.tools()));
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.deepEqual(state(), ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', 4, 'rolledBack']);
  });

  it('goes on with a way back that was killed, also before it has begun with a node', async () => {
    for (const onCall of ['POST …/manualupgrade', 'PUT …/runCommands/', 'PATCH …/shop']) {
      shop = openShop();
      const first = await upgrade(shop.v3, { onFailure: 'stop' });
      assert.equal(first.ending.outcome, 'halted');
      const dead = shop.tools({ dies: { onCall, applied: true } });
      await shop.play(
        Promise.race([upgradeNodes(request(shop.v3, { drain, onFailure: 'rollback' }), dead), dead.died]),
      );
      const { ending } = await upgrade(shop.v3, {}, shop.tools({ attempt: '1.2' }));
      assert.equal(ending.outcome, 'rolledBack', ending.reason);
      assert.deepEqual(state(), ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', 4, 'rolledBack']);
      shop.close();
    }
  });

  it('leaves a rollout as it is that Azure or another tool stopped', async () => {
    shop = openShop();
    shop.world.observers.push(({ url }) => {
      if (url.pathname.endsWith('/manualupgrade'))
        shop.set.properties = JSON.parse(
          JSON.stringify(shop.set.properties).replaceAll(shop.v2, shop.v3),
        ) as typeof shop.set.properties;
    });
    const { ending } = await upgrade(shop.v2);
    assert.deepEqual([ending.outcome, ending.failure?.code], ['halted', 'ModelChangedByOthers']);
    assert.equal(shop.modelVersion(), '3.0.0');
  });

  it('tells which nodes failed, that none is left upgraded, and what to do', async () => {
    shop = openShop();
    const tools = shop.tools();
    const result = await upgrade(shop.v3, {}, tools);
    const { agent, said } = listeningAgent();
    const { result: verdict } = await shop.play(concludeRollout('Upgrade', result, tools, agent));
    assert.equal(verdict, 'failed');
    const { rolloutId: _id, ...rest } = said.outputs;
    assert.deepEqual(rest, {
      outcome: 'rolledBack',
      previousImageId: shop.v1,
      newImageId: shop.v3,
      upgradedNodes: '',
      failedNodes: '0',
      skippedNodes: '',
    });
    assert.match(said.summary, /rolledBack\. 1 node failed[\s\S]*Mend the cause/);
  });
});
