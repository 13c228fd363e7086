import assert from 'node:assert/strict';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import { addAutoscaleEvents, addAutoscaleSetting, settle } from '../azure/index.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const canary = { nodes: { kind: 'count', count: 1, text: '1' } } as const;

let shop: Shop;
afterEach(() => shop?.close());

const upgrade = (target: string, changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
  shop.play(Promise.race([upgradeNodes(request(target, { drain, ...changes }), tools), tools.died]));
const back = (changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) => {
  const { nodes: _all, target: _none, ...options } = request('', { drain, ...changes });
  return shop.play(rollBack({ ...options, to: undefined }, tools));
};
const outcomeOf = (result: Awaited<ReturnType<typeof upgrade>>) => (result === 'died' ? result : result.ending.outcome);
const paused = () => readRecord(shop.set.tags)?.paused;

describe('automatic repairs during a rollout', () => {
  const repairs = { automaticRepairs: 'Replace' } as const;
  /** Whether they ran at each drain and each upgrade call. */
  const watchStarts = () => {
    const seen: string[] = [];
    shop.world.observers.push(({ method, url }) => {
      if (url.pathname.endsWith('/manualupgrade') || (method === 'PUT' && url.pathname.includes('/runCommands/')))
        seen.push(shop.set.repairs);
    });
    return seen;
  };

  for (const [what, changes] of [
    ['a whole rollout', {}],
    ['a canary that waits for approval', canary],
  ] as const)
    it(`are suspended before the first drain and run again after ${what}`, async () => {
      shop = openShop({ set: repairs });
      const seen = watchStarts();
      const tools = shop.tools();
      assert.equal(outcomeOf(await upgrade(shop.v2, changes, tools)), 'completed');
      assert.deepEqual(new Set(seen), new Set(['Suspended']));
      assert.deepEqual([shop.set.repairs, paused()], ['Running', undefined]);
      assert.match(tools.lines.join('\n'), /repairs are suspended until this task ends[\s\S]*repairs run again/);
      assert.deepEqual(shop.set.repairWork.done, []);
    });

  it('run again when the rollout halts, when the model names the proven image already', async () => {
    shop = openShop({ set: repairs });
    let model: string | undefined;
    shop.world.observers.push(({ url, body }) => {
      if (url.pathname.endsWith('/setOrchestrationServiceState') && body.includes('Resume'))
        model = shop.modelVersion();
    });
    assert.equal(outcomeOf(await upgrade(shop.v3)), 'halted');
    assert.deepEqual([shop.set.repairs, paused(), model], ['Running', undefined, '1.0.0']);
  });

  it('are suspended on the way back too, and run again after it', async () => {
    shop = openShop({ set: repairs });
    const seen = watchStarts();
    assert.equal(outcomeOf(await upgrade(shop.v3, { onFailure: 'rollback' })), 'rolledBack');
    assert.deepEqual([new Set(seen), seen.length], [new Set(['Suspended']), 4]);
    assert.deepEqual([shop.set.repairs, paused()], ['Running', undefined]);
  });

  it('stay suspended when somebody had suspended them before', async () => {
    shop = openShop({ set: repairs });
    shop.set.repairs = 'Suspended';
    const tools = shop.tools();
    await upgrade(shop.v2, {}, tools);
    assert.deepEqual([shop.set.repairs, paused()], ['Suspended', undefined]);
    assert.match(tools.lines.join('\n'), /were suspended before we came, and stay so/);
  });

  it('are left alone where the set has none, and where nothing is to be done', async () => {
    shop = openShop();
    const calls: string[] = [];
    shop.world.observers.push(({ url }) => void calls.push(url.pathname));
    await upgrade(shop.v2);
    assert.ok(!calls.some((path) => /instanceView$|setOrchestrationServiceState$/.test(path)));
    shop.close();
    shop = openShop({ set: repairs });
    await upgrade(shop.v2);
    const before = shop.fingerprint();
    assert.equal(outcomeOf(await upgrade(shop.v2)), 'completed');
    assert.deepEqual([shop.fingerprint(), shop.set.repairs], [before, 'Running']);
  });

  it('are resumed by the next run after a crash, and the record says so meanwhile', async () => {
    shop = openShop({ set: repairs });
    await upgrade(shop.v2, canary, shop.tools({ dies: { onCall: 'POST …/manualupgrade', applied: true } }));
    assert.deepEqual([shop.set.repairs, paused()], ['Suspended', { repairs: true }]);
    assert.equal(outcomeOf(await upgrade(shop.v2, canary, shop.tools({ attempt: '1.2' }))), 'completed');
    assert.deepEqual([shop.set.repairs, paused()], ['Running', undefined]);
  });

  it('are resumed by the next run also when no node is left to do', async () => {
    shop = openShop({ set: repairs });
    const dead = { dies: { onCall: 'POST …/setOrchestrationServiceState', applied: false } };
    // The first such call is the one that suspends: then nothing is suspended yet, and the record says it may be.
    await upgrade(shop.v2, canary, shop.tools(dead));
    assert.deepEqual([shop.set.repairs, paused()], ['Running', { repairs: true }]);
    await upgrade(shop.v2, canary, shop.tools({ attempt: '1.2' }));
    assert.deepEqual([shop.set.repairs, paused()], ['Running', undefined]);
  });

  for (const seconds of [1, 3, 8, 12, 15, 20, 45])
    it(`run again when the run is cancelled after ${seconds} s, or the record says that they do not`, async () => {
      shop = openShop({ set: repairs });
      const cancel = new AbortController();
      const run = upgradeNodes(request(shop.v2, { drain }), shop.tools({ cancelled: cancel.signal }));
      await shop.pass(seconds * 1000);
      const at = Date.now();
      cancel.abort();
      await shop.play(run);
      assert.ok(Date.now() - at <= 7_500, `it took ${Date.now() - at} ms`);
      await shop.pass(60_000);
      settle(shop.world);
      if (shop.set.repairs !== 'Running') assert.deepEqual(paused(), { repairs: true });
      await upgrade(shop.v2, {}, shop.tools({ attempt: '1.2' }));
      assert.deepEqual([shop.set.repairs, paused()], ['Running', undefined]);
    });

  it('are not suspended any more by a run that is cancelled while it writes its record', async () => {
    shop = openShop({ set: repairs });
    const cancel = new AbortController();
    let orders = 0;
    shop.world.observers.push(({ method, url }) => {
      if (method === 'PATCH') cancel.abort();
      if (url.pathname.endsWith('/setOrchestrationServiceState')) orders += 1;
    });
    await upgrade(shop.v2, {}, shop.tools({ cancelled: cancel.signal }));
    assert.deepEqual([orders, paused()], [0, undefined]);
  });

  it('that were ordered to be suspended when the run was cancelled stay in the record, since nobody saw it', async () => {
    shop = openShop({ set: repairs });
    const cancel = new AbortController();
    shop.world.observers.push(({ url, body }) => {
      if (url.pathname.endsWith('/setOrchestrationServiceState') && body.includes('Suspend')) cancel.abort();
    });
    await upgrade(shop.v2, {}, shop.tools({ cancelled: cancel.signal }));
    assert.deepEqual(paused(), { repairs: true });
  });

  it('that cannot be resumed stay in the record, and the log says it', async () => {
    shop = openShop({ set: repairs });
    let resuming = false;
    shop.world.observers.push(({ url, body }) => {
      if (url.pathname.endsWith('/setOrchestrationServiceState') && body.includes('Suspend')) resuming = true;
      if (resuming)
        shop.world.faults.add({
          on: 'POST /setOrchestrationServiceState',
          times: 1,
          effect: 'none',
          reply: { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } },
        });
      resuming = false;
    });
    const tools = shop.tools();
    assert.equal(outcomeOf(await upgrade(shop.v2, {}, tools)), 'completed');
    assert.deepEqual([shop.set.repairs, paused()], ['Suspended', { repairs: true }]);
    assert.match(tools.lines.join('\n'), /automatic repairs could not be put back, and the record says so: .*403/);
    assert.equal(outcomeOf(await upgrade(shop.v2)), 'completed');
    assert.deepEqual([shop.set.repairs, paused()], ['Running', undefined]);
  });

  it('are resumed when somebody wiped the record while nodes were replaced', async () => {
    shop = openShop({ set: repairs });
    shop.world.observers.push(({ url }) => {
      if (url.pathname.endsWith('/manualupgrade')) shop.set.tags = {};
    });
    const result = await upgrade(shop.v2);
    assert.equal(result !== 'died' && result.ending.failure?.code, 'RecordGone');
    assert.equal(shop.set.repairs, 'Running');
  });

  it('halt the rollout before its first drain when they cannot be suspended', async () => {
    shop = openShop({ set: repairs });
    const seen = watchStarts();
    shop.world.faults.add({
      on: 'POST /setOrchestrationServiceState',
      times: 9,
      effect: 'none',
      reply: { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } },
    });
    assert.equal(outcomeOf(await upgrade(shop.v2)), 'halted');
    assert.deepEqual([seen, shop.serving()], [[], 4]);
  });

  it('are suspended once more when the answer was lost', async () => {
    shop = openShop({ set: repairs });
    shop.world.faults.add({ on: 'POST /setOrchestrationServiceState', times: 1, effect: 'applied' });
    assert.equal(outcomeOf(await upgrade(shop.v2)), 'completed');
    assert.equal(shop.set.repairs, 'Running');
  });
});

