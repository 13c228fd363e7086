import assert from 'node:assert/strict';
import { putBackLeft } from '../../tasks/common/execute/ending/put-back-left.ts';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { leftPaused } from '../../tasks/common/report/paused-text.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import type { Call } from '../azure/core/http.ts';
import { instancesOf } from '../support/fleet-guard.ts';
import { protect, protectedNodes } from '../support/protected-nodes.ts';
import type { Death, ProcessTools } from '../support/rehearsal.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { manyNodes, request } from './upgrade-request.ts';

const replace = { drain, protectedNodes: 'replace' } as const;
const { nodes: _nodes, target: _target, ...back } = request('', { drain });
const takenOver = (tags: Readonly<Record<string, string>>) => ({ ...tags, 'phoenix-owner-token': 'of another run' });
const count = (many: number) => ({ kind: 'count', count: many }) as const;
const all = '2.0.0 2.0.0 2.0.0 2.0.0';

describe('protected nodes that are replaced', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  /** Nodes 0 and 2 are protected; what is written of them is kept. */
  function open(options: Parameters<typeof openShop>[0] = {}, ids: readonly string[] = ['0', '2']): Call[] {
    shop = openShop(options);
    protect(shop, ids);
    const writes: Call[] = [];
    shop.world.observers.push((call) => {
      if (isWrite(call)) writes.push(call);
    });
    return writes;
  }

  const isWrite = ({ method, url }: Call, id = '\\d+') =>
    method === 'PUT' && new RegExp(`/virtualMachines/${id}$`, 'i').test(url.pathname);
  /** `0 off, 0 on`: what was asked for of which node. */
  const told = (writes: readonly Call[]) =>
    writes
      .map(({ url, body }) => `${url.pathname.split('/').at(-1)} ${body.includes('Actions":true') ? 'on' : 'off'}`)
      .join(', ');
  const upgrade = (changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(upgradeNodes(request(shop.v2, { ...replace, ...changes }), tools));
  const lifted = () => readRecord(shop.set.tags)?.paused?.protection;
  const node = (id: string) => {
    const found = instancesOf(shop.world, shop.set).find(({ instanceId }) => instanceId === id);
    assert.ok(found);
    return found;
  };
  /** Does something once, right after the first write of this node. */
  function afterLift(id: string, act: () => void): void {
    let isDone = false;
    shop.world.observers.push((call) => {
      if (isDone || !isWrite(call, id)) return;
      isDone = true;
      setTimeout(act, 3_000);
    });
  }

  async function killedAt(dies: Death, changes: Partial<UpgradeRequest> = {}): Promise<ProcessTools> {
    const tools = shop.tools({ dies });
    const run = upgradeNodes(request(shop.v2, { ...replace, ...changes }), tools);
    assert.equal(await shop.play(Promise.race([run, tools.died])), 'died');
    await shop.pass(10_000);
    return tools;
  }
  const lifts: Death = { onCall: 'PUT …/virtualMachines/0?', applied: true };

  it('may be so many that lifting their protection takes longer than the progress deadline', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => String(index));
    const settings = { listPageSize: 1, manualUpgradeConcurrency: 'exclusive' } as const; // a look takes more than a minute
    open({ settings, set: { capacity: ids.length } }, ids);
    const { limits } = request('');
    const short = { ...limits, nodeHealthTimeoutMs: 540_000, progressDeadlineMs: 600_000 };
    const { ending } = await upgrade({ limits: short, maxUnavailable: count(ids.length) });
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.equal(protectedNodes(shop), ids.join(' '));
  });

  it('run the new image in the end, and each is protected again as soon as it does', async () => {
    const writes = open();
    const result = await upgrade();
    assert.deepEqual([result.ending.outcome, shop.versions()], ['completed', all]);
    assert.equal(told(writes), '0 off, 0 on, 2 off, 2 on');
    assert.deepEqual([protectedNodes(shop), lifted()], ['0 2', undefined]);
  });

  it('lose nothing else: protection from scale-in and tags stay, and each write names the etag that was read', async () => {
    const writes = open();
    node('0').tags = { team: 'blue' };
    await upgrade();
    for (const [index, isOn] of [false, true].entries()) {
      const { properties, tags } = JSON.parse(writes[index]?.body ?? '') as Record<string, unknown>;
      const protectionPolicy = { protectFromScaleIn: true, protectFromScaleSetActions: isOn };
      assert.deepEqual([properties, tags], [{ protectionPolicy }, { team: 'blue' }]);
    }
    assert.ok(writes.every(({ headers }) => /^"\d+"$/.test(headers['if-match'] ?? '')));
  });

  it('are drained before their protection is lifted', async () => {
    open();
    const tools = shop.tools();
    await upgrade({}, tools);
    const about = tools.lines.filter((line) => /shop_0/.test(line)).map((line) => line.split(/ +/)[1]);
    assert.deepEqual(about.slice(0, 5), ['drain', 'wait', 'drained', 'paused', 'replace']);
  });

  it('are written down before the first of them is lifted, those alone that the stage may take', async () => {
    open({}, ['0', '1', '2']);
    node('2').tags = { 'phoenix-leave-out': 'true' };
    let said: readonly string[] | undefined;
    shop.world.observers.push((call) => {
      if (isWrite(call)) said ??= lifted();
    });
    const nodes = { kind: 'ids', ids: ['0', '2', '3'], text: 'ids:0,2,3' } as const;
    await upgrade({ nodes });
    assert.deepEqual([said, shop.versions()], [['0'], '2.0.0 1.0.0 1.0.0 2.0.0']);
  });

  it('are replaced without a drain script too, and nobody says that they were drained', async () => {
    const writes = open();
    const { drain: _none, ...plain } = request(shop.v2, { ...replace, maxUnavailable: count(3) });
    const tools = shop.tools();
    const { ending } = await shop.play(upgradeNodes(plain, tools));
    assert.deepEqual([ending.outcome, shop.versions(), protectedNodes(shop)], ['completed', all, '0 2']);
    assert.equal(writes.length, 4);
    assert.doesNotMatch(tools.lines.join('\n'), /serves? nobody|did not start/);
  });

  it('get a fresh disk of their image with force, and are protected again', async () => {
    const writes = open();
    const before = ['0', '2'].map((id) => node(id).disksBefore);
    const { ending } = await upgrade({ target: shop.v1, force: true });
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.deepEqual(
      ['0', '2'].map((id) => node(id).disksBefore),
      before.map((many) => many + 1),
    );
    assert.deepEqual([told(writes), protectedNodes(shop), lifted()], ['0 off, 0 on, 2 off, 2 on', '0 2', undefined]);
  });

  it('are protected again when the rollout halts', async () => {
    open();
    const { ending } = await upgrade({ target: shop.v3 });
    assert.deepEqual([ending.outcome, shop.versions()], ['halted', '3.0.0 1.0.0 1.0.0 1.0.0']);
    assert.deepEqual([protectedNodes(shop), lifted()], ['0 2', undefined]);
  });

  it('go back as well where a failed rollout is taken back', async () => {
    open();
    const { ending } = await upgrade({ target: shop.v3, onFailure: 'rollback' });
    assert.deepEqual([ending.outcome, shop.versions()], ['rolledBack', '1.0.0 1.0.0 1.0.0 1.0.0']);
    assert.deepEqual([protectedNodes(shop), lifted()], ['0 2', undefined]);
  });

  it('are brought back by RollbackScaleSet where that replaces them too', async () => {
    open();
    await upgrade();
    await shop.play(rollBack({ ...back, to: undefined, protectedNodes: 'replace' }, shop.tools()));
    assert.deepEqual([shop.versions(), protectedNodes(shop)], ['1.0.0 1.0.0 1.0.0 1.0.0', '0 2']);
  });

  it('stay alone when they are protected only after the run began', async () => {
    const writes = open({}, ['0']);
    setTimeout(() => protect(shop, ['3']), 60_000);
    const { ending } = await upgrade();
    assert.match(ending.reason, /shop_3 protected and left alone/);
    assert.deepEqual([told(writes), protectedNodes(shop)], ['0 off, 0 on', '0 3']);
  });

  it('do not get back what somebody else has lifted', async () => {
    const writes = open();
    setTimeout(() => protect(shop, ['2'], false), 60_000);
    await upgrade();
    assert.deepEqual([told(writes), protectedNodes(shop), shop.versions()], ['0 off, 0 on', '0', all]);
  });

  it('are no trouble when they leave the set meanwhile', async () => {
    open();
    afterLift('0', () => {
      const { compute } = shop.tools().azure;
      void compute.virtualMachineScaleSets.deleteInstances('web', 'shop', { instanceIds: ['0'] });
    });
    const { ending } = await upgrade();
    assert.deepEqual([ending.outcome, protectedNodes(shop), lifted()], ['completed', '2', undefined]);
  });

  for (const effect of ['applied', 'none'] as const)
    it(`are looked at again when the answer to a write is lost, its effect ${effect}`, async () => {
      const writes = open();
      for (const id of ['0', '2']) shop.world.faults.add({ on: `PUT /virtualMachines/${id}`, times: 1, effect });
      const { ending } = await upgrade();
      assert.deepEqual([ending.outcome, shop.versions(), protectedNodes(shop)], ['completed', all, '0 2']);
      assert.equal(writes.length, effect === 'applied' ? 4 : 6);
    });

  it('wait for Azure where it takes no write now', async () => {
    open();
    const reply = { status: 409, body: { error: { code: 'Conflict', message: 'Not now.' } } };
    for (const id of ['0', '2'])
      shop.world.faults.add({ on: `PUT /virtualMachines/${id}`, times: 3, effect: 'none', reply });
    const { ending } = await upgrade();
    assert.deepEqual([ending.outcome, protectedNodes(shop), lifted()], ['completed', '0 2', undefined]);
  });

  describe('and cannot be written', () => {
    const refusal = { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'No write for you.' } } };
    const refuse = (times: number) =>
      shop.world.faults.add({ on: 'PUT /virtualMachines/0', times, effect: 'none', reply: refusal });

    it('stop the rollout, drained nodes serving again', async () => {
      open();
      refuse(1);
      const { ending } = await upgrade();
      await shop.pass(60_000);
      assert.match(ending.reason, /^Lifting the protection of instance 0 .*403 AuthorizationFailed/);
      assert.deepEqual([shop.serving(), protectedNodes(shop), lifted()], [4, '0 2', undefined]);
    });

    it('stay in the record and in the summary, and the next run gives their protection back', async () => {
      open();
      afterLift('0', () => refuse(100));
      const tools = shop.tools();
      const { ending, record } = await upgrade({}, tools);
      assert.deepEqual([ending.outcome, protectedNodes(shop), lifted()], ['completed', '2', ['0']]);
      assert.match(tools.lines.join('\n'), /not every protection could be given back, and the record says so: shop_0/);
      assert.match(leftPaused(record?.paused ?? {}, 'shop'), /instances 0 may be without protection/);
      shop.world.faults.next = () => undefined;
      await upgrade({ protectedNodes: 'skip' }, shop.tools({ attempt: '1.2' }));
      assert.deepEqual([protectedNodes(shop), lifted()], ['0 2', undefined]);
    });
  });

  it('are protected again when the record is gone in mid-rollout', async () => {
    open();
    afterLift('0', () => Object.assign(shop.set, { tags: { owner: 'terraform' } }));
    const { ending } = await upgrade();
    assert.equal(ending.failure?.code, 'RecordGone');
    assert.equal(protectedNodes(shop), '0 2');
  });

  it('are not written any more by a run that has lost the rollout', async () => {
    const writes = open();
    shop.world.observers.push(({ url }) => {
      if (url.pathname.endsWith('/manualupgrade')) Object.assign(shop.set, { tags: takenOver(shop.set.tags) });
    });
    await assert.rejects(upgrade(), { code: 'OwnershipLost' });
    assert.equal(told(writes), '0 off');
  });

  it('count as failed when they fail, and are protected again all the same', async () => {
    const behaviour = ({ id, disk }: { id: string; disk: { content: string } }) =>
      id.endsWith('/0') && disk.content === '2.0.0' ? ('breaks' as const) : undefined;
    open({ machines: { behaviour } });
    const { ending } = await upgrade();
    assert.match(ending.reason, /^1 node failed, the limit is 0: shop_0: /);
    assert.deepEqual([protectedNodes(shop), lifted()], ['0 2', undefined]);
  });

  describe('when the run is cancelled', () => {
    async function cancelled(changes: Partial<UpgradeRequest> = {}) {
      open();
      const cancel = new AbortController();
      const tools = shop.tools({ cancelled: cancel.signal });
      afterLift('0', () => cancel.abort());
      await upgrade(changes, tools);
      return tools;
    }

    it('are asked to be protected again, and stay in the record until that is seen', async () => {
      const tools = await cancelled();
      await shop.pass(20_000);
      assert.deepEqual(lifted(), ['0']);
      assert.deepEqual(tools.memory.left?.lifted, ['0']);
    });

    it('are protected again after the post-job step', async () => {
      const { memory } = await cancelled();
      assert.ok(memory.left);
      const ended = await shop.play(putBackLeft(memory.left, shop.tools({ memory })));
      assert.equal(ended.kind, 'back');
      assert.deepEqual([protectedNodes(shop), lifted()], ['0 2', undefined]);
    });
  });

  describe('when the run is killed with one of them lifted', () => {
    it('are protected again by the next run that replaces them', async () => {
      open();
      await killedAt(lifts);
      assert.deepEqual([protectedNodes(shop), lifted()], ['2', ['0', '2']]);
      await upgrade({}, shop.tools({ attempt: '1.2' }));
      assert.deepEqual([shop.versions(), protectedNodes(shop), lifted()], [all, '0 2', undefined]);
    });

    it('are protected again and left alone by the next run that skips them', async () => {
      open();
      await killedAt(lifts);
      await upgrade({ protectedNodes: 'skip', maxUnavailable: count(2) }, shop.tools({ attempt: '1.2' }));
      assert.deepEqual(
        [shop.versions(), protectedNodes(shop), lifted()],
        ['1.0.0 2.0.0 1.0.0 2.0.0', '0 2', undefined],
      );
    });

    it('are protected again by a rollback', async () => {
      open();
      await killedAt({ onCall: 'POST …/manualupgrade', applied: true });
      await shop.play(rollBack({ ...back, to: undefined }, shop.tools({ attempt: '1.2' })));
      assert.deepEqual([protectedNodes(shop), lifted()], ['0 2', undefined]);
    });

    it('are protected again by its post-job step, which gives back no more than was lifted', async () => {
      open();
      const { memory } = await killedAt(lifts);
      protect(shop, ['2'], false); // somebody else's doing
      assert.ok(memory.left);
      await shop.play(putBackLeft(memory.left, shop.tools({ memory })));
      assert.deepEqual([protectedNodes(shop), lifted(), memory.left], ['0', undefined, undefined]);
    });

    it('are protected again by its post-job step, also when the record is gone since', async () => {
      open();
      const { memory } = await killedAt(lifts);
      Object.assign(shop.set, { tags: { owner: 'terraform' } });
      assert.ok(memory.left);
      const { reason } = await shop.play(putBackLeft(memory.left, shop.tools({ memory })));
      assert.match(reason, /protection that the step had lifted is given back/);
      assert.equal(protectedNodes(shop), '0 2');
    });
  });

  for (const protectionMakesOwnModel of [true, false])
    it(`have no drift of their own by that: through a canary, the rest and a rollback, own model ${protectionMakesOwnModel}`, async () => {
      open({ settings: { protectionMakesOwnModel } });
      for (const id of ['0', '2']) Object.assign(node(id), { ownModel: protectionMakesOwnModel });
      const canary = await upgrade({ nodes: manyNodes(2) });
      const rest = await upgrade();
      const way = await shop.play(rollBack({ ...back, to: undefined, protectedNodes: 'replace' }, shop.tools()));
      assert.deepEqual(
        [canary, rest, way].map(({ ending }) => ending.outcome),
        ['completed', 'completed', 'completed'],
      );
      assert.deepEqual([shop.versions(), protectedNodes(shop)], ['1.0.0 1.0.0 1.0.0 1.0.0', '0 2']);
    });
});
