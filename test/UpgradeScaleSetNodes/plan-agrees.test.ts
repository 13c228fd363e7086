import assert from 'node:assert/strict';
import { lookAhead } from '../../tasks/common/execute/foresight/look-ahead.ts';
import { concludePlan } from '../../tasks/common/execute/foresight/plan-task.ts';
import type { RolloutResult } from '../../tasks/common/execute/rollout-plan.ts';
import type { Forecast } from '../../tasks/common/report/forecast.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { foreseeUpgrade, upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import type { ScaleSetOptions } from '../azure/compute/builders.ts';
import type { VirtualOptions } from '../azure/machines/virtual/options.ts';
import { instancesOf } from '../support/fleet-guard.ts';
import { listeningAgent } from '../support/listening-agent.ts';
import { protect } from '../support/protected-nodes.ts';
import type { ProcessTools } from '../support/rehearsal.ts';
import { type Seen, watchRollout } from '../support/rollout-watch.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

/** Machines that take as long as a plan assumes. */
const asAssumed: VirtualOptions = { reimageMs: 150_000, healthyAfterMs: 30_000 };

/** Everything is seen at looks: what is printed to the second can be off by the time between two of them. */
const tickMs = 6_000;

const count = (number: number) => ({ kind: 'count', count: number, text: String(number) }) as const;
const share = (percent: number) => ({ kind: 'percent', percent, text: `${percent}%` }) as const;

interface Fleet {
  readonly title: string;
  readonly set: Partial<ScaleSetOptions>;
  /** One upgrade after the other; the plan of each is held against what it did. */
  readonly stages: readonly Partial<UpgradeRequest>[];
  /** Ids of nodes that are protected. */
  readonly protected?: readonly string[];
}

const zones = ['1', '2', '3'];
const fleets: readonly Fleet[] = [
  {
    title: 'the four nodes of the demo, a canary and the rest',
    set: { capacity: 4 },
    stages: [{ nodes: count(1) }, {}],
  },
  { title: 'six nodes in three zones', set: { capacity: 6, zones }, stages: [{ maxUnavailable: count(2) }] },
  {
    title: 'twenty nodes with two checkpoints',
    set: { capacity: 20, zones },
    stages: [{ maxUnavailable: share(20), checkpoints: [count(2), share(50)], bakeMs: 120_000 }],
  },
  {
    title: 'six nodes, three of them protected and replaced all the same',
    set: { capacity: 6, zones },
    stages: [{ maxUnavailable: count(2), nodes: share(50), protectedNodes: 'replace' }, { protectedNodes: 'replace' }],
    protected: ['0', '1', '4'],
  },
  {
    title: 'half of seven nodes, then all',
    set: { capacity: 7, zones },
    stages: [{ nodes: share(50), maxUnavailable: count(2) }, { maxUnavailable: count(3) }],
  },
  {
    title: 'six nodes that are renewed when all of them run the image, a canary and the rest',
    set: { capacity: 6, zones },
    stages: [{}, { force: true, nodes: count(1) }, { force: true, maxUnavailable: count(2) }],
  },
];

