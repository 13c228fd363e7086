import assert from 'node:assert/strict';
import { concludePlan } from '../../tasks/common/execute/foresight/plan-task.ts';
import { tickMs } from '../../tasks/common/execute/pace.ts';
import { writeRecord } from '../../tasks/common/record/codec.ts';
import { type Forecast, totalCalls } from '../../tasks/common/report/forecast.ts';
import { foreseeUpgrade, upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import type { ScaleSetOptions } from '../azure/compute/builders.ts';
import type { Settings } from '../azure/core/settings.ts';
import { addAutoscaleSetting } from '../azure/index.ts';
import type { VirtualOptions } from '../azure/machines/virtual/options.ts';
import { listeningAgent } from '../support/listening-agent.ts';
import { protect } from '../support/protected-nodes.ts';
import { record as rolloutRecord } from '../support/rollout-record.ts';
import { watchRollout } from '../support/rollout-watch.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { manyNodes, request } from './upgrade-request.ts';

/** Machines that take as long as a plan assumes. */
const asAssumed: VirtualOptions = { reimageMs: 150_000, healthyAfterMs: 30_000 };
const six = { capacity: 6, zones: ['1', '2', '3'] };

/** What was made of writes, and which nodes were taken in which waves. */
function watch(shop: Shop) {
  const done = watchRollout(shop.world);
  return () => {
    const { waves, calls, tookMs, ...writes } = done();
    return { waves: waves.map(({ ids }) => ids), writes, calls, tookMs };
  };
}

const idsOf = ({ waves }: Forecast) => waves.map(({ nodes }) => nodes.map(({ id }) => id));

const promised = ({ calls: { reads: _reads, undrains: _undrains, ...writes } }: Forecast) => writes;

describe('a plan', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const foresee = (changes: Partial<UpgradeRequest> = {}, target = shop.v2) =>
    shop.play(foreseeUpgrade(request(target, changes), shop.tools()));

  const two = { kind: 'count', count: 2, text: '2' } as const;
  const third = { kind: 'percent', percent: 34 } as const;
  const rollouts: readonly {
    readonly title: string;
    readonly changes: Partial<UpgradeRequest>;
    readonly set?: Partial<ScaleSetOptions>;
  }[] = [
    { title: 'all nodes, one by one, drained', changes: { drain } },
    { title: 'all nodes, two at a time, drained', changes: { drain, maxUnavailable: two } },
    { title: 'all nodes, two at a time, not drained', changes: { maxUnavailable: third } },
    { title: 'a canary of two', changes: { drain, nodes: two } },
    { title: 'a canary beside repairs', changes: { drain, nodes: two }, set: { automaticRepairs: true } },
    {
      title: 'all of it with repairs, autoscale and a policy to switch',
      changes: { drain, maxUnavailable: two, autoscale: 'pause', upgradePolicy: 'switchToManual' },
      set: { automaticRepairs: true, upgradeMode: 'Rolling' },
    },
    { title: 'everything at once', changes: { drain, maxUnavailable: { kind: 'count', count: 6 } } },
  ];
  const settings: readonly Partial<Settings>[] = [
    {},
    { manualUpgradeConcurrency: 'startConflict' },
    { manualUpgradeConcurrency: 'exclusive' },
  ];
  for (const { title, changes, set } of rollouts)
    for (const setting of settings)
      it(`agrees with the rollout that follows: ${title} ${JSON.stringify(setting)}`, async () => {
        shop = openShop({ settings: setting, set: { ...six, ...set }, drainMs: 30_000, machines: asAssumed });
        addAutoscaleSetting(shop.world, { set: shop.set, minimum: 2, maximum: 9 });
        const { expected, longest, refusals } = await foresee(changes);
        assert.ok(expected && longest);
        const done = watch(shop);
        const { ending } = await shop.play(upgradeNodes(request(shop.v2, changes), shop.tools()));
        const seen = done();
        assert.deepEqual([expected.outcome, expected.reason, refusals], [ending.outcome, ending.reason, []]);
        assert.deepEqual([idsOf(expected), promised(expected)], [seen.waves, seen.writes]);
        const off = Math.abs(totalCalls(expected.calls) - seen.calls) / seen.calls;
        assert.ok(off <= 0.05, `${totalCalls(expected.calls)} calls were expected, ${seen.calls} were made`);
        const late = Math.abs(expected.tookMs - seen.tookMs) / seen.tookMs;
        assert.ok(late <= 0.05, `${expected.tookMs / 1000} s were expected, ${seen.tookMs / 1000} s it took`);
        assert.ok(longest.tookMs > seen.tookMs);
      });

  it('takes no node to be slower than the author lets it be, and says what it assumes', async () => {
    shop = openShop({ set: six, machines: { reimageMs: 20_000, healthyAfterMs: 5_000 } });
    const limits = { ...request('').limits, minReadyMs: 5_000, nodeHealthTimeoutMs: 60_000 };
    const foresight = await foresee({ limits });
    const { expected, assumed } = foresight;
    const until = 60_000 - 5_000 - 3 * tickMs(1);
    assert.deepEqual([expected?.outcome, (assumed?.diskMs ?? 0) + (assumed?.healthyMs ?? 0)], ['completed', until]);
    const { agent, said } = listeningAgent();
    concludePlan('shop', foresight, agent);
    assert.match(said.summary, new RegExp(`healthy on its new disk ${until / 1_000}s after`));
    const { ending } = await shop.play(upgradeNodes(request(shop.v2, { limits }), shop.tools()));
    assert.equal(ending.outcome, 'completed');
  });

  it('keeps order, writes and drains when nodes take times of their own', async () => {
    const drawn = (_: unknown, random: () => number) => 40_000 + 300_000 * random();
    shop = openShop({ set: { ...six, capacity: 12 }, machines: { reimageMs: drawn } });
    const { expected } = await foresee({ drain, maxUnavailable: two });
    assert.ok(expected);
    const done = watch(shop);
    await shop.play(upgradeNodes(request(shop.v2, { drain, maxUnavailable: two }), shop.tools()));
    const { waves, writes } = done();
    assert.deepEqual(waves.flat(), idsOf(expected).flat());
    const { upgrades: _foreseen, ...exact } = promised(expected);
    const { upgrades = 0, ...made } = writes;
    assert.deepEqual(made, exact);
    assert.ok(upgrades <= 12, 'one call a node at most');
  });

  it('agrees in the middle of a rollout too: after a canary, and after a run that was killed', async () => {
    for (const dies of [undefined, { onCall: 'POST …/manualupgrade', applied: true }] as const) {
      shop = openShop({ set: six, machines: asAssumed });
      const first = shop.tools({ ...(dies && { dies }) });
      const canary = upgradeNodes(request(shop.v2, { drain, nodes: two }), first);
      await shop.play(Promise.race([canary, first.died]));
      await shop.pass(240_000);
      const { expected } = await foresee({ drain });
      assert.ok(expected);
      const done = watch(shop);
      await shop.play(upgradeNodes(request(shop.v2, { drain }), shop.tools()));
      const seen = done();
      assert.deepEqual([idsOf(expected), promised(expected)], [seen.waves, seen.writes]);
      shop.close();
    }
  });

  it('changes nothing, and makes no call that could', async () => {
    shop = openShop();
    const methods = new Set<string>();
    shop.world.observers.push(({ method, url }) => {
      if (url.hostname.startsWith('management.')) methods.add(method);
    });
    const before = shop.fingerprint();
    await foresee({ drain });
    assert.deepEqual([shop.fingerprint(), [...methods]], [before, ['GET']]);
  });

  it('has nothing to do where everything is done', async () => {
    shop = openShop();
    await shop.play(upgradeNodes(request(shop.v2), shop.tools()));
    const { expected } = await foresee();
    assert.deepEqual([expected?.waves, expected?.calls.setWrites, expected?.reason], [[], 0, '4 nodes ready on 2.0.0']);
  });

  it('says that a run would not reach its end in time', async () => {
    shop = openShop({ set: { capacity: 150 } });
    const { expected } = await foresee();
    assert.equal(expected?.outcome, 'incomplete');
  });

  it('gathers all that stands in the way, and still plans', async () => {
    shop = openShop({ set: { upgradeMode: 'Rolling', health: 'none', tags: { 'aks-managed-poolName': 'pool' } } });
    const { refusals, expected } = await foresee({ drain }, shop.elsewhere);
    assert.deepEqual(
      refusals.map(({ code }) => code),
      ['SetManagedByService', 'UpgradePolicyWouldRoll', 'NoHealthSource', 'ImageVersionNotInRegion'],
    );
    assert.equal(expected?.waves.length, 4, 'the plan is for when the reasons are gone');
  });

  it('is refused like the upgrade where nothing can be read', async () => {
    shop = openShop();
    shop.world.compute.scaleSets.clear();
    const { refusals, plan } = await foresee();
    assert.deepEqual([refusals.map(({ code }) => code), plan], [['ScaleSetNotFound'], undefined]);
  });

  describe('as the task tells it', () => {
    it('succeeds with its waves, its numbers and what they are based on', async () => {
      shop = openShop({ set: six });
      const { agent, said } = listeningAgent();
      const conclusion = concludePlan('shop', await foresee({ drain, maxUnavailable: two }), agent);
      assert.deepEqual(conclusion, {
        result: 'succeeded',
        message: `Plan of the upgrade of shop to 2.0.0: 6 nodes in 3 waves, about 13m. Nothing stands in its way.`,
      });
      assert.deepEqual(said.outputs, { outcome: 'planned', previousImageId: shop.v1, newImageId: shop.v2 });
      assert.equal(said.lines[0], '00:16  wave 1   shop_0, shop_1');
      for (const part of [
        '| 1 | 00:16 | shop_0, shop_1 | 1, 2 |',
        '| Writes of the scale set | 3, of them 1 with another image for the model |',
        '| Upgrade calls | 3 (one a node at most) |',
        '| Models that nodes refer to | 1 by their images; at worst 2 when this ends, and Azure allows 10 |',
        'Assumed, not measured',
      ])
        assert.ok(said.summary.includes(part), `${part}\n---\n${said.summary}`);
    });

    it('says what it would pause', async () => {
      shop = openShop({ set: { ...six, automaticRepairs: true, upgradeMode: 'Automatic' } });
      addAutoscaleSetting(shop.world, { set: shop.set, name: 'scale', minimum: 2, maximum: 9 });
      const { agent, said } = listeningAgent();
      const changes = { drain, autoscale: 'pause', upgradePolicy: 'switchToManual' } as const;
      concludePlan('shop', await foresee(changes), agent);
      assert.ok(
        said.summary.includes(
          'Before the first node it would suspend automatic repairs, hold the number of nodes in autoscale setting scale, switch the upgrade policy from Automatic to Manual. When it ends',
        ),
        said.summary,
      );
      assert.ok(said.summary.includes('| Pauses, and putting back | 4 |'), said.summary);
    });

    describe('of protected nodes', () => {
      const lifts = 'Of 4 protected nodes it would lift the protection from actions of the set just before';
      const some = 'It may lift the protection from actions of the set of up to 1 of 4 protected nodes, of each';
      const givesBack =
        'It gives back the protection from actions of the set, where it is missing since an earlier run: instances 1, 2.';

      async function told(changes: Partial<UpgradeRequest>, owed: readonly string[] = []) {
        shop = openShop();
        protect(shop, ['0', '1', '2', '3']);
        if (owed.length > 0) {
          protect(shop, owed, false);
          const owing = { ...rolloutRecord, target: shop.v2, stable: shop.v1, paused: { protection: owed } };
          shop.set.tags = writeRecord(shop.set.tags, owing);
        }
        const { agent, said } = listeningAgent();
        const tools = shop.tools();
        const wish = request(shop.v2, { drain, plan: true, ...changes });
        concludePlan('shop', await shop.play(foreseeUpgrade(wish, tools)), agent);
        return { page: said.summary, log: tools.lines.join('\n') };
      }

      it('tells of all that a stage for all would take', async () => {
        const { page, log } = await told({ protectedNodes: 'replace' });
        assert.ok(page.includes(lifts), page);
        assert.match(log, /protected, and to be replaced all the same: instances 0, 1, 2, 3/);
      });

      it('tells of no more than a small stage takes', async () => {
        const { page, log } = await told({ protectedNodes: 'replace', nodes: manyNodes(1) });
        assert.ok(page.includes(some) && !page.includes('it would lift'), page);
        assert.match(log, /protected, and up to 1 of them may be replaced all the same: instances 0, 1, 2, 3/);
      });

      it('of named nodes tells of those', async () => {
        const { log } = await told({ protectedNodes: 'replace', nodes: { kind: 'ids', ids: ['1'], text: 'ids:1' } });
        assert.match(log, /protected, and to be replaced all the same: instances 1$/m);
      });

      it('that a dead run has left without it tells that it is given back, and lifts none', async () => {
        const { page, log } = await told({ protectedNodes: 'skip' }, ['1', '2']);
        assert.ok(page.includes(givesBack) && !/lift the protection/.test(page), page);
        assert.match(log, /protection is given back where it is missing since an earlier run: instances 1, 2$/m);
      });
    });

    it('fails with the first refusal, and shows all of them', async () => {
      shop = openShop({ set: { upgradeMode: 'Rolling', health: 'none' } });
      const { agent, said } = listeningAgent();
      const foresight = await foresee({ drain });
      assert.throws(() => concludePlan('shop', foresight, agent), { code: 'UpgradePolicyWouldRoll' });
      assert.match(said.summary, /refused for 2 reasons: UpgradePolicyWouldRoll, NoHealthSource/);
      assert.ok(said.lines.some((line) => line.startsWith('Also refused (NoHealthSource)')));
      assert.equal(said.outputs['outcome'], 'planned');
    });

    it('warns when the rollout would not come to its end', async () => {
      shop = openShop();
      await shop.play(upgradeNodes(request(shop.v3, { drain }), shop.tools()));
      const { agent, said } = listeningAgent();
      const { result, message } = concludePlan('shop', await foresee({ drain }, shop.v3), agent);
      assert.deepEqual([result, /it would end halted: 1 node failed/.test(message)], ['succeededWithIssues', true]);
      assert.match(said.summary, /It would not come to its end/);
    });
  });
});