describe('autoscale during a rollout', () => {
  const open = (set: Parameters<typeof openShop>[0] = {}) => {
    shop = openShop(set);
    return addAutoscaleSetting(shop.world, { set: shop.set, name: 'scale', minimum: 2, maximum: 8 });
  };
  const pause = { autoscale: 'pause' } as const;

  it('is left alone, and not even looked at, when nobody asks for a pause', async () => {
    open();
    const calls: string[] = [];
    shop.world.observers.push(({ url }) => void calls.push(url.pathname));
    await upgrade(shop.v2);
    assert.ok(!calls.some((path) => /autoscalesettings/i.test(path)));
  });

  it('holds the number of nodes while the task is at work, and scales again after it', async () => {
    const setting = open();
    const found = JSON.stringify(setting);
    addAutoscaleEvents(shop.world, setting.id, [{ afterMs: 60_000, change: 2 }]);
    const tools = shop.tools();
    assert.equal(outcomeOf(await upgrade(shop.v2, pause, tools)), 'completed');
    assert.deepEqual([shop.set.sku.capacity, paused()], [4, undefined]);
    assert.equal(JSON.stringify({ ...setting, demand: [] }), found);
    const [action] = shop.world.autoscale.actions;
    assert.deepEqual([action?.profile, action?.outcome], ['phoenix-pause', 'bounded']);
    assert.match(tools.lines.join('\n'), /autoscale is paused: setting scale holds 4 nodes[\s\S]*scale is as it was/);
  });

  it('goes on by itself a little after the deadline of a run that died', async () => {
    const setting = open();
    await upgrade(shop.v2, pause, shop.tools({ dies: { onCall: 'POST …/manualupgrade', applied: true } }));
    assert.deepEqual(paused(), { autoscale: 'scale' });
    addAutoscaleEvents(shop.world, setting.id, [
      { afterMs: 3_600_000, change: 2 },
      { afterMs: 7 * 3_600_000, change: 2 },
    ]);
    for (let minute = 0; minute < 8 * 60; minute += 1) {
      await shop.pass(60_000);
      settle(shop.world);
    }
    assert.deepEqual(
      shop.world.autoscale.actions.map(({ profile, outcome }) => [profile, outcome]),
      [
        ['phoenix-pause', 'bounded'],
        ['usual', 'scaled'],
      ],
    );
    await upgrade(shop.v2, {}, shop.tools({ attempt: '1.2' }));
    assert.deepEqual([paused(), JSON.stringify(setting).includes('phoenix-pause')], [undefined, false]);
  });

  it('keeps profiles, rules and notifications as they are, and puts its own first', async () => {
    const setting = open();
    const capacity = { minimum: '3', maximum: '9', default: '3' };
    const fixedDate = { timeZone: 'Korea Standard Time', start: '2026-01-01T00:00:00', end: '2026-02-01T00:00:00' };
    const sale = { name: 'sale', capacity, rules: [], fixedDate };
    const notifications = [{ operation: 'Scale', email: { customEmails: ['ops@example.com'] } }];
    setting.properties = { ...setting.properties, notifications, profiles: [sale] };
    setting.tags = { team: 'shop' };
    const found = JSON.stringify([setting.properties, setting.tags]);
    let first: unknown;
    shop.world.observers.push(({ url }) => {
      if (url.pathname.endsWith('/manualupgrade'))
        first = (setting.properties['profiles'] as { name: string }[]).map(({ name }) => name);
    });
    await upgrade(shop.v2, pause);
    assert.deepEqual(first, ['phoenix-pause', 'sale']);
    assert.equal(JSON.stringify([setting.properties, setting.tags]), found);
  });

  it('that has twenty profiles is refused before the first write', async () => {
    const setting = open();
    const profile = (setting.properties['profiles'] as object[])[0];
    setting.properties = { ...setting.properties, profiles: Array.from({ length: 20 }, () => profile) };
    const before = shop.fingerprint();
    await assert.rejects(upgrade(shop.v2, pause), { code: 'AutoscaleProfilesFull', message: /scale has 20 profiles/ });
    assert.equal(shop.fingerprint(), before);
  });

  it('that is off, or not there, is nothing to pause', async () => {
    const setting = open();
    setting.properties = { ...setting.properties, enabled: false };
    const tools = shop.tools();
    assert.equal(outcomeOf(await upgrade(shop.v2, pause, tools)), 'completed');
    assert.match(tools.lines.join('\n'), /autoscale setting scale is off: there is nothing to pause/);
    shop.close();
    shop = openShop();
    const others = shop.tools();
    assert.equal(outcomeOf(await upgrade(shop.v2, pause, others)), 'completed');
    assert.match(others.lines.join('\n'), /no autoscale setting of resource group web scales shop/);
  });

  it('is put back by the next task although that one asks for no pause', async () => {
    const setting = open();
    await upgrade(shop.v2, pause, shop.tools({ dies: { onCall: 'POST …/manualupgrade', applied: false } }));
    assert.ok(JSON.stringify(setting).includes('phoenix-pause'));
    await back({}, shop.tools({ attempt: '1.2' }));
    assert.deepEqual([paused(), JSON.stringify(setting).includes('phoenix-pause')], [undefined, false]);
  });

  it('looks a lost answer up, and pins what the set has by then', async () => {
    const setting = open();
    shop.world.faults.add({ on: 'PUT /scale', times: 1, effect: 'applied', reply: { status: 500, lost: true } });
    assert.equal(outcomeOf(await upgrade(shop.v2, pause)), 'completed');
    assert.ok(!JSON.stringify(setting).includes('phoenix-pause'));
  });
});

