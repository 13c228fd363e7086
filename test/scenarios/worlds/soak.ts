import { parseArgs } from 'node:util';
import { drawWorld } from './draw.ts';
import { counted, playSeeds } from './play-seeds.ts';
import { playWorld } from './play-world.ts';

/** `npm run soak -- --seeds 50000 --from 1`: random worlds for as long as one likes; a single seed tells its whole story. */
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' } },
});
const [seeds, from] = [values.seeds, values.from].map(Number) as [number, number];
if (!Number.isInteger(seeds) || !Number.isInteger(from) || seeds < 1) {
  console.error(`--seeds is "${values.seeds}" and --from is "${values.from}": both must be whole numbers`);
  process.exit(2);
}

if (seeds === 1) await tellStory(from);
else await soak(from, seeds);

async function tellStory(seed: number): Promise<void> {
  const plan = drawWorld(seed);
  console.log(plan);
  const played = await playWorld(plan, (lines) => console.log(lines.join('\n')));
  console.log(played);
  process.exit(0);
}

async function soak(first: number, many: number): Promise<void> {
  const started = performance.now();
  const played = await playSeeds(first, many, ({ problems }) => {
    for (const problem of problems) console.error(problem);
  });
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  console.log(
    `seeds ${first} to ${first + many - 1}: ${counted(played)}, ${minutes} minutes, ${played.problems.length} failed`,
  );
  process.exit(played.problems.length > 0 ? 1 : 0);
}
