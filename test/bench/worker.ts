import type { Concurrency, SizeName } from './cases.ts';
import { type CrossCheck, crossCheck } from './cross-check.ts';
import { type Measured, measure } from './measure.ts';

/** Seeds `from` to below `to` on the model fleet, or one seed through the simulated Azure. */
export type Job =
  | { readonly kind: 'model'; readonly name: SizeName; readonly from: number; readonly to: number }
  | { readonly kind: 'azure'; readonly name: SizeName; readonly concurrency: Concurrency; readonly seed: number };

export interface Answer {
  readonly measured: readonly Measured[];
  readonly checks: readonly CrossCheck[];
  readonly problem?: string;
}

process.on('message', (job: Job) => {
  perform(job).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ measured: [], checks: [], problem: String((error as Error).stack) }),
  );
});

async function perform(job: Job): Promise<Answer> {
  if (job.kind === 'azure') return { measured: [], checks: [await crossCheck(job.name, job.concurrency, job.seed)] };
  const measured: Measured[] = [];
  for (let seed = job.from; seed < job.to; seed += 1) measured.push(await measure(job.name, seed));
  return { measured, checks: [] };
}
