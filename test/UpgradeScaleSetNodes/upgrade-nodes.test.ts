import assert from 'node:assert/strict';
import { readRecord, writeRecord } from '../../tasks/common/record/codec.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import { guard, instancesOf } from '../support/fleet-guard.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const canary = { drain, nodes: { kind: 'count', count: 1, text: '1' } } as const;

describe('upgradeNodes', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const upgrade = (target: string, changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(upgradeNodes(request(target, changes), tools));

  it('brings a canary and puts the model back, then brings the rest and lets the model go', async () => {
    shop = openShop();
    guard(shop.world, shop.set, shop.v2, 3);
    const first = await upgrade(shop.v2, canary);
    assert.equal(first.ending.outcome, 'completed');
    assert.deepEqual(
      [shop.versions(), shop.modelVersion(), readRecord(shop.set.tags)?.state],
      ['2.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', 'waiting'],
    );

    const second = await upgrade(shop.v2, { drain });
    assert.equal(second.ending.outcome, 'completed');
    const record = readRecord(shop.set.tags);
    assert.deepEqual([shop.versions(), shop.modelVersion()], ['2.0.0 2.0.0 2.0.0 2.0.0', '2.0.0']);
    assert.deepEqual([record?.state, record?.stable, record?.previous], ['whole', shop.v2, shop.v1]);
  });

  it('starts a node that scales out during the approval on the proven image', async () => {
    shop = openShop();
    await upgrade(shop.v2, canary);
    const tools = shop.tools();
    await shop.play(
      tools.azure.compute.virtualMachineScaleSets.update('web', 'shop', {
        sku: { name: 'Standard_D2s_v5', capacity: 5 },
      }),
    );
    assert.equal(shop.versions(), '2.0.0 1.0.0 1.0.0 1.0.0 1.0.0');
  });

  it('changes nothing when it is run again after it is done', async () => {
    shop = openShop();
    await upgrade(shop.v2, { drain });
    const before = shop.fingerprint();
    const again = await upgrade(shop.v2, { drain });
    assert.equal(again.ending.outcome, 'completed');
    assert.equal(shop.fingerprint(), before);
  });

  it('stops at its canary when the image never becomes healthy, and puts the model back', async () => {
    shop = openShop();
    guard(shop.world, shop.set, shop.v3, 3);
    const result = await upgrade(shop.v3, { drain });
    assert.equal(result.ending.outcome, 'halted');
    assert.match(result.ending.reason, /1 node failed, the limit is 0: shop_0: unhealthy on 3\.0\.0/);
    assert.deepEqual(
      [shop.versions(), shop.modelVersion(), readRecord(shop.set.tags)?.state],
      ['3.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', 'halted'],
    );
  });

  it('puts a node back into service when its drain fails', async () => {
    shop = openShop();
    const broken = { drain: 'phoenix-drain start\nexit 3', undrain: 'phoenix-drain cancel', timeoutMs: 60_000 };
    const { machines } = shop.world;
    const run = machines.runScript.bind(machines);
    machines.runScript = (id, script, done) =>
      run(id, script, (result) =>
        done(script.lines.includes('exit 3') ? { ...result, exitCode: 3, output: '2 sessions left' } : result),
      );
    const result = await upgrade(shop.v2, { drain: broken });
    await shop.pass(60_000);
    assert.match(result.ending.reason, /shop_0 could not be drained: the drain script ended with exit code 3/);
    assert.deepEqual(
      [shop.versions(), shop.serving(), shop.world.compute.runCommands.size],
      ['1.0.0 1.0.0 1.0.0 1.0.0', 4, 0],
    );
  });

  it('leaves a protected node alone and says so', async () => {
    shop = openShop();
    const [node] = instancesOf(shop.world, shop.set);
    if (node) node.protection = { protectFromScaleIn: true, protectFromScaleSetActions: true };
    const result = await upgrade(shop.v2, { drain });
    assert.equal(result.ending.outcome, 'completed');
    assert.match(result.ending.reason, /shop_0 protected and left alone/);
    assert.equal(shop.versions(), '1.0.0 2.0.0 2.0.0 2.0.0');
  });

  it('waits for a protected node until its protection is taken away', async () => {
    shop = openShop();
    const [node] = instancesOf(shop.world, shop.set);
    assert.ok(node);
    node.protection = { protectFromScaleIn: true, protectFromScaleSetActions: true };
    const run = upgrade(shop.v2, { drain, protectedNodes: 'wait' });
    setTimeout(() => {
      node.protection = { protectFromScaleIn: true, protectFromScaleSetActions: false };
    }, 1_200_000);
    const result = await run;
    assert.deepEqual([result.ending.outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0']);
  });

  it('looks a lost answer up and does not upgrade twice', async () => {
    // Where the new image is seen from the start on, the next look alone would tell.
    shop = openShop({ settings: { imageShown: 'atEnd' } });
    shop.world.faults.add({ on: 'POST /manualupgrade', times: 1, effect: 'applied' });
    const tally = guard(shop.world, shop.set, shop.v2, 3);
    const result = await upgrade(shop.v2, { drain });
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
    assert.equal(tally.writesByRoute.get('POST manualupgrade'), 4);
  });

  it('asks again when an upgrade call never arrived', async () => {
    shop = openShop();
    shop.world.faults.add({ on: 'POST /manualupgrade', times: 1, effect: 'none', reply: { status: 500, lost: true } });
    const result = await upgrade(shop.v2, { drain });
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
  });

  it('waits out a throttled list', async () => {
    shop = openShop();
    shop.world.faults.add({
      on: 'GET /virtualMachines',
      times: 2,
      effect: 'none',
      reply: {
        status: 429,
        headers: { 'Retry-After': '30' },
        body: { error: { code: 'OperationNotAllowed', message: 'too many requests' } },
      },
    });
    const result = await upgrade(shop.v2, { drain });
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
  });

  it('starts nothing more when the run is cancelled, and puts the node in mid-drain back', async () => {
    shop = openShop();
    const cancel = new AbortController();
    const tools = shop.tools({ cancelled: cancel.signal });
    const run = upgradeNodes(request(shop.v2, { drain }), tools);
    run.catch(() => {});
    await shop.pass(4_000);
    while (shop.world.compute.runCommands.size === 0) await shop.pass(500);
    const cancelledAt = Date.now();
    cancel.abort();
    const result = await shop.play(run);
    assert.equal(result.ending.outcome, 'cancelled');
    assert.ok(Date.now() - cancelledAt <= 7_500, `it took ${Date.now() - cancelledAt} ms`);
    await shop.pass(60_000);
    assert.deepEqual(
      [shop.versions(), shop.serving(), readRecord(shop.set.tags)?.state],
      ['1.0.0 1.0.0 1.0.0 1.0.0', 4, 'stopped'],
    );
  });

  it('goes on through more stages than models are allowed, and says when the model could not be put back', async () => {
    shop = openShop({ set: { capacity: 12 } });
    const said: boolean[] = [];
    for (let count = 1; count <= 11; count += 1) {
      const tools = shop.tools();
      const nodes = { kind: 'count', count, text: String(count) } as const;
      const { ending } = await upgrade(shop.v2, { nodes }, tools);
      assert.equal(ending.outcome, 'completed', ending.reason);
      said.push(tools.lines.some((line) => line.includes('the model could not be put back and still names 2.0.0')));
      assert.equal(readRecord(shop.set.tags)?.state, 'waiting');
      assert.equal(shop.modelVersion(), said.at(-1) ? '2.0.0' : '1.0.0');
    }
    assert.deepEqual(said.lastIndexOf(false), 7, 'nine models are referred to then, and each stage needs another two');
    const last = await upgrade(shop.v2);
    assert.deepEqual([last.ending.outcome, readRecord(shop.set.tags)?.state], ['completed', 'whole']);
  });

  it('goes on with its second stage where the first brought a tenth image', async () => {
    shop = openShop({ set: { capacity: 10 } });
    for (const [index, node] of instancesOf(shop.world, shop.set).entries())
      node.image = { ...node.image, reference: { id: shop.v1.replace('1.0.0', `0.${Math.max(1, index)}.0`) } };
    const first = await upgrade(shop.v2, { nodes: { kind: 'ids', ids: ['0'], text: 'ids:0' } });
    assert.equal(first.ending.outcome, 'completed', first.ending.reason);
    assert.equal(new Set(shop.versions().split(' ')).size, 10);
    const second = await upgrade(shop.v2);
    assert.deepEqual([second.ending.outcome, readRecord(shop.set.tags)?.state], ['completed', 'whole']);
  });

  const twoStops = {
    drain,
    bakeMs: 120_000,
    checkpoints: [
      { kind: 'count', count: 1 },
      { kind: 'percent', percent: 50 },
    ],
  } as const;

  it('waits at each checkpoint whether its nodes stay well, and keeps in the record which are passed', async () => {
    shop = openShop();
    const tools = shop.tools();
    const { ending } = await upgrade(shop.v2, twoStops, tools);
    assert.equal(ending.outcome, 'completed', ending.reason);
    const passed = tools.observer.events.filter(({ what }) => what === 'pass');
    assert.deepEqual(
      passed.map(({ text }) => text),
      ['checkpoint 1: 1 node ready for 120 s, going on', 'checkpoint 2: 2 nodes ready for 120 s, going on'],
    );
    assert.deepEqual([readRecord(shop.set.tags)?.checkpoints, readRecord(shop.set.tags)?.passed], [[1, 2], 2]);
  });

  it('does not wait again at a checkpoint that a run before it has passed', async () => {
    shop = openShop();
    const first = shop.tools({ dies: { onCall: 'PUT …/virtualMachines/1/runCommands/', applied: true } });
    await shop.play(Promise.race([upgradeNodes(request(shop.v2, twoStops), first), first.died]));
    assert.equal(readRecord(shop.set.tags)?.passed, 1);
    const second = shop.tools({ attempt: '1.2' });
    await upgrade(shop.v2, twoStops, second);
    const passed = second.observer.events.filter(({ what }) => what === 'pass');
    assert.deepEqual(
      passed.map(({ text }) => text.slice(0, 12)),
      ['checkpoint 2'],
    );
  });

  it('halts at a checkpoint when a node falls sick and does not recover', async () => {
    let sick = false;
    shop = openShop({
      machines: {
        health: ({ disk }, now) => (sick && disk.content === '2.0.0' ? { state: 'unhealthy', since: now } : undefined),
      },
    });
    setTimeout(() => {
      sick = true;
    }, 240_000);
    const { ending } = await upgrade(shop.v2, twoStops);
    assert.deepEqual([ending.outcome, shop.versions()], ['halted', '2.0.0 1.0.0 1.0.0 1.0.0']);
  });

  /** A bake of half an hour where ten minutes may go by without progress; nodes on the image are sick at these times. */
  const bake = (isSick: (ms: number) => boolean) => {
    let begin = 0;
    shop = openShop({
      machines: {
        health: ({ disk }, now) =>
          isSick(now - begin) && disk.content === '2.0.0' ? { state: 'unhealthy', since: now } : undefined,
      },
    });
    begin = Date.now();
    const limits = { ...request(shop.v2).limits, nodeHealthTimeoutMs: 300_000, progressDeadlineMs: 600_000 };
    return upgrade(shop.v2, { drain, limits, checkpoints: [{ kind: 'count', count: 1 }], bakeMs: 1_800_000 });
  };

  it('lets a node fall sick for a moment of a bake that is longer than the progress deadline', async () => {
    const { ending } = await bake((ms) => ms > 1_500_000 && ms < 1_560_000);
    assert.deepEqual([ending.outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], ending.reason);
  });

  it('halts where a node goes on falling sick while it bakes', async () => {
    const { ending } = await bake((ms) => ms > 240_000 && ms % 240_000 < 60_000);
    assert.deepEqual([ending.outcome, shop.versions()], ['halted', '2.0.0 1.0.0 1.0.0 1.0.0'], ending.reason);
    assert.match(ending.reason, /^no node became ready for 6\d\d s: /);
  });

  it('starts nothing while a node that was healthy on the image is not any more, and goes on when it is', async () => {
    let sick = false;
    shop = openShop({
      set: { capacity: 8 },
      machines: {
        health: ({ id, disk }, now) =>
          sick && disk.content === '2.0.0' && id.endsWith('/0') ? { state: 'unhealthy', since: now } : undefined,
      },
    });
    let recoveredAt = 0;
    const begun: number[] = [];
    shop.world.observers.push(({ method, url }) => {
      if (method === 'PUT' && url.pathname.includes('/runCommands/')) begun.push(Date.now());
    });
    const became = Date.now() + 260_000;
    setTimeout(() => (sick = true), 260_000);
    setTimeout(() => {
      sick = false;
      recoveredAt = Date.now();
    }, 500_000);
    const tools = shop.tools();
    const { ending } = await upgrade(shop.v2, { drain, maxUnavailable: { kind: 'count', count: 2 } }, tools);
    assert.equal(ending.outcome, 'completed', ending.reason);
    const meanwhile = begun.filter((at) => at > became + 12_000 && at < recoveredAt);
    assert.deepEqual(meanwhile, [], tools.lines.join('\n'));
    assert.ok(
      tools.lines.some((line) => line.includes('shop_0 to recover on 2.0.0, where it was healthy before: nothing new')),
      tools.lines.join('\n'),
    );
    assert.ok((begun.at(-1) ?? 0) > recoveredAt, 'something was left to do');
  });

  it('stops at a clean point when its time is up, and goes on when it is run again', async () => {
    shop = openShop();
    guard(shop.world, shop.set, shop.v2, 3);
    const first = await upgrade(shop.v2, { drain, jobDeadlineMs: 200_000 });
    assert.deepEqual(
      [first.ending.outcome, first.ending.reason],
      ['incomplete', 'the time of jobDeadline is over: 2 nodes ready, 2 to go'],
    );
    assert.deepEqual(
      [shop.versions(), shop.modelVersion(), shop.serving(), readRecord(shop.set.tags)?.state],
      ['2.0.0 2.0.0 1.0.0 1.0.0', '1.0.0', 4, 'stopped'],
    );
    const second = await upgrade(shop.v2, { drain, jobDeadlineMs: 600_000 });
    assert.deepEqual([second.ending.outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0']);
  });

  it('brings the nodes of a zone, also when it is killed and the zone has grown meanwhile', async () => {
    shop = openShop({ set: { capacity: 6 } });
    guard(shop.world, shop.set, shop.v2, 5);
    const zone = { kind: 'zone', zone: '2', text: 'zone:2' } as const;
    const dead = shop.tools({ dies: { onCall: 'POST …/manualupgrade', applied: true } });
    await shop.play(Promise.race([upgradeNodes(request(shop.v2, { drain, nodes: zone }), dead), dead.died]));
    const [first] = instancesOf(shop.world, shop.set);
    assert.ok(first);
    Object.assign(first, { zone: '2' }); // as if a node of another number had come to this zone
    const { ending } = await upgrade(shop.v2, { drain, nodes: zone }, shop.tools({ attempt: '1.2' }));
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.equal(shop.versions(), '1.0.0 2.0.0 1.0.0 1.0.0 2.0.0 1.0.0');
    const record = readRecord(shop.set.tags);
    assert.deepEqual([record?.state, record?.wanted, record?.chosen], ['waiting', 2, ['1', '4']]);
    const rest = await upgrade(shop.v2, { drain });
    assert.deepEqual([rest.ending.outcome, readRecord(shop.set.tags)?.chosen], ['completed', undefined]);
  });

  it('goes on when another attempt of the same run takes over', async () => {
    shop = openShop();
    const first = shop.tools({ dies: { atCall: 30, applied: true } });
    await shop.play(Promise.race([upgradeNodes(request(shop.v2, { drain }), first), first.died]));
    const result = await upgrade(shop.v2, { drain }, shop.tools({ attempt: '1.2' }));
    assert.deepEqual([result.ending.outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0']);
  });

  it('keeps its limit when another stage follows one that was killed in mid-drain', async () => {
    shop = openShop();
    guard(shop.world, shop.set, shop.v2, 3);
    const dead = shop.tools({ dies: { onCall: 'PUT …/runCommands/', applied: true } });
    await shop.play(Promise.race([upgradeNodes(request(shop.v2, canary), dead), dead.died]));
    await shop.pass(30_000);
    const result = await upgrade(shop.v2, { drain }, shop.tools({ attempt: '1.2' }));
    assert.deepEqual([result.ending.outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0']);
  });

  it('puts back into service what a run drained that was killed, also a node that was sick before', async () => {
    let isSick = true;
    const health = ({ id }: { id: string }, since: number) =>
      isSick && id.endsWith('/0') ? ({ state: 'unhealthy', since } as const) : undefined;
    shop = openShop({ machines: { health } });
    const dead = shop.tools({ dies: { onCall: 'POST …/manualupgrade', applied: false } });
    await shop.play(Promise.race([upgradeNodes(request(shop.v2, { drain }), dead), dead.died]));
    assert.equal(shop.drained.size, 1);
    const last = { kind: 'ids', ids: ['3'], text: 'ids:3' } as const;
    const { ending } = await upgrade(shop.v2, { drain, nodes: last }, shop.tools({ attempt: '1.2' }));
    assert.deepEqual([ending.outcome, shop.versions()], ['completed', '1.0.0 1.0.0 1.0.0 2.0.0'], ending.reason);
    isSick = false;
    assert.deepEqual([shop.drained.size, shop.serving()], [0, 4]);
  });

  it('stops at once when it finds another owner in the record', async () => {
    shop = openShop();
    const run = upgradeNodes(request(shop.v2, { drain }), shop.tools());
    run.catch(() => {});
    while (shop.world.compute.runCommands.size === 0) await shop.pass(500);
    const record = readRecord(shop.set.tags);
    assert.ok(record);
    shop.set.tags = writeRecord(shop.set.tags, { ...record, owner: { ...record.owner, token: 'someone else' } });
    await assert.rejects(shop.play(run), { code: 'OwnershipLost' });
    assert.equal(readRecord(shop.set.tags)?.owner.token, 'someone else');
  });

  it('takes no further node once another run has the record', async () => {
    shop = openShop();
    const taken: string[] = [];
    shop.world.observers.push(({ method, url }) => {
      const isStart =
        url.pathname.endsWith('/manualupgrade') || (method === 'PUT' && /\/runCommands\//.test(url.pathname));
      if (isStart) taken.push(url.pathname);
      const record = readRecord(shop.set.tags);
      if (record && url.pathname.endsWith('/manualupgrade'))
        shop.set.tags = writeRecord(shop.set.tags, { ...record, owner: { ...record.owner, token: 'someone else' } });
    });
    await assert.rejects(upgrade(shop.v2, { drain }), { code: 'OwnershipLost' });
    assert.equal(taken.length, 2, 'the drain and the upgrade of the first node');
  });

  interface Refusal {
    readonly title: string;
    readonly code: string;
    readonly shop?: Parameters<typeof openShop>[0];
    readonly prepare?: (shop: Shop) => unknown;
    readonly target?: (shop: Shop) => string;
    readonly changes?: Partial<UpgradeRequest>;
  }
  const refusals: readonly Refusal[] = [
    {
      title: 'an upgrade policy that rolls by itself',
      code: 'UpgradePolicyWouldRoll',
      shop: { set: { upgradeMode: 'Automatic' } },
    },
    { title: 'a rolling upgrade policy', code: 'UpgradePolicyWouldRoll', shop: { set: { upgradeMode: 'Rolling' } } },
    {
      title: 'automatic OS upgrades',
      code: 'AutomaticOsUpgradeOn',
      prepare: ({ set }) => {
        const automaticOSUpgradePolicy = { enableAutomaticOSUpgrade: true };
        set.properties = { ...set.properties, upgradePolicy: { mode: 'Manual', automaticOSUpgradePolicy } };
      },
    },
    {
      title: 'a set with Flexible orchestration',
      code: 'FlexibleNotSupported',
      shop: { set: { orchestration: 'Flexible' } },
    },
    { title: 'a set without a health source', code: 'NoHealthSource', shop: { set: { health: 'none' } } },
    {
      title: 'an image that does not exist',
      code: 'ImageVersionNotFound',
      target: (s) => s.v2.replace('2.0.0', '9.9.9'),
    },
    { title: 'an image that is not in the region', code: 'ImageVersionNotInRegion', target: (s) => s.elsewhere },
    {
      title: 'an image of another system',
      code: 'ImageOsMismatch',
      prepare: ({ world }) => {
        for (const { properties } of world.compute.definitions.values())
          Object.assign(properties, { osType: 'Windows' });
      },
    },
    {
      title: 'a set whose image is whatever version is the latest',
      code: 'StableImageNotConcrete',
      prepare: ({ set, v1 }) => {
        const latest = JSON.stringify(set.properties).replaceAll(v1, v1.replace('/versions/1.0.0', ''));
        set.properties = JSON.parse(latest) as typeof set.properties;
      },
    },
    { title: 'a set of AKS', code: 'SetManagedByService', shop: { set: { tags: { 'aks-managed-poolName': 'pool' } } } },
    { title: 'a set that is not there', code: 'ScaleSetNotFound', prepare: (s) => s.world.compute.scaleSets.clear() },
    {
      title: 'a model that somebody else changed in mid-rollout',
      code: 'ModelChangedByOthers',
      prepare: async (s) => {
        await s.play(upgradeNodes(request(s.v2, canary), s.tools()));
        await s.play(
          s.tools().azure.compute.virtualMachineScaleSets.update('web', 'shop', {
            virtualMachineProfile: { storageProfile: { imageReference: { id: s.v3 } } },
          }),
        );
      },
    },
    {
      title: 'a node that is not there',
      code: 'NodesNotFound',
      changes: { nodes: { kind: 'ids', ids: ['1', '77'], text: 'ids:1,77' } },
    },
    {
      title: 'an eleventh model',
      code: 'TooManyModels',
      shop: { set: { capacity: 10 } },
      prepare: (s) => {
        for (const [index, node] of instancesOf(s.world, s.set).entries())
          node.image = { ...node.image, reference: { id: s.v1.replace('1.0.0', `0.${index}.0`) } };
      },
    },
    {
      title: 'another image while a rollout is open',
      code: 'AnotherRolloutOpen',
      prepare: (s) => s.play(upgradeNodes(request(s.v2, canary), s.tools())),
      target: (s) => s.v3,
    },
    {
      title: 'a rollout that another run holds',
      code: 'RolloutHeldByAnotherRun',
      prepare: async (s) => {
        const dead = s.tools({ run: 'run-0', dies: { atCall: 30, applied: true } });
        await s.play(Promise.race([upgradeNodes(request(s.v2, { drain }), dead), dead.died]));
        await s.pass(600_000);
      },
    },
  ];
  for (const { title, code, shop: options, prepare, target, changes } of refusals) {
    it(`refuses ${title}, and changes nothing`, async () => {
      shop = openShop(options);
      await prepare?.(shop);
      const before = shop.fingerprint();
      await assert.rejects(upgrade(target?.(shop) ?? shop.v2, { drain, ...changes }), { name: 'Failure', code });
      assert.equal(shop.fingerprint(), before);
    });
  }
});
