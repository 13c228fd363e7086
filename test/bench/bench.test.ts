import assert from 'node:assert/strict';
import { lowerBound } from './bound.ts';
import { Bucket } from './bucket.ts';
import { concurrencies, type SizeName } from './cases.ts';
import { crossCheck } from './cross-check.ts';
import { medianMs, nodeTimes } from './draws.ts';
import { type Figures, figuresOf, ratio } from './figures.ts';
import { measure } from './measure.ts';
import { type Must, mustsOf } from './musts.ts';
import { batchesWithBarrier, idealWindow, zoneByZone } from './shapes.ts';

describe('the bench', () => {
  it('knows the bound: the work shared out, or the longest node', () => {
    assert.equal(lowerBound([4, 3, 3, 2], 2), 6);
    assert.equal(lowerBound([9, 1, 1, 1], 2), 9);
  });

  const shapes = [
    { name: 'batches with a barrier', made: batchesWithBarrier([1, 5, 2, 2, 3], 2), takes: 5 + 2 + 3 },
    { name: 'batches zone by zone', made: zoneByZone([1, 5, 2, 2, 3, 4], 2, 3), takes: 2 + 5 + 4 },
    { name: 'batches that a zone does not fill', made: zoneByZone([1, 5, 2, 2], 4, 3), takes: 2 + 5 + 2 },
    { name: 'a window that slides', made: idealWindow([1, 5, 2, 2, 3], 2), takes: 8 },
  ];
  for (const { name, made, takes } of shapes) it(`knows ${name}`, () => assert.equal(made, takes));

  it('draws the same times for the same seed, with the median and spread that it names', () => {
    const times = nodeTimes(1, 20_000).toSorted((one, other) => one - other);
    assert.deepEqual(nodeTimes(1, 20_000).slice(0, 3), nodeTimes(1, 3));
    assert.notDeepEqual(nodeTimes(2, 3), nodeTimes(1, 3));
    const at = (share: number) => (times[Math.floor(share * times.length)] ?? 0) / medianMs;
    // A standard deviation of 0.5 puts e^0.5 = 1.65 at 84.1 %.
    assert.ok(Math.abs(at(0.5) - 1) < 0.02 && Math.abs(at(0.841) - 1.65) < 0.03, `${at(0.5)}, ${at(0.841)}`);
  });

  it('gives mean and 95th percentile', () =>
    assert.deepEqual(ratio(Array.from({ length: 20 }, (_, index) => 20 - index)), { mean: 10.5, p95: 19 }));

  it('counts a call as throttled once its bucket is empty, and not when it has refilled', () => {
    const bucket = new Bucket(10, 3);
    assert.deepEqual(
      [0, 0, 0, 0, 5_999, 6_000].map((now) => bucket.take(now)),
      [true, true, true, false, false, true],
    );
  });
});

const play = async (name: SizeName, seeds: readonly number[]): Promise<Figures> =>
  figuresOf(name, await Promise.all(seeds.map((seed) => measure(name, seed))));

const from1To = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const missed = (musts: readonly Must[]) => musts.filter(({ holds }) => !holds);

describe('the schedule of the engine, in simulated time', function () {
  this.timeout(180_000);

  it('meets every figure of the bench on its first seeds, within Azure’s buckets', async () => {
    const figures = [
      await play('20/4', from1To(6)),
      await play('100/10', from1To(6)),
      await play('1000/100', [1]),
      await play('1000/100, 400 a page', [1]),
    ];
    assert.deepEqual(missed(mustsOf(figures, [])), []);
    const told = figures.map(({ name, engine }) => `${name} ${engine.overlap.mean.toFixed(2)}`);
    console.log(`      makespan over the bound: ${told.join('; ')}`);
  });

  it('is never slower than batches with a barrier where calls may overlap, seed by seed', async () => {
    for (const seed of from1To(4)) {
      const { engine, barrier, zoned } = await measure('100/10', seed);
      assert.ok(engine.overlap.makespanMs < barrier && engine.startConflict.makespanMs < zoned, `seed ${seed}`);
    }
  });

  it('shares one list among all nodes: a look at a thousand costs a page each, and upgrades go many to a call', async () => {
    const { engine } = await measure('1000/100', 1);
    const { list, write } = engine.overlap.calls;
    assert.ok(list <= 500 && list % 10 === 0, `${list} pages`);
    assert.ok(write <= 50, `${write} writes for 1000 nodes`);
  });

  it('takes as long through the whole simulated Azure with the real SDK, whatever Azure’s concurrency is', async () => {
    for (const concurrency of concurrencies) {
      const check = await crossCheck('20/4', concurrency, 1);
      const figures = [await play('20/4', [1])];
      assert.deepEqual(missed(mustsOf(figures, [check])), []);
    }
  });
});

describe('the verdict of the bench', function () {
  this.timeout(60_000);

  it('says which figure is missed', async () => {
    const good = { ...(await play('100/10', [1])), azure: { mean: 2.5, p95: 3 } };
    const slow: Figures = { ...good, engine: { ...good.engine, startConflict: { mean: 1.17, p95: 1.2 } } };
    const refused: Figures = { ...good, throttled: 1 };
    const said = (figures: Figures) => missed(mustsOf([figures], [])).map(({ sentence }) => sentence);
    assert.deepEqual(said(good), []);
    assert.deepEqual(said(slow), ['100/10, startConflict: mean makespan at most 1.16 of the bound']);
    assert.deepEqual(said(refused), ['no call is answered with 429']);
  });

  it('holds the model against the simulated Azure', async () => {
    const check = await crossCheck('20/4', 'overlap', 3);
    const drifted = { ...check, azure: { ...check.azure, makespanMs: 1.03 * check.azure.makespanMs } };
    assert.equal(missed(mustsOf([], [check])).length, 0);
    assert.match(missed(mustsOf([], [drifted]))[0]?.sentence ?? '', /simulated Azure/);
  });
});