describe('an upgrade policy that rolls by itself', () => {
  const policy = () => shop.set.properties['upgradePolicy'] as { mode: string } & Record<string, unknown>;
  const open = (mode: 'Automatic' | 'Rolling', more: Record<string, unknown> = {}, byContent = true) => {
    shop = openShop({ settings: { modelsCountedByContent: byContent }, set: { upgradeMode: mode } });
    shop.set.properties = { ...shop.set.properties, upgradePolicy: { ...policy(), ...more } };
  };
  const switchIt = { upgradePolicy: 'switchToManual' } as const;
  const rollingUpgradePolicy = { maxBatchInstancePercent: 35, pauseTimeBetweenBatches: 'PT2M' };

  it('is refused with both cures when nobody lets us switch it', async () => {
    open('Rolling');
    await assert.rejects(upgrade(shop.v2), { code: 'UpgradePolicyWouldRoll', hint: /az vmss update.*switchToManual/ });
  });

  for (const mode of ['Automatic', 'Rolling'] as const)
    it(`is switched before the first write of the model and is ${mode} again after a whole rollout`, async () => {
      open(mode, { rollingUpgradePolicy });
      const tools = shop.tools();
      assert.equal(outcomeOf(await upgrade(shop.v2, switchIt, tools)), 'completed');
      assert.equal(shop.versions(), '2.0.0 2.0.0 2.0.0 2.0.0');
      assert.deepEqual([policy().mode, policy()['rollingUpgradePolicy']], [mode, rollingUpgradePolicy]);
      assert.equal(paused(), undefined);
      assert.match(tools.lines.join('\n'), new RegExp(`the upgrade policy is ${mode} again`));
      await shop.pass(600_000);
      assert.deepEqual([shop.versions(), shop.serving()], ['2.0.0 2.0.0 2.0.0 2.0.0', 4]);
    });

  it('stays Manual while stages are to come, and the last one gives it back', async () => {
    open('Automatic');
    const tools = shop.tools();
    await upgrade(shop.v2, { ...switchIt, ...canary }, tools);
    assert.deepEqual([policy().mode, paused()], ['Manual', { upgradeMode: 'Automatic' }]);
    assert.match(tools.lines.join('\n'), /the upgrade policy stays Manual \(it was Automatic\): until every node/);
    // The next stage need not say it again: it is Manual now.
    await upgrade(shop.v2);
    assert.deepEqual([policy().mode, paused()], ['Automatic', undefined]);
    await shop.pass(600_000);
    assert.deepEqual([shop.versions(), shop.serving()], ['2.0.0 2.0.0 2.0.0 2.0.0', 4]);
  });

  it('is given back by a rollback that brings all nodes back', async () => {
    open('Automatic');
    assert.equal(outcomeOf(await upgrade(shop.v3, switchIt)), 'halted');
    assert.deepEqual([policy().mode, paused()], ['Manual', { upgradeMode: 'Automatic' }]);
    assert.equal((await back()).ending.outcome, 'completed');
    assert.deepEqual([policy().mode, paused()], ['Automatic', undefined]);
    await shop.pass(600_000);
    assert.deepEqual([shop.versions(), shop.serving()], ['1.0.0 1.0.0 1.0.0 1.0.0', 4]);
  });

  it('stays Manual when nodes are of an earlier model, until they are brought onto the latest', async () => {
    open('Automatic', {}, false);
    await upgrade(shop.v2, { ...switchIt, ...canary });
    const tools = shop.tools();
    await upgrade(shop.v2, {}, tools);
    assert.deepEqual([policy().mode, paused()], ['Manual', { upgradeMode: 'Automatic' }]);
    assert.match(
      tools.lines.join('\n'),
      /stays Manual \(it was Automatic\): shop_0 run the model's image, but from an/,
    );
    const unchanged = shop.fingerprint();
    await upgrade(shop.v2);
    assert.equal(shop.fingerprint(), unchanged);
    await shop.play(tools.azure.compute.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['0'] }));
    await upgrade(shop.v2);
    assert.deepEqual([policy().mode, paused()], ['Automatic', undefined]);
  });

  it('is given back by the next run when one died just before', async () => {
    open('Automatic');
    const tools = shop.tools();
    let last = 0;
    shop.world.observers.push(({ method, url }) => {
      if (method === 'PATCH' && url.pathname.endsWith('/shop')) last = tools.calls();
    });
    await upgrade(shop.v2, switchIt, tools);
    shop.close();
    open('Automatic');
    await upgrade(shop.v2, switchIt, shop.tools({ dies: { atCall: last, applied: false } }));
    assert.deepEqual([readRecord(shop.set.tags)?.state, paused()], ['whole', { upgradeMode: 'Automatic' }]);
    await upgrade(shop.v2, {}, shop.tools({ attempt: '1.2' }));
    assert.deepEqual([policy().mode, paused()], ['Automatic', undefined]);
  });

  it('is never looked at twice by somebody who had no rollout open', async () => {
    open('Automatic');
    await upgrade(shop.v2, switchIt);
    const before = shop.fingerprint();
    assert.equal(outcomeOf(await upgrade(shop.v2, switchIt)), 'completed');
    assert.equal(shop.fingerprint(), before);
  });

  it('switched back by somebody in mid-rollout stops it before the next start', async () => {
    open('Automatic');
    let upgrades = 0;
    shop.world.observers.push(({ url }) => {
      if (!url.pathname.endsWith('/manualupgrade')) return;
      upgrades += 1;
      shop.switchPolicy('Rolling');
    });
    const tools = shop.tools();
    const result = await upgrade(shop.v2, switchIt, tools);
    assert.ok(result !== 'died');
    assert.deepEqual(
      [result.ending.outcome, result.ending.failure?.code, upgrades],
      ['halted', 'UpgradePolicyWouldRoll', 1],
    );
    await shop.pass(3_600_000);
    assert.deepEqual(
      [shop.versions(), shop.modelVersion(), readRecord(shop.set.tags)?.state],
      ['2.0.0 2.0.0 2.0.0 2.0.0', '2.0.0', 'halted'],
      'since the switch Azure rolls the others by itself; another image would have it roll them all once more',
    );
    assert.equal(shop.freshDisks(), '1 1 1 1');
    assert.match(tools.lines.join('\n'), /the model could not be put back and still names 2\.0\.0.*to "Rolling"/);
  });

  it('switched between the plan and the first write stops it before anything is written', async () => {
    shop = openShop();
    let looks = 0;
    shop.world.observers.push(({ method, url }) => {
      if (method !== 'GET' || !url.pathname.endsWith('/shop')) return;
      looks += 1;
      if (looks === 1) shop.switchPolicy('Rolling');
    });
    const result = await upgrade(shop.v2, { drain });
    assert.ok(result !== 'died');
    assert.deepEqual([result.ending.outcome, result.ending.failure?.code], ['halted', 'UpgradePolicyWouldRoll']);
    await shop.pass(3_600_000);
    assert.deepEqual(
      [shop.versions(), shop.modelVersion(), readRecord(shop.set.tags)],
      ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', undefined],
    );
  });

  describe('automatic OS upgrades', () => {
    const automatic = { automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true, disableAutomaticRollback: true } };
    const on = () => policy()['automaticOSUpgradePolicy'];

    it('are switched off for the time of the rollout, and on again when the gallery has nothing newer', async () => {
      open('Rolling', automatic);
      shop.world.compute.versions.delete(shop.v3.toLowerCase());
      shop.world.compute.versions.delete(shop.elsewhere.toLowerCase());
      await upgrade(shop.v2, { ...switchIt, ...canary });
      assert.deepEqual(on(), { enableAutomaticOSUpgrade: false, disableAutomaticRollback: true });
      await upgrade(shop.v2);
      assert.deepEqual([on(), policy().mode, paused()], [automatic.automaticOSUpgradePolicy, 'Rolling', undefined]);
    });

    it('stay off while the gallery has a newer version, which they might bring: the bad one after a rollback', async () => {
      open('Rolling', automatic);
      await upgrade(shop.v3, switchIt);
      const tools = shop.tools();
      await back({}, tools);
      assert.deepEqual(on(), { enableAutomaticOSUpgrade: false, disableAutomaticRollback: true });
      assert.deepEqual([policy().mode, paused()], ['Rolling', { osUpgrades: true }]);
      assert.match(tools.lines.join('\n'), /automatic OS upgrades stay off.*they would bring version 2\.0\.0/);
    });
  });
});