describe('a plan that is printed', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  for (const { title, set, stages, protected: ids = [] } of fleets)
    it(`agrees in every number with the rollout that follows: ${title}`, async () => {
      shop = openShop({ set, drainMs: 30_000, machines: asAssumed });
      protect(shop, ids);
      for (const stage of stages) {
        const asked = request(shop.v2, { drain, ...stage });
        const printed = await print(asked);
        const images = new Set(instances().map(({ image }) => image.reference['id'])).size;
        const done = watchRollout(shop.world);
        await shop.play(upgradeNodes(asked, shop.tools()));
        const seen = done();
        compare(printed, seen, images);
        assert.ok(new Set(instances().map(({ model }) => model.number)).size <= images + seen.imageWrites);
      }
    });

  describe('and what the summary says of the next stage and of a rollback', () => {
    it('agrees with what they then do, by the times of the run before', async () => {
      for (const onward of ['next', 'back'] as const) {
        shop = openShop({ set: { capacity: 6, zones }, drainMs: 30_000, machines: asAssumed });
        protect(shop, ['0', '4']);
        const asked = { drain, nodes: share(50), maxUnavailable: count(2), protectedNodes: 'replace' } as const;
        const tools = shop.tools();
        const canary = await shop.play(upgradeNodes(request(shop.v2, asked), tools));
        const outlook = await outlookOf(canary, tools);
        const prospect = outlook?.[onward];
        assert.ok(prospect, JSON.stringify(outlook));
        const done = watchRollout(shop.world);
        const { nodes: _half, target: _target, checkpoints: _none, ...limits } = request(shop.v2, asked);
        await shop.play(
          onward === 'next'
            ? upgradeNodes(request(shop.v2, { ...asked, nodes: share(100) }), shop.tools())
            : rollBack({ ...limits, to: undefined }, shop.tools()),
        );
        sameForecast(prospect.forecast, done());
        shop.close();
      }
    });

    it('is left out where there is nothing to go on with, and told where it can not be worked out', async () => {
      shop = openShop({ machines: asAssumed });
      const tools = shop.tools();
      const all = await shop.play(upgradeNodes(request(shop.v2), tools));
      const whole = await outlookOf(all, tools);
      assert.deepEqual([whole?.next, whole?.back?.forecast.waves.length], [undefined, 4], 'the last stage');
      const broken = { ...all, plan: { ...all.plan, maxUnavailable: undefined as never } };
      assert.match((await outlookOf(broken, tools))?.trouble ?? '', /undefined/);
      const cancelled = { ...all, ending: { ...all.ending, outcome: 'cancelled' as const } };
      assert.equal(await outlookOf(cancelled, tools), undefined);
    });

    const outlookOf = (result: RolloutResult, { observer }: ProcessTools) =>
      lookAhead(result, observer.observed, Date.now());
  });

  const instances = () => instancesOf(shop.world, shop.set);

  async function print(asked: UpgradeRequest): Promise<Printed> {
    const { agent, said } = listeningAgent();
    const before = shop.fingerprint();
    concludePlan('shop', await shop.play(foreseeUpgrade(asked, shop.tools())), agent);
    assert.equal(shop.fingerprint(), before, 'a plan changes nothing');
    return read(said.summary);
  }

  /** Names and zones of nodes by their ids. */
  const namesOf = (ids: readonly string[]) => ids.map((id) => nodeOf(id).name).join(', ');
  const zonesOf = (ids: readonly string[]) => [...new Set(ids.map((id) => nodeOf(id).zone))].sort().join(', ');

  function nodeOf(id: string) {
    const found = instances().find(({ instanceId }) => instanceId === id);
    assert.ok(found, `no node ${id}`);
    return { name: `shop_${id}`, zone: found.zone ?? '-' };
  }

  /** Every row that is printed has to be named here: a number that nobody holds against Azure is none. */
  function compare({ waves, rows }: Printed, seen: Seen, images: number): void {
    const ids = seen.waves.flatMap((wave) => wave.ids);
    assert.deepEqual(
      waves.map(([, , names, where]) => [names, where]),
      seen.waves.map((wave) => [namesOf(wave.ids), zonesOf(wave.ids)]),
    );
    for (const [index, [number, after = '']] of waves.entries()) {
      assert.equal(number, String(index + 1));
      near(milliseconds(after), seen.waves[index]?.afterMs ?? 0, `wave ${number}`);
    }
    const wanted: Readonly<Record<string, string | ((text: string) => void)>> = {
      'Nodes to replace': `${ids.length} of ${instances().length}`,
      // With force all that is left was renewed: the stages before had brought everybody.
      'Of them on the image already, to be renewed': String(ids.length),
      Waves: String(seen.waves.length),
      'Writes of the scale set': `${seen.setWrites}, of them ${seen.imageWrites} with another image for the model`,
      'Upgrade calls': `${seen.upgrades} (one a node at most)`,
      'Reimage calls': `${seen.reimages} (one a node at most)`,
      Drains: `${seen.drains}, and ${seen.drainEnds} removals of their commands`,
      'Protection lifted, and given back': `${seen.protections} writes of nodes`,
      'Calls to Azure from the first write on': `about ${seen.calls}`,
      Time: (text) => near(milliseconds(text), seen.tookMs, 'time'),
      'Time at the longest': (text) => assert.ok(milliseconds(text) > seen.tookMs, text),
      'Models that nodes refer to': (text) =>
        assert.deepEqual(text.match(/\d+/g), [images, images + seen.imageWrites, 10].map(String)),
    };
    for (const [name, text] of rows) {
      const expected = wanted[name];
      assert.ok(expected !== undefined, `nobody holds "${name}" against what Azure counted`);
      if (typeof expected === 'string') assert.equal(text, expected, name);
      else expected(text);
    }
  }

  function sameForecast({ waves, calls, tookMs, outcome }: Forecast, seen: Seen): void {
    const { reads: _reads, undrains: _none, ...writes } = calls;
    const { waves: taken, calls: _calls, tookMs: took, ...made } = seen;
    assert.deepEqual(
      [outcome, waves.map(({ nodes }) => nodes.map(({ id }) => id)), writes],
      ['completed', taken.map(({ ids }) => ids), made],
    );
    near(tookMs, took, 'time, by times of a run whose machines were as quick');
  }
});

interface Printed {
  /** Rows of the table of waves. */
  readonly waves: readonly (readonly string[])[];
  /** Rows of the table of numbers. */
  readonly rows: ReadonlyMap<string, string>;
}

function read(summary: string): Printed {
  const cells = summary
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '));
  return {
    waves: cells.filter(([first = '']) => /^\d+$/.test(first)),
    rows: new Map(
      cells
        .filter((row) => row.length === 2)
        .slice(2)
        .map(([name = '', text = '']) => [name, text]),
    ),
  };
}

/** `about 13m`, `1h 4m 5s`, `02:16`. */
function milliseconds(text: string): number {
  const parts = [...text.matchAll(/(\d+)([hms])\b/g)];
  if (parts.length > 0)
    return parts.reduce((sum, [, number, unit]) => sum + Number(number) * 60 ** 'smh'.indexOf(unit ?? ''), 0) * 1_000;
  const [clock = ''] = /[\d:]+/.exec(text) ?? [];
  return clock.split(':').reduce((sum, part) => 60 * sum + Number(part), 0) * 1_000;
}

function near(planned: number, seen: number, what: string): void {
  assert.ok(Math.abs(planned - seen) <= tickMs, `${what}: ${planned / 1000} s planned, ${seen / 1000} s seen`);
}
