import assert from 'node:assert/strict';
import type { Left } from '../../../../tasks/common/execute/ending/handover.ts';
import { putBackLeft } from '../../../../tasks/common/execute/ending/put-back-left.ts';
import { readRecord, writeRecord } from '../../../../tasks/common/record/codec.ts';
import type { RolloutRecord } from '../../../../tasks/common/record/record.ts';
import { rollBack } from '../../../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import { instancesOf } from '../../../support/fleet-guard.ts';
import { protect } from '../../../support/protected-nodes.ts';
import type { Death, ProcessTools } from '../../../support/rehearsal.ts';
import { drain, openShop, type Shop } from '../../../support/shop.ts';
import { request } from '../../../UpgradeScaleSetNodes/upgrade-request.ts';

const two = { kind: 'count', count: 2, text: '2' } as const;
const drains: Death = { onCall: 'PUT …/runCommands/', applied: true };
const upgrades: Death = { onCall: 'POST …/manualupgrade', applied: true };

describe('what a step has left is put back by its post-job step', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  /** Kills an upgrade at a call; its post-job step comes a second later. */
  async function killedAt(
    dies: Death,
    options: Parameters<typeof openShop>[0] = {},
    changes: Partial<UpgradeRequest> = {},
  ) {
    shop = openShop(options);
    const tools = shop.tools({ dies });
    const run = upgradeNodes(request(shop.v2, { drain, maxUnavailable: two, ...changes }), tools);
    assert.equal(await shop.play(Promise.race([run, tools.died])), 'died');
    await shop.pass(1_000);
    return tools.memory;
  }

  const postJob = (memory: ProcessTools['memory'], tools = shop.tools({ memory })) => {
    assert.ok(memory.left);
    return shop.play(putBackLeft(memory.left, tools));
  };

  /** As the record stands, with something changed. */
  function rewrite(change: (record: RolloutRecord) => Partial<RolloutRecord>): void {
    const record = readRecord(shop.set.tags);
    assert.ok(record);
    Object.assign(shop.set, { tags: writeRecord(shop.set.tags, { ...record, ...change(record) }) });
  }

  it('nodes serve again, the model names the proven image, the record says stopped, and nothing is left', async () => {
    const memory = await killedAt(drains);
    assert.deepEqual(memory.left?.drained, ['0'], 'what was taken out of service is known');
    const ended = await postJob(memory);
    await shop.pass(10_000);
    assert.deepEqual(ended, { kind: 'back', reason: 'what the step had left is put back' });
    assert.equal(readRecord(shop.set.tags)?.state, 'stopped');
    assert.deepEqual([shop.modelVersion(), shop.serving(), shop.drained.size, memory.left], ['1.0.0', 4, 0, undefined]);
  });

  it('a node serves again that runs the image already and was to be renewed', async () => {
    shop = openShop();
    const tools = shop.tools({ dies: drains });
    const run = upgradeNodes(request(shop.v1, { drain, force: true }), tools);
    assert.equal(await shop.play(Promise.race([run, tools.died])), 'died');
    await shop.pass(1_000);
    assert.equal((await postJob(tools.memory)).kind, 'back');
    await shop.pass(10_000);
    assert.deepEqual([shop.serving(), shop.drained.size, readRecord(shop.set.tags)?.state], [4, 0, 'stopped']);
  });

  it('a node serves again at once, also where it shows no sign of its drain yet', async () => {
    const memory = await killedAt(drains, { machines: { health: () => ({ state: 'healthy', since: 0 }) } });
    await postJob(memory);
    await shop.pass(10_000);
    assert.deepEqual([shop.drained.size, shop.world.compute.runCommands.size], [0, 0]);
  });

  for (const imageShown of ['atStart', 'atEnd'] as const)
    it(`nodes that Azure was asked to replace are waited for and never put back meanwhile (image shown ${imageShown})`, async () => {
      const memory = await killedAt(upgrades, { settings: { imageShown, writeDuringInstanceWork: 'accepted' } });
      const tools = shop.tools({ memory });
      await postJob(memory, tools);
      assert.equal(shop.versions(), '2.0.0 2.0.0 1.0.0 1.0.0');
      assert.match(tools.lines.join('\n'), /Azure is at work with shop_0, shop_1: waiting until that has ended/);
      assert.doesNotMatch(tools.lines.join('\n'), /put back into service/);
      assert.equal(shop.modelVersion(), '1.0.0');
    });

  it('a node that Azure may be about to begin with is put back when it has not begun within a minute', async () => {
    const memory = await killedAt({ ...upgrades, applied: false });
    const from = Date.now();
    const undrained: number[] = [];
    shop.world.observers.push(({ method, url }) => {
      if (method === 'POST' && url.pathname.endsWith('/runCommand')) undrained.push(Date.now() - from);
    });
    await postJob(memory);
    assert.equal(undrained.length, 2);
    for (const ms of undrained) assert.ok(ms > 50_000 && ms < 90_000, `after ${ms} ms`);
  });

  it('a step that ends by itself leaves nothing', async () => {
    shop = openShop();
    const tools = shop.tools();
    const known: boolean[] = [];
    shop.world.observers.push(({ method }) => {
      if (method === 'PATCH') known.push(tools.memory.left !== undefined);
    });
    await shop.play(upgradeNodes(request(shop.v2, { drain, maxUnavailable: two }), tools));
    assert.deepEqual(new Set(known), new Set([true]), 'before the first write, word is left');
    assert.equal(tools.memory.left, undefined);
  });

  it('the model is put back before it waits for nodes, where Azure lets it', async () => {
    const memory = await killedAt(upgrades, { settings: { writeDuringInstanceWork: 'accepted' } });
    const { left } = memory;
    assert.ok(left);
    const run = putBackLeft(left, shop.tools({ memory }));
    await shop.pass(15_000);
    assert.deepEqual([shop.modelVersion(), readRecord(shop.set.tags)?.state], ['1.0.0', 'rolling']);
    await shop.play(run);
    assert.equal(readRecord(shop.set.tags)?.state, 'stopped');
  });

  it('a node that Azure never gets done with does not keep the record open for ever', async () => {
    const memory = await killedAt(upgrades, {
      settings: { writeDuringInstanceWork: 'accepted' },
      machines: { reimageMs: 100 * 60_000 },
    });
    const from = Date.now();
    await postJob(memory);
    const minutes = (Date.now() - from) / 60_000;
    assert.ok(minutes > 24 && minutes < 30, `it took ${minutes} minutes`);
    assert.equal(readRecord(shop.set.tags)?.state, 'stopped');
  });

  it('all but the model is put back where somebody switched the upgrade policy, and Azure would roll nodes', async () => {
    const memory = await killedAt(upgrades, { set: { automaticRepairs: 'Replace' } });
    shop.set.properties = { ...shop.set.properties, upgradePolicy: { mode: 'Automatic' } };
    await postJob(memory);
    await shop.pass(60_000);
    assert.deepEqual(
      [readRecord(shop.set.tags)?.state, shop.set.repairs, shop.modelVersion(), shop.drained.size],
      ['stopped', 'Running', '2.0.0', 0],
    );
  });

  it('a main step that lives all the same starts nothing more', async () => {
    const memory = await killedAt(drains);
    const token = memory.left?.token;
    await postJob(memory);
    assert.notEqual(readRecord(shop.set.tags)?.owner.token, token);
  });

  it('a node that could not be put back is named, and remembered', async () => {
    const memory = await killedAt(drains);
    const refusal = { status: 409, body: { error: { code: 'OperationNotAllowed', message: 'The VM is stopped.' } } };
    shop.world.faults.add({ on: 'POST …/runCommand', times: 9, effect: 'none', reply: refusal });
    const ended = await postJob(memory);
    assert.deepEqual(ended, { kind: 'partly', reason: '1 node may still be out of service: shop_0' });
    assert.deepEqual(memory.left?.drained, ['0']);
    assert.equal(readRecord(shop.set.tags)?.state, 'stopped', 'the record does not wait for that');
  });

  it('nodes, protection and pauses are named together where none of them could be put back', async () => {
    const memory = await killedAt(drains, { set: { automaticRepairs: 'Replace' } });
    protect(shop, ['3'], false);
    rewrite(({ paused }) => ({ paused: { ...paused, protection: ['3'] } }));
    assert.ok(memory.left);
    memory.left = { ...memory.left, lifted: ['3'] };
    const reply = { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'Not you.' } } };
    for (const on of ['POST …/runCommand', 'PUT /virtualMachines/3', 'POST /setOrchestrationServiceState'])
      shop.world.faults.add({ on, times: 99, effect: 'none', reply });
    const { kind, reason } = await postJob(memory);
    assert.equal(kind, 'partly');
    assert.match(reason, /^1 node may still be out of service: shop_0; automatic repairs are suspended \(az vmss/);
    assert.match(reason, /; instances 3 may be without protection from actions of the set \(az vmss update/);
  });

  it('an upgrade policy that waits for the end of the rollout is told, and nothing has failed', async () => {
    const memory = await killedAt(drains, { set: { upgradeMode: 'Automatic' } }, { upgradePolicy: 'switchToManual' });
    const ended = await postJob(memory);
    await shop.pass(10_000);
    const policy = 'until a rollout of shop is finished, the upgrade policy is Manual and was Automatic';
    assert.deepEqual(ended, { kind: 'back', reason: `what the step had left is put back; ${policy}` });
    assert.equal(readRecord(shop.set.tags)?.paused?.upgradeMode, 'Automatic');
  });

  it('automatic repairs that stay suspended are named, though all nodes serve', async () => {
    const memory = await killedAt(drains, { set: { automaticRepairs: 'Replace' } });
    const reply = { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'Not you.' } } };
    shop.world.faults.add({ on: 'POST /setOrchestrationServiceState', times: 99, effect: 'none', reply });
    const { kind, reason } = await postJob(memory);
    await shop.pass(10_000);
    assert.deepEqual([kind, shop.serving()], ['partly', 4]);
    assert.match(reason, /^automatic repairs are suspended/);
  });

  it('a node that the step itself could not put back is tried again, and the record stays as the step wrote it', async () => {
    const memory = await killedAt(drains);
    rewrite(() => ({ state: 'halted' }));
    await postJob(memory);
    await shop.pass(10_000);
    assert.deepEqual([shop.serving(), readRecord(shop.set.tags)?.state], [4, 'halted']);
  });

  const untouched: readonly { readonly name: string; readonly change: () => void; readonly says: RegExp }[] = [
    {
      name: 'a later task of the job has taken the rollout over',
      change: () => rewrite(({ owner }) => ({ owner: { ...owner, token: 'another' } })),
      says: /^another task has taken the rollout over since: rolling$/,
    },
    {
      name: 'the tags were wiped',
      change: () => Object.assign(shop.set, { tags: {} }),
      says: /^the record is gone from the tags$/,
    },
    ...(['waiting', 'halted', 'stopped', 'whole', 'rolledBack'] as const).map((state) => ({
      name: `the step has ended by itself and written ${state}`,
      change: () => rewrite(() => ({ state })),
      says: new RegExp(`^the step ended by itself: ${state}$`),
    })),
  ];
  for (const { name, change, says } of untouched)
    it(`and nothing is touched where ${name}`, async () => {
      const memory = await killedAt({ ...drains, applied: false });
      change();
      const left: Left | undefined = memory.left && { ...memory.left, drained: name.includes('another') ? ['0'] : [] };
      const before = shop.fingerprint();
      assert.ok(left);
      const ended = await shop.play(putBackLeft(left, shop.tools({ memory })));
      assert.equal(ended.kind, 'nothing');
      assert.match(ended.reason, says);
      assert.equal(shop.fingerprint(), before);
    });

  it('and nothing is touched after RollbackScaleSet in the same job, whose own step left nothing', async () => {
    const memory = await killedAt(upgrades);
    const {
      plan: _p,
      target: _t,
      nodes: _n,
      onFailure: _f,
      bakeMs: _b,
      checkpoints: _c,
      ...back
    } = request(shop.v1, { drain });
    const later = shop.tools();
    await shop.play(rollBack({ ...back, to: undefined }, later));
    assert.equal(later.memory.left, undefined);
    const before = shop.fingerprint();
    assert.equal((await postJob(memory)).kind, 'nothing');
    assert.equal(shop.fingerprint(), before);
    assert.equal(instancesOf(shop.world, shop.set).length, 4);
  });
});
