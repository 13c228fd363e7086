import assert from 'node:assert/strict';
import type { RolloutResult } from '../../tasks/common/execute/rollout-plan.ts';
import { concludeRollout } from '../../tasks/common/execute/rollout-task.ts';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import { guard } from '../support/fleet-guard.ts';
import { listeningAgent } from '../support/listening-agent.ts';
import type { ProcessTools } from '../support/rehearsal.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const unwell = { status: 503, body: { error: { code: 'ServiceUnavailable', message: 'The service is unavailable.' } } };
const forbidden = {
  status: 403,
  body: { error: { code: 'AuthorizationFailed', message: 'The client has no authorization.' } },
};

const canary = { kind: 'count', count: 1, text: '1' } as const;

describe('upgradeNodes with onFailure rollback', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const upgrade = (target: string, changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(upgradeNodes(request(target, { drain, onFailure: 'rollback', ...changes }), tools));

  /** Does something once, as soon as the record says that the rollout is to be taken back. */
  function atHalt(act: () => void): void {
    let done = false;
    shop.world.observers.push(() => {
      if (done || readRecord(shop.set.tags)?.state !== 'backPending') return;
      done = true;
      act();
    });
  }

  /** Counts upgrade calls from now on that find this image in the model. */
  function upgradesTo(image: string): () => number {
    let many = 0;
    shop.world.observers.push(({ url }) => {
      if (url.pathname.endsWith('/manualupgrade') && JSON.stringify(shop.set.properties).includes(image)) many += 1;
    });
    return () => many;
  }

  /** What the pipeline gets to hear of a result. */
  async function told(result: RolloutResult, tools: ProcessTools) {
    const { agent, said } = listeningAgent();
    const conclusion = await shop.play(concludeRollout('Upgrade', result, tools, agent));
    return { outputs: said.outputs, conclusion, said: said.lines.join('\n'), page: said.summary };
  }

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

  const { nodes: _nodes, target: _target, ...rest } = request('', { drain });
  const goingOn = {
    RollbackScaleSet: () => shop.play(rollBack({ ...rest, to: undefined }, shop.tools())),
    'the failed stage': () => upgrade(shop.v3),
  };
  for (const [task, goOn] of Object.entries(goingOn))
    it(`says that the way back did not come to its end, and ${task} goes on with it`, async () => {
      let broken = true;
      const unfit = ({ disk, id }: { disk: { content: string }; id: string }) =>
        broken && disk.content === '1.0.0' && id.endsWith('/0') ? ('breaks' as const) : undefined;
      shop = openShop({ machines: { behaviour: unfit } });
      const tools = shop.tools();
      const first = await upgrade(shop.v3, {}, tools);
      assert.equal(first.ending.outcome, 'halted');
      assert.match(first.ending.reason, /1 node failed.*the way back has not come to its end: 1 node failed/);
      assert.match(
        (await told(first, tools)).said,
        /RollbackScaleSet, or this task again with the same image and onFailure/,
      );
      assert.equal(readRecord(shop.set.tags)?.state, 'backPending');
      broken = false;
      await shop.play(shop.tools().azure.compute.virtualMachineScaleSetVMs.reimage('web', 'shop', '0'));
      const brought = upgradesTo(shop.v3);
      const { ending } = await goOn();
      assert.match(ending.outcome, /^(completed|rolledBack)$/, ending.reason);
      assert.deepEqual(state(), ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', 4, 'rolledBack']);
      assert.equal(brought(), 0, 'the bad image is not brought once more');
    });

  it('brings no image forward while a way back is not at its end, and says what to do', async () => {
    shop = openShop({ machines: { behaviour: ({ disk }) => (disk.content === '1.0.0' ? 'breaks' : undefined) } });
    await upgrade(shop.v3);
    const before = shop.fingerprint();
    for (const [target, onFailure] of [
      [shop.v3, 'stop'],
      [shop.v2, 'stop'],
      [shop.v2, 'rollback'],
    ] as const)
      await assert.rejects(upgrade(target, { onFailure }), { code: 'RolloutGoingBack', hint: /Run RollbackScaleSet/ });
    assert.equal(shop.fingerprint(), before);
  });

  it('is not brought forward again when it is killed between its halt and the way back', async () => {
    shop = openShop();
    const whole = shop.tools();
    let halted = 0;
    atHalt(() => {
      halted = whole.calls();
    });
    await upgrade(shop.v3, {}, whole);
    const end = state();
    for (let atCall = halted + 1; atCall <= halted + 8; atCall += 1) {
      shop.close();
      shop = openShop();
      const dead = shop.tools({ dies: { atCall, applied: false } });
      await shop.play(
        Promise.race([upgradeNodes(request(shop.v3, { drain, onFailure: 'rollback' }), dead), dead.died]),
      );
      await shop.pass(20_000);
      const brought = upgradesTo(shop.v3);
      const { ending } = await upgrade(shop.v3, {}, shop.tools({ attempt: '1.2' }));
      assert.deepEqual([ending.outcome, state(), brought()], ['rolledBack', end, 0], `killed at call ${atCall}`);
    }
  });

  it('waits until the set can be seen again before it begins the way back', async () => {
    shop = openShop();
    // The write of the end is looked up once; what comes after that is the way back's.
    atHalt(() => {
      let looks = 0;
      shop.world.observers.push(({ method, url }) => {
        if (method !== 'GET' || !url.pathname.endsWith('/shop')) return;
        looks += 1;
        if (looks !== 1) return;
        for (const on of ['GET /shop', 'GET /virtualMachines'])
          shop.world.faults.add({ on, times: 30, effect: 'none', reply: unwell });
      });
    });
    const tools = shop.tools();
    const { ending } = await upgrade(shop.v3, {}, tools);
    assert.ok(tools.lines.filter((line) => line.includes('could not be seen, trying again')).length >= 2);
    assert.equal(ending.outcome, 'rolledBack', ending.reason);
    assert.deepEqual(state(), ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', 4, 'rolledBack']);
  });

  for (const on of ['GET /shop', 'GET /virtualMachines', 'PATCH /shop'])
    it(`tells why it halted also when the way back is refused: ${on}`, async () => {
      shop = openShop();
      atHalt(() => shop.world.faults.add({ on, times: 1000, effect: 'none', reply: forbidden }));
      const tools = shop.tools();
      const result = await upgrade(shop.v3, {}, tools);
      assert.match(result.ending.reason, /^1 node failed.*the way back has not come to its end: .*AuthorizationFailed/);
      const { outputs, said, conclusion, page } = await told(result, tools);
      assert.deepEqual([outputs['outcome'], outputs['failedNodes'], outputs['upgradedNodes']], ['halted', '0', '0']);
      assert.match(page, /shop_0[\s\S]*RollbackScaleSet/);
      assert.match(said, /What to do: .*RollbackScaleSet/);
      assert.equal(conclusion.result === 'failed' && conclusion.code, 'RolloutHalted');
      assert.equal(readRecord(shop.set.tags)?.state, 'backPending');
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
      if (url.pathname.endsWith('/manualupgrade')) shop.swapImage({ id: shop.v3 });
    });
    const { ending } = await upgrade(shop.v2);
    assert.deepEqual([ending.outcome, ending.failure?.code], ['halted', 'ModelChangedByOthers']);
    assert.equal(shop.modelVersion(), '3.0.0');
  });

  it('tells which nodes failed, that none is left upgraded, and what to do', async () => {
    shop = openShop();
    const tools = shop.tools();
    const { outputs, page, conclusion } = await told(await upgrade(shop.v3, {}, tools), tools);
    assert.equal(conclusion.result, 'failed');
    const { rolloutId: _id, ...others } = outputs;
    assert.deepEqual(others, {
      outcome: 'rolledBack',
      previousImageId: shop.v1,
      newImageId: shop.v3,
      upgradedNodes: '',
      failedNodes: '0',
      skippedNodes: '',
    });
    assert.match(page, /rolledBack\. 1 node failed[\s\S]*Mend the cause/);
  });
});
