import assert from 'node:assert/strict';
import { drawWorld } from './draw.ts';
import { counted } from './play-seeds.ts';
import { playWorld } from './play-world.ts';
import { seeds, seedsPlayed, wantSeeds } from './the-seeds.ts';

describe('in random worlds', () => {
  wantSeeds();

  it(`a rollout keeps every invariant and comes to its end, for seeds 1 to ${seeds}`, async () => {
    const played = await seedsPlayed();
    assert.equal(played.problems.length, 0, played.problems.join('\n\n'));
    console.log(`      ${counted(played)}`);
    for (const outcome of ['completed', 'halted', 'rolledBack'])
      assert.ok((played.outcomes[outcome] ?? 0) >= 20, `only ${played.outcomes[outcome] ?? 0} times ${outcome}`);
    assert.ok(played.deaths >= 200, `only ${played.deaths} deaths`);
  }).timeout(900_000);

  // Here, where all traffic is held against Azure's own documents.
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8])
    it(`a seed tells the same story twice: ${seed}`, async () => {
      assert.deepEqual(await playWorld(drawWorld(seed)), await playWorld(drawWorld(seed)));
    });
});
