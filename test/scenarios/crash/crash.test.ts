import assert from 'node:assert/strict';
import { inBackground } from '../../support/background.ts';
import { openPool, type ProcessPool } from '../../support/process-pool.ts';
import { type Cell, tell } from './story.ts';

/** What becomes of a failure is asked only when there is one: with a good image both settings tell one story. */
const settingsFor = (image: Cell['image']) =>
  image === 'good' ? (['stop'] as const) : (['stop', 'rollback'] as const);

const inTurn: readonly Cell[] = (['overlap', 'startConflict', 'exclusive'] as const).flatMap((concurrency) =>
  (['rolling', 'canary', 'checkpoints'] as const).flatMap((strategy) =>
    (['good', 'neverHealthy', 'breaksOne'] as const).flatMap((image) =>
      settingsFor(image).map((onFailure): Cell => ({ strategy, image, onFailure, concurrency })),
    ),
  ),
);

/** Where another run goes on, it is one story more: what it does then is the same. */
const cells: readonly Cell[] = [
  ...inTurn,
  // Halted, and then all the way back: protection is lifted and given back on either.
  { strategy: 'protected', image: 'neverHealthy', onFailure: 'rollback', concurrency: 'startConflict' },
  { strategy: 'rolling', image: 'good', onFailure: 'stop', concurrency: 'overlap', follows: 'anotherRun' },
  { strategy: 'force', image: 'good', onFailure: 'stop', concurrency: 'overlap' },
  { strategy: 'lostCanary', image: 'good', onFailure: 'stop', concurrency: 'overlap' },
];

/** Calls and crashes: with fewer a cell no longer tests what it says. About nineteen of twenty that there are. */
type Least = Partial<Record<`${Cell['image']}, ${Cell['onFailure']}`, readonly [calls: number, crashes: number]>>;
const least: Readonly<Record<Cell['strategy'], Least>> = {
  rolling: {
    'good, stop': [140, 164],
    'neverHealthy, stop': [82, 95],
    'neverHealthy, rollback': [152, 174],
    'breaksOne, stop': [87, 100],
    'breaksOne, rollback': [166, 190],
  },
  canary: {
    'good, stop': [184, 213],
    'neverHealthy, stop': [82, 95],
    'neverHealthy, rollback': [152, 174],
    'breaksOne, stop': [87, 100],
    'breaksOne, rollback': [166, 190],
  },
  checkpoints: {
    'good, stop': [157, 182],
    'neverHealthy, stop': [77, 88],
    'neverHealthy, rollback': [136, 155],
    'breaksOne, stop': [96, 111],
    'breaksOne, rollback': [175, 201],
  },
  protected: { 'neverHealthy, rollback': [168, 198] },
  force: { 'good, stop': [133, 155] },
  lostCanary: { 'good, stop': [200, 232] },
};

interface Answer {
  readonly crashes?: number;
  readonly problem?: string;
}

describe('killed at every call, a rollout ends as if it had not been', function () {
  this.timeout(900_000);
  let pool: ProcessPool<Cell, Answer> | undefined;
  const allAnswers = inBackground(this, async () => {
    pool = openPool<Cell, Answer>(new URL('./worker.ts', import.meta.url));
    const { run } = pool;
    return new Map(cells.map((cell) => [cell, run(cell)]));
  });
  const total = { cells: 0, calls: 0, crashes: 0 };

  before(allAnswers);
  after(() => {
    pool?.close();
    console.log(`      ${total.cells} of ${cells.length} cells, ${total.calls} calls, ${total.crashes} crashes`);
  });

  for (const strategy of ['rolling', 'canary', 'checkpoints'] as const)
    it(`${strategy} of a good image is one story whatever was to become of a failure`, async () => {
      const cell = { strategy, image: 'good', concurrency: 'overlap' } as const;
      assert.deepEqual(await tell({ ...cell, onFailure: 'stop' }), await tell({ ...cell, onFailure: 'rollback' }));
    });

  for (const cell of cells)
    it(Object.values(cell).join(', '), async () => {
      // Here too, where all traffic is held against Azure's own documents.
      const { calls, outcomes } = await tell(cell);
      const { crashes = 0, problem } = (await (await allAnswers()).get(cell)) ?? {};
      assert.equal(problem, undefined, problem);
      const [leastCalls, leastCrashes] = least[cell.strategy][`${cell.image}, ${cell.onFailure}`] ?? [0, 0];
      console.log(
        `      ${calls.length} calls (at least ${leastCalls}), ${crashes} crashes (at least ${leastCrashes}): ${outcomes.join(', then ')}`,
      );
      total.cells += 1;
      total.calls += calls.length;
      total.crashes += crashes;
      assert.ok(leastCalls > 0 && calls.length >= leastCalls && crashes >= leastCrashes, 'too few for what it says');
    });
});
