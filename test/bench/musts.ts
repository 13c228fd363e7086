import type { SizeName } from './cases.ts';
import type { CrossCheck } from './cross-check.ts';
import type { Figures } from './figures.ts';

/** What has to come out, what came out, and whether that is enough. */
export interface Must {
  readonly sentence: string;
  readonly measured: string;
  readonly holds: boolean;
}

/** Where Azure takes a second call while the first is open. Where it does not, a barrier is Azure's, and no figure is asked. */
const sliding = ['overlap', 'startConflict'] as const;

/** Simulated Azure and model fleet may differ by this share of the makespan. */
const tolerance = 0.02;

export function mustsOf(figures: readonly Figures[], checks: readonly CrossCheck[]): readonly Must[] {
  return [
    ...atMost(figures, '100/10', 1.16),
    ...halfOfAzure(figures, '100/10'),
    ...atMost(figures, '1000/100', 1.42),
    ...atMost(figures, '1000/100, 400 a page', 1.3),
    noneThrottled(figures, checks),
    ...agreement(checks),
  ];
}

function atMost(figures: readonly Figures[], name: SizeName, most: number): readonly Must[] {
  return of(figures, name).flatMap(({ engine }) =>
    sliding.map((concurrency) => ({
      sentence: `${name}, ${concurrency}: mean makespan at most ${most.toFixed(2)} of the bound`,
      measured: engine[concurrency].mean.toFixed(3),
      holds: engine[concurrency].mean <= most,
    })),
  );
}

function halfOfAzure(figures: readonly Figures[], name: SizeName): readonly Must[] {
  return of(figures, name).flatMap(({ engine, azure }) =>
    sliding.map((concurrency) => ({
      sentence: `${name}, ${concurrency}: at most half of Azure's default shape, each over its own bound`,
      measured: `${engine[concurrency].mean.toFixed(3)} against ${azure.mean.toFixed(3)}`,
      holds: engine[concurrency].mean <= azure.mean / 2,
    })),
  );
}

const of = (figures: readonly Figures[], name: SizeName) => figures.filter((one) => one.name === name);

function noneThrottled(figures: readonly Figures[], checks: readonly CrossCheck[]): Must {
  const model = figures.reduce((sum, { throttled }) => sum + throttled, 0);
  const azure = checks.reduce((sum, check) => sum + check.azure.throttled, 0);
  return {
    sentence: 'no call is answered with 429',
    measured: `${model} of the model fleet, ${azure} of the simulated Azure`,
    holds: model + azure === 0,
  };
}

function agreement(checks: readonly CrossCheck[]): readonly Must[] {
  if (checks.length === 0) return [];
  const worst = Math.max(...checks.map(({ model, azure }) => Math.abs(azure.makespanMs / model.makespanMs - 1)));
  return [
    {
      sentence: `the same draws through the simulated Azure take as long, within ${tolerance * 100} %`,
      measured: `${(worst * 100).toFixed(2)} % at most`,
      holds: worst <= tolerance,
    },
  ];
}
