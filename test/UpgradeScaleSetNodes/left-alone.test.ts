import assert from 'node:assert/strict';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { upgradeOutputs } from '../../tasks/common/report/rollout-outputs.ts';
import { entryOf } from '../../tasks/common/rollout/logbook.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import type { Settings } from '../azure/core/settings.ts';
import { guard, instancesOf } from '../support/fleet-guard.ts';
import type { Death } from '../support/rehearsal.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const skipToEnd = { drain, onDrainTimeout: 'skipToEnd' } as const;
const count = (many: number) => ({ nodes: { kind: 'count', count: many, text: String(many) } }) as const;

describe('nodes that are left alone', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const upgrade = (changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(upgradeNodes(request(shop.v2, { ...skipToEnd, ...changes }), tools));

  /** A shop in which the drain scripts of these nodes fail so often. Gives the ids in the order of their drains. */
  function openWithFailing(
    failing: Readonly<Record<string, number>>,
    settings: Partial<Settings> = {},
    drainMs?: number,
  ) {
    shop = openShop({ settings, ...(drainMs !== undefined && { drainMs }) });
    const left = new Map(Object.entries(failing));
    const { machines } = shop.world;
    const run = machines.runScript.bind(machines);
    machines.runScript = (id, script, done) => {
      const name = id.split('/').at(-1) ?? '';
      const times = left.get(name) ?? 0;
      if (!script.lines.includes('start') || times === 0) return run(id, script, done);
      left.set(name, times - 1);
      return run(id, script, (result) => done({ ...result, exitCode: 3, output: '2 sessions left' }));
    };
    const drained: string[] = [];
    shop.world.observers.push(({ method, url }, { status }) => {
      const id = /virtualMachines\/(\d+)\/runCommands/i.exec(url.pathname)?.[1];
      if (method === 'PUT' && id !== undefined && status < 300) drained.push(id);
    });
    return drained;
  }

  it('a node whose drain failed serves again, and is tried once more after all others', async () => {
    const drained = openWithFailing({ 0: 1 });
    guard(shop.world, shop.set, shop.v2, 3);
    const { ending } = await upgrade();
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.deepEqual([drained.join(' '), shop.versions()], ['0 1 2 3 0', '2.0.0 2.0.0 2.0.0 2.0.0']);
  });

  it('a node is drained once more while Azure is still removing the command of its first drain', async () => {
    const drained = openWithFailing({ 0: 1 }, { instanceWriteMs: 20_000 });
    const { ending } = await upgrade({ nodes: { kind: 'ids', ids: ['0'], text: 'ids:0' } });
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.deepEqual([drained.join(' '), shop.versions()], ['0 0', '2.0.0 1.0.0 1.0.0 1.0.0']);
  });

  describe('where health does not show whether a node that is put back serves', () => {
    const unseen = { health: { kind: 'none' } } as const;

    it('its script is waited for before another node is drained', async () => {
      openWithFailing({ 0: 1 }, {}, 50_000);
      guard(shop.world, shop.set, shop.v2, 3);
      const { ending } = await upgrade(unseen);
      assert.deepEqual([ending.outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], ending.reason);
    });

    /** Scripts that put a node back never end. */
    function openWithEndless() {
      openWithFailing({ 0: 1 });
      const { machines } = shop.world;
      const run = machines.runScript.bind(machines);
      machines.runScript = (id, script, done) => run(id, script, script.lines.includes('cancel') ? () => {} : done);
    }

    it('a node whose script was not waited for, since the run was cancelled, is not taken for put back', async () => {
      openWithEndless();
      const over = new AbortController();
      setTimeout(() => over.abort(), 120_000);
      const tools = shop.tools({ cancelled: over.signal });
      const { ending } = await upgrade(unseen, tools);
      assert.equal(ending.outcome, 'cancelled', ending.reason);
      assert.equal(entryOf(ending.situation.logbook, '0').errand?.kind, 'drainFailed');
      assert.match(tools.lines.join('\n'), /shop_0 stays: put back into service|shop_0 could not be put back/);
    });

    it('a script that does not end stops the rollout', async () => {
      openWithEndless();
      const { ending } = await upgrade(unseen);
      assert.deepEqual([ending.outcome, ending.failure?.code], ['halted', 'UndrainUnfinished'], ending.reason);
      assert.match(ending.reason, /^The undrain script on instance 0 has not ended within 600 s/);
      assert.equal(shop.versions(), '1.0.0 1.0.0 1.0.0 1.0.0');
    });
  });

  it('a node that could not be drained twice stays as it is, in service, and is named', async () => {
    const drained = openWithFailing({ 0: 9 });
    guard(shop.world, shop.set, shop.v2, 3);
    const tools = shop.tools();
    const { ending, plan } = await upgrade({}, tools);
    await shop.pass(60_000);
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.match(ending.reason, /^3 nodes ready on 2\.0\.0, shop_0 left on the old image after 2 drains that failed$/);
    assert.deepEqual(
      [drained.join(' '), shop.versions(), shop.serving(), shop.modelVersion(), readRecord(shop.set.tags)?.state],
      ['0 1 2 3 0', '1.0.0 2.0.0 2.0.0 2.0.0', 4, '2.0.0', 'whole'],
    );
    const { skippedNodes, failedNodes } = upgradeOutputs('completed', plan.record, '', ending.situation);
    assert.deepEqual([skippedNodes, failedNodes], ['0', '']);
    const said = tools.lines.filter((line) => line.includes('could not be drained'));
    assert.match(
      said.join('\n'),
      /exit code 3.*2 sessions left; it serves again and is tried once more after all others/,
    );
    assert.match(said.join('\n'), /exit code 3.*2 sessions left; it serves again and stays on its image/);
  });

  it('another node takes the place of one that can not be drained, where a number was asked for', async () => {
    const drained = openWithFailing({ 0: 9 });
    const { ending } = await upgrade(count(2));
    assert.deepEqual(
      [ending.outcome, drained.join(' '), shop.versions()],
      ['completed', '0 1 2', '1.0.0 2.0.0 2.0.0 1.0.0'],
    );
  });

  it('a number that can not be reached any more stops the rollout, with all nodes in service', async () => {
    openWithFailing({ 0: 9, 1: 9 });
    const { ending } = await upgrade(count(3));
    await shop.pass(60_000);
    assert.equal(ending.outcome, 'halted');
    assert.match(
      ending.reason,
      /^shop_0, shop_1 could not be drained, 2 times, and no other node can take the place: /,
    );
    assert.deepEqual(
      [shop.versions(), shop.serving(), shop.modelVersion(), readRecord(shop.set.tags)?.state],
      ['1.0.0 1.0.0 2.0.0 2.0.0', 4, '1.0.0', 'halted'],
    );
  });

  it('a node that asks to be left out by its tag stays as it is', async () => {
    shop = openShop();
    const [, node] = instancesOf(shop.world, shop.set);
    assert.ok(node);
    node.tags = { ...node.tags, 'phoenix-leave-out': 'true' };
    const { ending, plan } = await upgrade();
    assert.equal(ending.reason, '3 nodes ready on 2.0.0, shop_1 left out, as asked by tag phoenix-leave-out');
    assert.equal(shop.versions(), '2.0.0 1.0.0 2.0.0 2.0.0');
    assert.equal(upgradeOutputs('completed', plan.record, '', ending.situation)['skippedNodes'], '1');
  });

  it('when nobody else is there, a node that comes while the end is written is brought along', async () => {
    shop = openShop({ set: { capacity: 2 } });
    for (const node of instancesOf(shop.world, shop.set)) node.tags = { 'phoenix-leave-out': 'true' };
    const sets = shop.tools().azure.compute.virtualMachineScaleSets;
    let looks = 0;
    shop.world.observers.push(({ url: { pathname } }) => {
      if (!pathname.endsWith('/virtualMachines')) return;
      looks += 1;
      if (looks === 2) void sets.update('web', 'shop', { sku: { name: 'Standard_D2s_v5', capacity: 3 } });
    });
    const { outcome, reason } = (await upgrade()).ending;
    assert.deepEqual([outcome, shop.versions()], ['completed', '1.0.0 1.0.0 2.0.0'], reason);
    assert.equal(readRecord(shop.set.tags)?.state, 'whole');
  });

  /** What the set looks like in the end when the run that skips a node is killed there. */
  async function killedAt(death?: Death) {
    openWithFailing({ 0: 9 });
    guard(shop.world, shop.set, shop.v2, 3);
    const first = shop.tools({ ...(death && { dies: death }) });
    const ended = await shop.play(Promise.race([upgradeNodes(request(shop.v2, skipToEnd), first), first.died]));
    await shop.pass(20_000);
    if (ended === 'died') await upgrade({}, shop.tools({ attempt: '1.2' }));
    await shop.pass(60_000);
    const end = [
      shop.versions(),
      shop.serving(),
      shop.world.compute.runCommands.size,
      readRecord(shop.set.tags)?.state,
    ];
    shop.close();
    return { calls: first.calls(), end };
  }

  it('are the same when the run is killed, at every 23rd call', async () => {
    const whole = await killedAt();
    for (let atCall = 9, applied = true as boolean; atCall <= whole.calls; atCall += 23, applied = !applied) {
      const { end } = await killedAt({ atCall, applied });
      assert.deepEqual(end, whole.end, `killed at call ${atCall}, its effect ${applied ? 'applied' : 'not applied'}`);
    }
  }).timeout(60_000);
});
