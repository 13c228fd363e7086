import assert from 'node:assert/strict';
import { readRecord, writeRecord } from '../../tasks/common/record/codec.ts';
import { concludeRollback } from '../../tasks/RollbackScaleSet/conclude-rollback.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import { guard } from '../support/fleet-guard.ts';
import { listeningAgent } from '../support/listening-agent.ts';
import type { ProcessTools } from '../support/rehearsal.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from '../UpgradeScaleSetNodes/upgrade-request.ts';

const canary = { nodes: { kind: 'count', count: 1, text: '1' } } as const;
const { nodes: _nodes, target: _target, ...options } = request('', { drain });
const allOn = (version: string) => Array(4).fill(version).join(' ');

describe('rollBack to thisRun', () => {
  let shop: Shop;
  beforeEach(() => {
    shop = openShop();
  });
  afterEach(() => shop.close());

  const upgrade = (target: string, changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(Promise.race([upgradeNodes(request(target, { drain, ...changes }), tools), tools.died]));
  const goBack = (tools: ProcessTools) => rollBack({ ...options, to: undefined, onlyThisRun: true }, tools);
  const hook = (tools: ProcessTools = shop.tools()) => shop.play(goBack(tools));
  const state = () => readRecord(shop.set.tags)?.state;

  /** It leaves everything as it was, and asks for the set alone. */
  async function findsNothing(says: RegExp, run = 'run-1') {
    const before = shop.fingerprint();
    const tools = shop.tools({ run, attempt: '2.1' });
    const result = await hook(tools);
    assert.ok('nothing' in result, 'it went to work');
    assert.match(result.nothing, says);
    assert.equal(shop.fingerprint(), before);
    assert.deepEqual([tools.calls(), tools.lines, tools.memory], [1, [], {}]);
    return result;
  }

  async function bringsBack(tools = shop.tools({ attempt: '2.1' })) {
    const result = await hook(tools);
    assert.ok('ending' in result, 'it found nothing to take back');
    await shop.pass(60_000);
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
    assert.deepEqual(
      [shop.versions(), shop.modelVersion(), shop.serving(), state()],
      [allOn('1.0.0'), '1.0.0', 4, 'rolledBack'],
    );
  }

  it('leaves a healthy fleet alone when a later run fails before it began anything', async () => {
    await upgrade(shop.v2);
    const next = shop.tools({ run: 'run-2' });
    await assert.rejects(upgrade(shop.elsewhere, {}, next), { code: 'ImageVersionNotInRegion' });
    const { next: todo } = await findsNothing(
      /^Nothing to take back: rollout \S+ of scale set shop was last held by run run-1, not by this one$/,
      'run-2',
    );
    assert.deepEqual([shop.versions(), todo], [allOn('2.0.0'), '']);
  });

  it('leaves the canary of another run alone, be it waiting or halted', async () => {
    for (const image of [shop.v2, shop.v3]) {
      await upgrade(image, canary);
      await findsNothing(/was last held by run run-1/, 'run-2');
      await bringsBack();
    }
  });

  it('asks nobody about a run that is at work', async () => {
    await upgrade(shop.v2, {}, shop.tools({ dies: { onCall: 'POST …/manualupgrade', applied: true } }));
    assert.equal(state(), 'rolling');
    await findsNothing(/was last held by run run-1/, 'run-2');
  });

  it('finds nothing on a set without a record', () =>
    findsNothing(/^Nothing to take back: scale set shop has no rollout record$/));

  it('brings the nodes of its own halted canary back, in any attempt', async () => {
    await upgrade(shop.v3, canary);
    guard(shop.world, shop.set, shop.v3, 3);
    assert.equal(state(), 'halted');
    await bringsBack();
  });

  it('takes the canary of its first stage back when the second has begun nothing', async () => {
    await upgrade(shop.v2, canary);
    await bringsBack();
  });

  it('goes from the finished rollout of its own run to the image before it', async () => {
    await upgrade(shop.v2);
    assert.equal(state(), 'whole');
    await bringsBack();
  });

  it('takes back what its own run was killed at, and goes on where it was killed itself', async () => {
    await upgrade(shop.v2, {}, shop.tools({ dies: { onCall: 'PUT …/runCommands/', applied: true } }));
    const dead = shop.tools({ dies: { onCall: 'DELETE …/runCommands/', applied: true } });
    assert.equal(await shop.play(Promise.race([goBack(dead), dead.died])), 'died');
    assert.equal(state(), 'rollingBack');
    await bringsBack();
  });

  it('goes no further back when it is run again', async () => {
    await upgrade(shop.v2);
    await upgrade(shop.v3, canary);
    await hook();
    await findsNothing(/^Nothing to take back: rollout \S+ of scale set shop is taken back already, to 2\.0\.0$/);
    assert.equal(shop.versions(), allOn('2.0.0'));
  });

  it('has nothing left to do after onFailure: rollback', async () => {
    await upgrade(shop.v3, { onFailure: 'rollback' });
    await findsNothing(/is taken back already, to 1\.0\.0$/);
  });

  it('brings nobody to an older image because the proven one was being renewed', async () => {
    await upgrade(shop.v2);
    await upgrade(shop.v2, { ...canary, force: true });
    const { next } = await findsNothing(
      /only gives fresh disks of 2\.0\.0, which is the proven image of its nodes already$/,
    );
    assert.match(next, /force: true/);
  });

  it('has no image to go to where its rollout found no other', async () => {
    await upgrade(shop.v1, { force: true });
    assert.equal(state(), 'whole');
    await findsNothing(/found no other image than 1\.0\.0$/);
  });

  it('acts on the record that it has judged: one that another run writes meanwhile is not taken', async () => {
    await upgrade(shop.v2);
    const record = readRecord(shop.set.tags);
    assert.ok(record);
    let looks = 0;
    shop.world.observers.push(({ method, url }) => {
      if (method !== 'GET' || !url.pathname.endsWith('/virtualMachineScaleSets/shop') || looks++ > 0) return;
      shop.set.tags = writeRecord(shop.set.tags, {
        ...record,
        owner: { ...record.owner, run: 'run-2', token: 'other' },
      });
    });
    await assert.rejects(hook(), { code: 'RolloutChangedMeanwhile' });
    assert.equal(shop.versions(), allOn('2.0.0'));
  });

  it('says so in log, summary and outcome, and succeeds', async () => {
    const { agent, said } = listeningAgent();
    const tools = shop.tools();
    const conclusion = await concludeRollback(await hook(tools), tools, agent);
    const message = 'Nothing to take back: scale set shop has no rollout record';
    assert.deepEqual(conclusion, { result: 'succeeded', message });
    assert.deepEqual(said, {
      lines: [`${message}. Model and nodes are left as they are.`],
      outputs: { outcome: 'nothing' },
      summary: `${message}. Model and nodes are left as they are.`,
    });
  });

  it('says what is left to do with a renewal', async () => {
    await upgrade(shop.v1, { ...canary, force: true });
    const { agent, said } = listeningAgent();
    const tools = shop.tools();
    await concludeRollback(await hook(tools), tools, agent);
    assert.match(said.summary, /left as they are\.\n\nWhat to do: Finish the renewal/);
    assert.equal(said.outputs['outcome'], 'nothing');
  });

  it('tells how the way back ended where there was one', async () => {
    await upgrade(shop.v3, canary);
    const { agent, said } = listeningAgent();
    const tools = shop.tools();
    const conclusion = await shop.play(concludeRollback(await hook(tools), tools, agent));
    assert.deepEqual(
      [conclusion.result, said.outputs],
      ['succeeded', { outcome: 'completed', restoredImageId: shop.v1, rolledBackNodes: '0', badImageId: shop.v3 }],
    );
  });
});
