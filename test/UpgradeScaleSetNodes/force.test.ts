import assert from 'node:assert/strict';
import { concludePlan } from '../../tasks/common/execute/foresight/plan-task.ts';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { renewsProven, wayBackOf } from '../../tasks/common/record/record.ts';
import { actOnRecord } from '../../tasks/RollbackScaleSet/record-action.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { foreseeUpgrade, upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import type { Settings } from '../azure/core/settings.ts';
import { guard, instancesOf, type Tally } from '../support/fleet-guard.ts';
import { listeningAgent } from '../support/listening-agent.ts';
import { protect } from '../support/protected-nodes.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { manyNodes, request } from './upgrade-request.ts';

describe('upgradeNodes with force', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  /** Four nodes on the image that they are to be brought to. */
  const upgrade = (changes: Partial<UpgradeRequest> = {}, tools = shop.tools(), target = shop.v1) =>
    shop.play(upgradeNodes(request(target, { drain, force: true, ...changes }), tools));
  const calls = ({ writesByRoute }: Tally, route: string) => writesByRoute.get(`POST ${route}`) ?? 0;
  const state = () => readRecord(shop.set.tags)?.state;
  const renew = () => Object.values(readRecord(shop.set.tags)?.renew ?? { none: 'no list' });
  const bring = async (...ids: string[]) => {
    const { virtualMachineScaleSets: sets } = shop.tools().azure.compute;
    const image = (id: string) => ({ virtualMachineProfile: { storageProfile: { imageReference: { id } } } });
    await shop.play(sets.update('web', 'shop', image(shop.v2)));
    await shop.play(sets.updateInstances('web', 'shop', { instanceIds: ids }));
  };

  for (const settings of [
    { reimageRenamesDisk: true },
    { reimageRenamesDisk: true, imageShown: 'atEnd' },
    { reimageRenamesDisk: false },
    { reimageRenamesDisk: false, manualUpgradeConcurrency: 'exclusive' },
  ] as const satisfies readonly Partial<Settings>[])
    describe(`where Azure is ${JSON.stringify(settings)}`, () => {
      it('renews all nodes that run the image, one after the other, each once', async () => {
        shop = openShop({ settings });
        const tally = guard(shop.world, shop.set, shop.v1, 3);
        const { ending } = await upgrade();
        assert.equal(ending.outcome, 'completed', ending.reason);
        assert.deepEqual([shop.freshDisks(), shop.serving(), state()], ['1 1 1 1', 4, 'whole']);
        assert.deepEqual([calls(tally, 'reimage'), calls(tally, 'manualupgrade')], [4, 0]);
        assert.deepEqual(renew(), []);
      });

      it('renews one, then with the next stage the others', async () => {
        shop = openShop({ settings });
        await upgrade({ nodes: manyNodes(1) });
        assert.deepEqual([shop.freshDisks(), state()], ['1 0 0 0', 'waiting']);
        assert.deepEqual(renew().filter((print) => print === '****').length, 1);
        const second = await upgrade({}, shop.tools({ run: 'run-1', attempt: '1.2' }));
        assert.deepEqual([shop.freshDisks(), state()], ['1 1 1 1', 'whole'], second.ending.reason);
      });

      it('upgrades nodes that run something else beside those that it renews', async () => {
        shop = openShop({ settings });
        await bring('1', '3');
        const tally = guard(shop.world, shop.set, shop.v2, 2);
        const { ending } = await upgrade({ maxUnavailable: { kind: 'count', count: 2 } }, shop.tools(), shop.v2);
        assert.equal(ending.outcome, 'completed', ending.reason);
        assert.deepEqual([shop.versions(), shop.freshDisks()], ['2.0.0 2.0.0 2.0.0 2.0.0', '1 2 1 2']);
        assert.ok(calls(tally, 'reimage') > 0 && calls(tally, 'manualupgrade') > 0);
      });
    });

  it('renews a node once more when nobody could be asked what became of it, and its disk does not tell', async () => {
    shop = openShop({ settings: { reimageRenamesDisk: false } });
    const gone = { status: 404, body: { error: { code: 'NotFound', message: 'The entity was not found.' } } };
    const next = shop.world.faults.next.bind(shop.world.faults);
    let polls = 0;
    shop.world.faults.next = (call) =>
      shop.world.operations.size > 0 && isReimagePoll(call.url) && ++polls === 1
        ? { on: '', times: 1, effect: 'none', reply: gone }
        : next(call);
    const isReimagePoll = ({ pathname }: URL) => pathname.includes('/operations/') && reimaged();
    const reimaged = () => tally.writesByRoute.has('POST reimage');
    const tally = guard(shop.world, shop.set, shop.v1, 3);
    const { ending } = await upgrade();
    assert.deepEqual([ending.outcome, polls > 1], ['completed', true], ending.reason);
    assert.deepEqual([shop.freshDisks(), state()], ['2 1 1 1', 'whole']);
  });

  it('plans what it then does, and counts nodes to be renewed apart', async () => {
    shop = openShop();
    await bring('1');
    const wish = request(shop.v2, { force: true });
    const { refusals, expected } = await shop.play(foreseeUpgrade({ ...wish, plan: true }, shop.tools()));
    const tally = guard(shop.world, shop.set, shop.v2);
    await shop.play(upgradeNodes(wish, shop.tools()));
    assert.deepEqual(refusals, []);
    assert.deepEqual([expected?.calls.reimages, expected?.calls.upgrades], [1, 3]);
    assert.deepEqual([calls(tally, 'reimage'), calls(tally, 'manualupgrade')], [1, 3]);
    assert.deepEqual(
      expected?.waves
        .flatMap(({ nodes }) => nodes)
        .filter((node) => node.stale)
        .map(({ id }) => id),
      ['1'],
    );
  });

  it('speaks of no upgrade where nodes are only renewed', async () => {
    let isSick = false;
    shop = openShop({
      machines: { behaviour: ({ id }) => (isSick && id.endsWith('/0') ? 'never-healthy' : undefined) },
    });
    isSick = true;
    const tools = shop.tools();
    const busy = { error: { code: 'OperationNotAllowed', message: 'Another operation is in progress.' } };
    shop.world.faults.add({ on: 'POST /reimage', times: 1, effect: 'none', reply: { status: 409, body: busy } });
    const foresight = await shop.play(foreseeUpgrade(request(shop.v1, { drain, force: true }), tools));
    const { agent, said } = listeningAgent();
    concludePlan('shop', foresight, agent);
    assert.match(said.summary, /on its new disk 3m after Azure has accepted its replacement, and/);
    const { ending } = await upgrade({}, tools);
    assert.match(ending.reason, /shop_0: unhealthy on 1\.0\.0 600 s after Azure has accepted its replacement/);
    const log = tools.lines.join('\n');
    assert.match(log, /Azure takes no second call of this kind for this set now/);
    assert.doesNotMatch(log, /upgrade (call|was accepted)/);
  });

  it('counts those that it may renew, and apart those that it leaves alone', async () => {
    const said = async (protectedNodes: UpgradeRequest['protectedNodes']) => {
      shop = openShop();
      protect(shop, ['1', '2']);
      for (const instance of instancesOf(shop.world, shop.set))
        if (instance.instanceId === '3') instance.tags = { 'phoenix-leave-out': 'true' };
      const tools = shop.tools();
      await shop.play(foreseeUpgrade(request(shop.v1, { drain, force: true, protectedNodes }), tools));
      shop.close();
      return tools.lines.find((line) => line.includes('force:'))?.replace(/.*force: /, '');
    };
    assert.equal(
      await said('skip'),
      '1 of 4 nodes runs 1.0.0 already and is to get a fresh disk of it; 3 more are left alone',
    );
    for (const choice of ['wait', 'replace'] as const)
      assert.equal(
        await said(choice),
        '3 of 4 nodes run 1.0.0 already and are to get a fresh disk of it; 1 more is left alone',
      );
  });

  it('leaves a node alone that is protected', async () => {
    shop = openShop();
    for (const instance of instancesOf(shop.world, shop.set))
      if (instance.instanceId === '2')
        instance.protection = { protectFromScaleIn: false, protectFromScaleSetActions: true };
    const { ending } = await upgrade();
    assert.match(ending.reason, /shop_2 protected and left alone/);
    assert.deepEqual([shop.freshDisks(), state()], ['1 1 0 1', 'whole']);
  });

  it('of a finished rollout is another one, with the proven image and the way back as they were', async () => {
    shop = openShop();
    await upgrade({ force: false }, shop.tools(), shop.v2);
    const before = readRecord(shop.set.tags);
    const { ending, record } = await upgrade({}, shop.tools({ run: 'run-2' }), shop.v2);
    assert.equal(ending.outcome, 'completed');
    assert.equal(shop.freshDisks(), '2 2 2 2');
    assert.notEqual(record?.rolloutId, before?.rolloutId);
    assert.deepEqual([record?.stable, record?.previous], [shop.v2, shop.v1]);
  });

  it('is not done once more by a step of the same pipeline run, and by another run it is', async () => {
    shop = openShop();
    await upgrade({}, shop.tools({ run: 'run-1', attempt: '1.1' }));
    const before = shop.fingerprint();
    const again = shop.tools({ run: 'run-1', attempt: '2.1' });
    await upgrade({}, again);
    assert.equal(shop.fingerprint(), before);
    assert.ok(
      again.lines.some((line) => /this pipeline run has renewed the nodes already/.test(line)),
      again.lines.join('\n'),
    );
    await upgrade({}, shop.tools({ run: 'run-2' }));
    assert.equal(shop.freshDisks(), '2 2 2 2');
  });

  it('that was left away again changes nothing', async () => {
    shop = openShop();
    await upgrade();
    const before = shop.fingerprint();
    await upgrade({ force: false }, shop.tools({ run: 'run-2' }));
    assert.equal(shop.fingerprint(), before);
  });

  for (const [first, then] of [
    [true, false],
    [false, true],
  ] as const)
    it(`refuses force: ${then} in the middle of a rollout that began with ${first}`, async () => {
      shop = openShop();
      await upgrade({ force: first, nodes: manyNodes(1) }, shop.tools(), shop.v2);
      const before = shop.fingerprint();
      await assert.rejects(upgrade({ force: then }, shop.tools(), shop.v2), {
        code: 'ForceChangedMidway',
        message: new RegExp(`"force" is ${then}.*(begun without it|begun with force: true)`),
      });
      assert.equal(shop.fingerprint(), before);
    });

  it('halts at a node that does not come up again, also with onFailure: rollback, and goes on when it does', async () => {
    let breaks = false;
    shop = openShop({ machines: { behaviour: ({ id }) => (breaks && id.endsWith('/1') ? 'breaks' : undefined) } });
    breaks = true;
    const tools = shop.tools();
    const { ending } = await upgrade({ onFailure: 'rollback' }, tools);
    assert.deepEqual([ending.outcome, shop.freshDisks(), state()], ['halted', '0 1 0 0', 'halted']);
    assert.ok(
      tools.lines.some((line) => /is the proven image: a failure halts/.test(line)),
      tools.lines.join('\n'),
    );
    assert.ok(
      tools.lines.some((line) => /way back: none/.test(line)),
      tools.lines.join('\n'),
    );
    breaks = false;
    await shop.play(
      shop.tools().azure.compute.virtualMachineScaleSets.reimage('web', 'shop', {
        vmScaleSetReimageInput: { instanceIds: ['1'] },
      }),
    );
    const again = await upgrade();
    assert.deepEqual([again.ending.outcome, shop.freshDisks()], ['completed', '1 2 1 1']);
  });

  it('renews those that are named, and the others with the next stage', async () => {
    shop = openShop();
    await upgrade({ nodes: { kind: 'ids', ids: ['1', '3'], text: 'ids:1,3' } });
    assert.deepEqual([shop.freshDisks(), state()], ['0 1 0 1', 'waiting']);
    await upgrade();
    assert.deepEqual([shop.freshDisks(), state()], ['1 1 1 1', 'whole']);
  });

  it('judges renewed nodes by the author’s script, and asks it of no node that is still to be renewed', async () => {
    shop = openShop();
    const checked: string[] = [];
    shop.world.observers.push(({ method, url }) => {
      const [, id] = /virtualMachines\/(\d+)\/runCommands\/phoenix-health/.exec(url.pathname) ?? [];
      if (method === 'PUT' && id !== undefined) checked.push(id);
    });
    const { ending } = await upgrade({ nodes: manyNodes(1), health: { kind: 'script', script: 'true' } });
    assert.deepEqual([ending.outcome, shop.freshDisks(), [...new Set(checked)]], ['completed', '1 0 0 0', ['0']]);
  });

  for (const reimageRenamesDisk of [true, false])
    it(`looks a call up whose answer was lost${reimageRenamesDisk ? '' : ', and renews at most once more where disks keep their names'}`, async () => {
      for (const effect of ['applied', 'none'] as const) {
        shop = openShop({ settings: { reimageRenamesDisk } });
        shop.world.faults.add({ on: 'POST /reimage', times: 1, effect, reply: { status: 500, lost: true } });
        const { ending } = await upgrade({ nodes: manyNodes(1) });
        const [first] = shop.freshDisks().split(' ');
        assert.equal(ending.outcome, 'completed', ending.reason);
        assert.equal(first, effect === 'applied' && !reimageRenamesDisk ? '2' : '1', effect);
        shop.close();
      }
    });

  it('renews at most once more for each time that it is killed where disks keep their names', async () => {
    for (const applied of [true, false]) {
      shop = openShop({ settings: { reimageRenamesDisk: false } });
      const first = shop.tools({ dies: { onCall: 'POST …/reimage', applied } });
      const run = upgradeNodes(request(shop.v1, { drain, force: true }), first);
      assert.equal(await shop.play(Promise.race([run, first.died])), 'died');
      await shop.pass(200_000);
      const { ending } = await upgrade({}, shop.tools({ attempt: '1.2' }));
      assert.deepEqual([ending.outcome, shop.freshDisks()], ['completed', applied ? '2 1 1 1' : '1 1 1 1']);
      shop.close();
    }
  });

  it('is taken back with its step where an image fails that some nodes ran already', async () => {
    let breaks = false;
    shop = openShop({
      machines: { behaviour: ({ disk }) => (breaks && disk.content === '2.0.0' ? 'never-healthy' : undefined) },
    });
    await bring('1');
    breaks = true;
    const { ending } = await upgrade({ onFailure: 'rollback' }, shop.tools(), shop.v2);
    assert.equal(ending.outcome, 'rolledBack', ending.reason);
    const record = readRecord(shop.set.tags);
    assert.deepEqual(
      [shop.versions(), record?.state, record?.renew],
      ['1.0.0 1.0.0 1.0.0 1.0.0', 'rolledBack', undefined],
    );
  });

  const back = (to?: string) => {
    const { nodes: _nodes, target: _target, ...rest } = request('');
    return shop.play(rollBack({ ...rest, to, drain }, shop.tools({ run: 'run-2', attempt: '1.2' })));
  };
  /** Every node runs the second image, and a renewal of it is left open. */
  async function leaveOpen(): Promise<void> {
    shop = openShop();
    await upgrade({ force: false }, shop.tools(), shop.v2);
    await upgrade({ nodes: manyNodes(1) }, shop.tools({ run: 'run-2' }), shop.v2);
  }

  it('of the proven image is not taken back by a rollback: the fleet keeps its image, and the renewal is finished', async () => {
    await leaveOpen();
    const before = shop.fingerprint();
    await assert.rejects(back(), {
      code: 'NothingToRollBack',
      message: /nothing to take back: rollout .* \(waiting\) gives fresh disks of .*2\.0\.0, which is the proven image/,
      hint: /force: true.*recordAction: adopt.*"to"/,
    });
    assert.equal(shop.fingerprint(), before);
    const { ending } = await upgrade({}, shop.tools({ run: 'run-3' }), shop.v2);
    assert.deepEqual([ending.outcome, shop.freshDisks(), state()], ['completed', '2 2 2 2', 'whole']);
  });

  it('of the proven image is left for the image that a rollback is told, and renews nobody on the way', async () => {
    await leaveOpen();
    const { ending } = await back(shop.v1);
    assert.equal(ending.outcome, 'completed', ending.reason);
    assert.deepEqual([shop.versions(), shop.freshDisks()], ['1.0.0 1.0.0 1.0.0 1.0.0', '3 2 2 2']);
    assert.equal(readRecord(shop.set.tags)?.renew, undefined);
  });

  it('of the proven image is closed by adopting the fleet: then a rollback leads to the image before', async () => {
    await leaveOpen();
    const { nodes: _nodes, target: _target, ...rest } = request('');
    await shop.play(actOnRecord({ ...rest, action: 'adopt' }, shop.tools({ run: 'run-2', attempt: '1.2' })));
    const record = readRecord(shop.set.tags);
    assert.deepEqual([record?.state, record?.stable, record?.previous], ['whole', shop.v2, shop.v1]);
    assert.deepEqual([(await back()).ending.outcome, shop.versions()], ['completed', '1.0.0 1.0.0 1.0.0 1.0.0']);
  });

  it('of the proven image has no way back while it is open, and no hint names one', async () => {
    await leaveOpen();
    const shown = renewsProven(readRecord(shop.set.tags) ?? assert.fail('no record'));
    assert.deepEqual([shown, wayBackOf(readRecord(shop.set.tags) ?? assert.fail())], [true, shop.v2]);
    await assert.rejects(upgrade({ force: false }, shop.tools(), shop.v2), {
      code: 'ForceChangedMidway',
      hint: /recordAction: adopt.*There is nothing to take back/,
    });
  });

  it('is refused where the list of disks has no room in the tags, with what to do', async () => {
    const tags = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`own-${index}`, 'x']));
    shop = openShop({ set: { capacity: 400, tags } });
    await assert.rejects(upgrade(), {
      code: 'TooManyTags',
      message:
        /has 31 tags of its own; with the \d+ of the rollout record, 7 of them for the 400 disks that force renews, they would be 5\d/,
      hint: /Remove at least \d+ tags? .*as another version/,
    });
  });
});
