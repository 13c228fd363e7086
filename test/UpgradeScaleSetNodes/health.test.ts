import assert from 'node:assert/strict';
import { parseNodeUrl } from '../../tasks/common/health/node-url.ts';
import type { HealthSource } from '../../tasks/common/health/source.ts';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { foreseeUpgrade, upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import { guard, instancesOf } from '../support/fleet-guard.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const url = parseNodeUrl('http://:8080/healthz');
assert.ok(url);
const http: HealthSource = { kind: 'http', url };
const none: HealthSource = { kind: 'none' };

describe('who says whether a node is healthy', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const upgrade = (target: string, changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(Promise.race([upgradeNodes(request(target, { drain, ...changes }), tools), tools.died]));
  const ending = async (...of: Parameters<typeof upgrade>) => {
    const result = await upgrade(...of);
    assert.ok(result !== 'died');
    return result.ending;
  };

  const reports = [
    { title: 'an Application Health extension with rich states', health: 'application' },
    { title: 'an Application Health extension with two states', health: 'binary' },
    { title: 'the probe of its load balancer', health: 'balancer' },
  ] as const;
  for (const { title, health } of reports) {
    it(`azure: a good image goes all the way by ${title}`, async () => {
      shop = openShop({ set: { health } });
      guard(shop.world, shop.set, shop.v2, 3);
      const { outcome, reason } = await ending(shop.v2);
      assert.deepEqual([outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], reason);
    });

    it(`azure: a bad image stops at its first node by ${title}`, async () => {
      shop = openShop({ set: { health } });
      const { outcome, reason } = await ending(shop.v3);
      assert.deepEqual([outcome, shop.versions()], ['halted', '3.0.0 1.0.0 1.0.0 1.0.0']);
      assert.match(reason, /shop_0: unhealthy on 3\.0\.0/);
    });
  }

  it('azure: a node that is still initializing is waited for and has not failed', async () => {
    shop = openShop({ machines: { healthyAfterMs: 240_000 } });
    const tools = shop.tools();
    const { outcome } = await ending(shop.v2, { nodes: { kind: 'count', count: 1, text: '1' } }, tools);
    assert.equal(outcome, 'completed');
    assert.match(tools.lines.join('\n'), /waiting for shop_0 to become healthy on 2\.0\.0/);
  });

  it('azure: a set that reports nothing is refused, and the other sources are named', async () => {
    shop = openShop({ set: { health: 'none' } });
    const before = shop.fingerprint();
    await assert.rejects(upgrade(shop.v2), ({ code, hint }: { code: string; hint: string }) => {
      assert.equal(code, 'NoHealthSource');
      for (const word of ['http', 'none']) assert.match(hint, new RegExp(`\\b${word}\\b`));
      return true;
    });
    assert.equal(shop.fingerprint(), before);
  });

  it('http: a set that reports nothing is upgraded, its nodes asked one list a look', async () => {
    shop = openShop({ set: { health: 'none' } });
    let lists = 0;
    let looks = 0;
    shop.world.observers.push(({ url: { pathname } }) => {
      if (/\/networkInterfaces$/i.test(pathname)) lists += 1;
      if (/\/virtualMachines$/i.test(pathname)) looks += 1;
    });
    const asked: string[] = [];
    const tools = shop.tools();
    const { askStatus } = tools;
    const counting = {
      ...tools,
      askStatus(at: string, patienceMs: number) {
        asked.push(at);
        return askStatus(at, patienceMs);
      },
    };
    const { outcome, reason } = await ending(shop.v2, { health: http }, counting);
    assert.deepEqual([outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], reason);
    assert.equal(lists, looks);
    assert.deepEqual([...new Set(asked)].sort().slice(0, 2), [
      'http://10.0.0.4:8080/healthz',
      'http://10.0.0.5:8080/healthz',
    ]);
  });

  it('http: a bad image stops at its first node', async () => {
    shop = openShop({ set: { health: 'none' } });
    const { outcome, reason } = await ending(shop.v3, { health: http });
    assert.deepEqual([outcome, shop.versions()], ['halted', '3.0.0 1.0.0 1.0.0 1.0.0']);
    assert.match(reason, /shop_0: unhealthy on 3\.0\.0/);
  });

  it('http: a node that answers nobody is unknown, and unknown is not serving', async () => {
    shop = openShop({ set: { health: 'none' }, machines: { healthyAfterMs: 3_600_000 } });
    const { outcome, reason } = await ending(shop.v2, { health: http });
    assert.deepEqual([outcome, shop.versions()], ['halted', '2.0.0 1.0.0 1.0.0 1.0.0']);
    assert.match(reason, /shop_0: unknown on 2\.0\.0/);
  });

  it('http: what the set itself reports does not count', async () => {
    shop = openShop();
    const tools = { ...shop.tools(), askStatus: async () => 404 };
    const { outcome, reason } = await ending(shop.v2, { health: http }, tools);
    assert.equal(outcome, 'halted', reason);
    assert.match(reason, /shop_\d: unhealthy on 2\.0\.0/);
  });

  it('http: addresses that cannot be listed for a while are asked for again', async () => {
    shop = openShop({ set: { health: 'none' } });
    const run = upgrade(shop.v2, { health: http });
    setTimeout(
      () => shop.world.faults.add({ on: 'GET /networkInterfaces', times: 8, effect: 'none', reply: { status: 503 } }),
      60_000,
    );
    const result = await run;
    assert.ok(result !== 'died');
    assert.equal(result.ending.outcome, 'completed', result.ending.reason);
  });

  it('none: a node counts as soon as it runs, and that is said at the start and in the plan', async () => {
    shop = openShop({ set: { health: 'none' } });
    const tools = shop.tools();
    const { outcome } = await ending(shop.v3, { health: none }, tools);
    assert.deepEqual([outcome, shop.versions()], ['completed', '3.0.0 3.0.0 3.0.0 3.0.0']);
    assert.match(tools.lines.join('\n'), /healthSource none: a node counts as healthy as soon as it runs/);
  });

  it('none: an image whose machine does not come up still stops it', async () => {
    shop = openShop({
      set: { health: 'none' },
      machines: { behaviour: ({ disk }) => (disk.content === '2.0.0' ? 'breaks' : undefined) },
    });
    const { outcome } = await ending(shop.v2, { health: none });
    assert.deepEqual([outcome, shop.versions()], ['halted', '2.0.0 1.0.0 1.0.0 1.0.0']);
  });

  const idle = () => shop.drained.size;
  for (const health of [none, http])
    for (const [when, death] of [
      ['while a node drains', { onCall: 'GET …/runCommands/', applied: true }],
      ['once a node is drained', { onCall: 'DELETE …/runCommands/', applied: true }],
      ['before its new disk', { onCall: 'POST …/manualupgrade', applied: false }],
    ] as const) {
      it(`${health.kind}: killed ${when}, the next run ends as if nothing had been`, async () => {
        shop = openShop({ drainMs: 20_000 });
        guard(shop.world, shop.set, shop.v2, 3);
        assert.equal(await upgrade(shop.v2, { health }, shop.tools({ dies: death })), 'died');
        await shop.pass(60_000);
        const { outcome, reason } = await ending(shop.v2, { health }, shop.tools({ attempt: '1.2' }));
        assert.deepEqual([outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], reason);
        assert.deepEqual(
          [idle(), shop.world.compute.runCommands.size, readRecord(shop.set.tags)?.state],
          [0, 0, 'whole'],
        );
      });

      it(`${health.kind}: killed ${when}, a rollback puts the drained node back into service`, async () => {
        shop = openShop({ drainMs: 20_000 });
        assert.equal(await upgrade(shop.v2, { health }, shop.tools({ dies: death })), 'died');
        await shop.pass(60_000);
        const { target: _target, nodes: _nodes, ...options } = request('', { drain, health });
        const back = await shop.play(rollBack({ ...options, to: undefined }, shop.tools({ attempt: '1.2' })));
        await shop.pass(60_000);
        assert.deepEqual(
          [back.ending.outcome, shop.versions()],
          ['completed', '1.0.0 1.0.0 1.0.0 1.0.0'],
          back.ending.reason,
        );
        assert.deepEqual([idle(), shop.serving(), shop.world.compute.runCommands.size], [0, 4, 0]);
      });
    }

  it('none: a drained node that the next run leaves alone serves again before another is drained', async () => {
    shop = openShop({ drainMs: 20_000 });
    guard(shop.world, shop.set, shop.v2, 3);
    const dies = { onCall: 'DELETE …/runCommands/', applied: true };
    assert.equal(await upgrade(shop.v2, { health: none }, shop.tools({ dies })), 'died');
    await shop.pass(60_000);
    assert.equal(idle(), 1);
    const [first] = instancesOf(shop.world, shop.set);
    assert.ok(first);
    first.tags = { 'phoenix-leave-out': 'true' };
    const tools = shop.tools({ attempt: '1.2' });
    const { outcome, reason } = await ending(shop.v2, { health: none }, tools);
    assert.deepEqual([outcome, shop.versions(), idle()], ['completed', '1.0.0 2.0.0 2.0.0 2.0.0', 0], reason);
    assert.match(tools.lines.join('\n'), /may have drained any of 4 old nodes, and their health does not show it/);
  });
});

describe('a health script', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const health: HealthSource = { kind: 'script', script: 'is-it-well' };

  /** Machines that run drain scripts as ever, and the health script with the exit code of their image. */
  function open(
    options: Parameters<typeof openShop>[0] = {},
    exitCode: (content: string, id: string) => number = () => 0,
  ) {
    shop = openShop({ set: { health: 'none' }, ...options });
    const { machines } = shop.world;
    const run = machines.runScript.bind(machines);
    machines.runScript = (id, script, done) => {
      const content = [...shop.world.compute.instances.values()].find((one) => one.id.toLowerCase() === id)?.image.disk;
      const code = script.lines === 'is-it-well' ? exitCode(content?.content ?? '', id) : undefined;
      return run(id, script, (result) => done(code === undefined ? result : { ...result, exitCode: code }));
    };
    return shop;
  }
  const upgrade = (target: string, changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(Promise.race([upgradeNodes(request(target, { drain, health, ...changes }), tools), tools.died]));
  const ending = async (...of: Parameters<typeof upgrade>) => {
    const result = await upgrade(...of);
    assert.ok(result !== 'died');
    await shop.pass(60_000);
    return result.ending;
  };
  const left = () => [shop.world.compute.runCommands.size, shop.drained.size];

  it('runs on the nodes of the new image alone, and leaves nothing behind', async () => {
    open();
    const checked = new Set<string>();
    shop.world.observers.push(({ method, url: { pathname } }) => {
      if (method !== 'PUT' || !pathname.includes('phoenix-health-')) return;
      const id = /virtualMachines\/(\d+)/i.exec(pathname)?.[1] ?? '';
      const node = instancesOf(shop.world, shop.set).find((one) => one.id.endsWith(`/${id}`));
      assert.equal(node?.image.reference['id'], shop.v2);
      checked.add(id);
    });
    const { outcome, reason } = await ending(shop.v2);
    assert.deepEqual([outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], reason);
    assert.deepEqual(
      [[...checked].sort(), left()],
      [
        ['0', '1', '2', '3'],
        [0, 0],
      ],
    );
  });

  it('stops a rollout at its first node by its exit code, and leaves nothing behind', async () => {
    open({}, (content) => (content === '2.0.0' ? 3 : 0));
    const { outcome, reason } = await ending(shop.v2, { onFailure: 'rollback' });
    assert.deepEqual([outcome, shop.versions()], ['rolledBack', '1.0.0 1.0.0 1.0.0 1.0.0'], reason);
    assert.match(reason, /^1 node failed, the limit is 0: shop_0: unhealthy on 2\.0\.0/);
    assert.deepEqual(left(), [0, 0]);
  });

  it('is run again on a node that is ready, which may fall sick', async () => {
    let sick = false;
    open({}, () => (sick ? 1 : 0));
    const run = upgrade(shop.v2, { checkpoints: [{ kind: 'count', count: 1 }], bakeMs: 1_800_000 });
    setTimeout(() => {
      sick = true;
    }, 900_000);
    const result = await run;
    assert.ok(result !== 'died');
    assert.deepEqual(
      [result.ending.outcome, shop.versions()],
      ['halted', '2.0.0 1.0.0 1.0.0 1.0.0'],
      result.ending.reason,
    );
  });

  it('is run again, by one command a node, where Azure removes none', async () => {
    open({ settings: { runCommandDelete: 'fails' } });
    const checks: string[] = [];
    shop.world.observers.push(({ method, url: { pathname }, body }) => {
      if (method === 'PUT' && pathname.includes('/0/runCommands/phoenix-health-') && !body.includes('phoenix-emptied'))
        checks.push(pathname);
    });
    const { outcome, reason } = await ending(shop.v2, { limits: { ...request(shop.v2).limits, minReadyMs: 300_000 } });
    assert.deepEqual([outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], reason);
    assert.ok(checks.length >= 5, `${checks.length} checks`);
    assert.equal(new Set(checks).size, 1);
  });

  it('asks each instance for four writes a minute at most', async () => {
    open({}, (content) => (content === '2.0.0' ? 1 : 0));
    const writes: number[] = [];
    shop.world.observers.push(({ method, url: { pathname } }, { status }) => {
      assert.notEqual(status, 429);
      if (method !== 'GET' && pathname.includes('phoenix-health-')) writes.push(Date.now());
    });
    await ending(shop.v2);
    const inAnyMinute = writes.map((at) => writes.filter((other) => other >= at && other < at + 60_000).length);
    assert.ok(Math.max(...inAnyMinute) <= 4, JSON.stringify(inAnyMinute));
    assert.ok(writes.length > 10, `${writes.length} writes`);
  });

  it('may show on its node for as long as Azure takes to deliver it: the node serves all the same', async () => {
    open({ settings: { runCommandShowsUpdating: true, instanceWriteMs: 25_000 } });
    const { limits } = request('');
    const { outcome, reason } = await ending(shop.v2, { limits: { ...limits, minReadyMs: 150_000 } });
    assert.deepEqual([outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], reason);
    assert.deepEqual(left(), [0, 0]);
  });

  it('hides no work of Azure with a node that lasts', async () => {
    open();
    let at = 0;
    shop.world.observers.push(({ method, url: { pathname } }) => {
      const [node] = instancesOf(shop.world, shop.set);
      if (method !== 'PUT' || !pathname.includes('phoenix-health-') || !node || at > 0) return;
      at = Date.now();
      node.provisioningState = 'Updating';
    });
    const { limits } = request('');
    const { outcome, reason } = await ending(shop.v2, { limits: { ...limits, minReadyMs: 150_000 } });
    assert.deepEqual([outcome, shop.versions()], ['halted', '2.0.0 1.0.0 1.0.0 1.0.0']);
    assert.match(reason, /shop_0: unknown on 2\.0\.0/);
  });

  it('that says nothing in its time is a failed one', async () => {
    open();
    const { machines } = shop.world;
    const run = machines.runScript.bind(machines);
    machines.runScript = (id, script, done) =>
      run(id, script, (result) =>
        done(script.lines === 'is-it-well' ? { ...result, exitCode: 0, timedOut: true } : result),
      );
    const { outcome, reason } = await ending(shop.v2);
    assert.equal(outcome, 'halted', reason);
  });

  it('that cannot be started is said aloud and tried again', async () => {
    open();
    shop.world.faults.add({
      on: 'PUT …/phoenix-health-00000001-…',
      times: 3,
      effect: 'none',
      reply: { status: 409, body: { error: { code: 'Conflict', message: 'busy' } } },
    });
    const tools = shop.tools();
    const { outcome, reason } = await ending(shop.v2, {}, tools);
    assert.equal(outcome, 'completed', reason);
    assert.match(
      tools.lines.join('\n'),
      /a health check could not be made, it is tried again: Starting run command phoenix-health-/,
    );
  });

  const nodes = { kind: 'count', count: 1, text: '1' } as const;
  for (const replay of [true, false])
    for (const [when, death] of [
      ['as a check begins', { onCall: 'PUT …/phoenix-health-', applied: true }],
      ['as a check is read', { onCall: 'GET …/phoenix-health-', applied: true }],
      ['as a check is removed', { onCall: 'DELETE …/phoenix-health-', applied: false }],
    ] as const) {
      it(`killed ${when}, the next run takes away what it left (replayed: ${replay})`, async () => {
        open({ settings: { runCommandsReplayOnReimage: replay } });
        assert.equal(await upgrade(shop.v2, { nodes }, shop.tools({ dies: death })), 'died');
        await shop.pass(60_000);
        const { outcome, reason } = await ending(shop.v2, {}, shop.tools({ attempt: '1.2' }));
        assert.deepEqual([outcome, shop.versions(), left()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0', [0, 0]], reason);
      });

      it(`killed ${when}, what it left says nothing of the node's next disk (replayed: ${replay})`, async () => {
        open({ settings: { runCommandsReplayOnReimage: replay } }, (content) => (content === '2.0.0' ? 0 : 1));
        assert.equal(await upgrade(shop.v2, { nodes }, shop.tools({ dies: death })), 'died');
        await shop.pass(60_000);
        const { target: _target, nodes: _nodes, ...options } = request('', { drain, health });
        const back = await shop.play(rollBack({ ...options, to: undefined }, shop.tools({ attempt: '1.2' })));
        assert.equal(back.ending.outcome, 'halted', 'the script says that the old image is sick');
        await shop.pass(60_000);
        assert.deepEqual(left(), [0, 0]);
      });
    }

  it('is counted in a plan that agrees with the rollout', async () => {
    const asAssumed = { reimageMs: 150_000, healthyAfterMs: 30_000 };
    const probe = { protocol: 'http', port: 80, path: '/', intervalS: 5, numberOfProbes: 1 } as const;
    open({ machines: asAssumed, drainMs: 30_000 }, (_, id) => {
      let code = 1;
      shop.world.machines.probe(id, probe, (found) => {
        code = found === 'well' ? 0 : 1;
      });
      return code;
    });
    const { expected } = await shop.play(foreseeUpgrade(request(shop.v2, { drain, health }), shop.tools()));
    const seen = { checks: 0, checkEnds: 0 };
    shop.world.observers.push(({ method, url: { pathname } }) => {
      if (!pathname.includes('phoenix-health-')) return;
      if (method === 'PUT') seen.checks += 1;
      if (method === 'DELETE') seen.checkEnds += 1;
    });
    const { outcome } = await ending(shop.v2);
    assert.deepEqual([expected?.outcome, outcome], ['completed', 'completed']);
    const { checks = 0, checkEnds = 0 } = expected?.calls ?? {};
    assert.ok(Math.abs(checks - seen.checks) <= seen.checks / 4, `${checks} were planned, ${seen.checks} made`);
    assert.ok(checks >= 4 && checkEnds >= 4);
  });
});
