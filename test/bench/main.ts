import { parseArgs } from 'node:util';
import { mustsOf } from './musts.ts';
import { runBench } from './run-bench.ts';
import { checkTable, minutesTable, mustTable, ratioTable } from './tables.ts';

/** `npm run bench`, or with fewer seeds: `npm run bench -- --seeds 50`. Ends with 1 when a figure is missed. */
const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1000' } } });
const seeds = Number(values.seeds);
if (!Number.isInteger(seeds) || seeds < 1) {
  console.error(`--seeds is "${values.seeds}": it must be a whole number from 1`);
  process.exit(2);
}

const startedAt = performance.now();
const { figures, checks } = await runBench(seeds, (line) => console.error(line));
const musts = mustsOf(figures, checks);
const minutes = (performance.now() - startedAt) / 60_000;

console.log(`
Makespan over the bound max(Σt/c, max t): mean and, in brackets, 95th percentile of ${seeds} draws.

${ratioTable(figures)}

The same in minutes, means.

${minutesTable(figures)}

Some of the draws through the whole simulated Azure, with the real SDK.

${checkTable(checks)}

${mustTable(musts)}

${minutes.toFixed(1)} minutes of wall time.`);
process.exit(musts.every(({ holds }) => holds) ? 0 : 1);
