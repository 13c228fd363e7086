import { parseArgs } from 'node:util';
import { counted, playSeeds } from './play-seeds.ts';

/** `npm run soak -- --seeds 50000 --from 1`: random worlds for as long as one likes; a single seed tells its whole story. */
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' } },
});
const [seeds, from] = [values.seeds, values.from].map(Number) as [number, number];
if (!Number.isInteger(seeds) || !Number.isInteger(from) || seeds < 1) {
  console.error(`--seeds is "${values.seeds}" and --from is "${values.from}": both must be whole numbers`);
  process.exit(2);
}

const started = performance.now();
const played = await playSeeds(from, seeds, ({ problems }) => {
  for (const problem of problems) console.error(problem);
});
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(
  `seeds ${from} to ${from + seeds - 1}: ${counted(played)}, ${minutes} minutes, ${played.problems.length} failed`,
);
process.exit(played.problems.length > 0 ? 1 : 0);
