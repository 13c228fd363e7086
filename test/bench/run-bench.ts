import { availableParallelism } from 'node:os';
import { openPool, type ProcessPool } from '../support/process-pool.ts';
import { concurrencies, type SizeName, sizeNames, sizes } from './cases.ts';
import type { CrossCheck } from './cross-check.ts';
import { type Figures, figuresOf } from './figures.ts';
import type { Answer, Job } from './worker.ts';

export interface Bench {
  readonly figures: readonly Figures[];
  readonly checks: readonly CrossCheck[];
}

const worker = new URL('./worker.ts', import.meta.url);

/** Seeds 1 to `seeds` of every size on the model fleet, then a few of them through the simulated Azure, on all cores. */
export async function runBench(seeds: number, heard: (line: string) => void): Promise<Bench> {
  const figures = await measureAll(seeds, heard);
  return { figures, checks: await checkAll(heard) };
}

async function measureAll(seeds: number, heard: (line: string) => void): Promise<readonly Figures[]> {
  const pool = openPool<Job, Answer>(worker);
  try {
    const figures: Figures[] = [];
    for (const name of sizeNames) {
      const measured = await measureSize(pool, name, seeds);
      figures.push(measured);
      heard(`${name}: ${seeds} draws, ${measured.engine.overlap.mean.toFixed(3)} of the bound where calls overlap`);
    }
    return figures;
  } finally {
    pool.close();
  }
}

/** Few at once, so that the cores end together. */
async function measureSize(pool: ProcessPool<Job, Answer>, name: SizeName, seeds: number): Promise<Figures> {
  const atOnce = 5;
  const starts = Array.from({ length: Math.ceil(seeds / atOnce) }, (_, index) => 1 + index * atOnce);
  const jobs = starts.map((from) => ({ kind: 'model', name, from, to: Math.min(from + atOnce, seeds + 1) }) as const);
  const answers = await Promise.all(jobs.map((job) => pool.run(job).then(wholeAnswer)));
  return figuresOf(
    name,
    answers.flatMap(({ measured }) => measured),
  );
}

/** Two draws of the small set, one of the others; each in a process of its own, so that its memory is its own. */
async function checkAll(heard: (line: string) => void): Promise<readonly CrossCheck[]> {
  const jobs = sizeNames.flatMap((name) =>
    concurrencies.flatMap((concurrency) =>
      (sizes[name].nodes > 20 ? [1] : [1, 2]).map((seed) => ({ kind: 'azure', name, concurrency, seed }) as const),
    ),
  );
  const checks: CrossCheck[] = [];
  const next = jobs.values();
  const playSome = async () => {
    for (const job of next) {
      checks.push(...(await checkAlone(job)));
      heard(`${job.name}, ${job.concurrency}: seed ${job.seed} played through the simulated Azure`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, playSome));
  const order = jobs.map(keyOf);
  return checks.toSorted((one, other) => order.indexOf(keyOf(one)) - order.indexOf(keyOf(other)));
}

const keyOf = ({ name, concurrency, seed }: Pick<CrossCheck, 'name' | 'concurrency' | 'seed'>) =>
  `${name} ${concurrency} ${seed}`;

async function checkAlone(job: Job): Promise<readonly CrossCheck[]> {
  const pool = openPool<Job, Answer>(worker, 1);
  return wholeAnswer(await pool.run(job).finally(() => pool.close())).checks;
}

function wholeAnswer(answer: Answer): Answer {
  if (answer.problem !== undefined) throw new Error(answer.problem);
  return answer;
}
