import { type Concurrency, concurrencies, type SizeName, sizes } from './cases.ts';
import type { Measured } from './measure.ts';

/** Mean and 95th percentile of makespan over its bound. */
export interface Ratio {
  readonly mean: number;
  readonly p95: number;
}

/** What comes out for one size. */
export interface Figures {
  readonly name: SizeName;
  readonly seeds: number;
  readonly engine: Readonly<Record<Concurrency, Ratio>>;
  readonly ideal: Ratio;
  readonly barrier: Ratio;
  readonly zoned: Ratio;
  readonly azure: Ratio;
  /** Mean minutes from the first call to the last node ready. */
  readonly minutes: Readonly<Record<Concurrency | 'bound' | 'barrier' | 'zoned' | 'azure', number>>;
  readonly callsPerNode: Readonly<Record<Concurrency, number>>;
  readonly throttled: number;
}

export function figuresOf(name: SizeName, all: readonly Measured[]): Figures {
  const over = (of: (one: Measured) => number) => ratio(all.map((one) => of(one) / one.bound));
  const minutes = (of: (one: Measured) => number) => mean(all.map(of)) / 60_000;
  const { nodes } = sizes[name];
  return {
    name,
    seeds: all.length,
    engine: each((concurrency) => over(({ engine }) => engine[concurrency].makespanMs)),
    ideal: over(({ ideal }) => ideal),
    barrier: over(({ barrier }) => barrier),
    zoned: over(({ zoned }) => zoned),
    azure: ratio(all.map(({ azure, azureBound }) => azure / azureBound)),
    minutes: {
      ...each((concurrency) => minutes(({ engine }) => engine[concurrency].makespanMs)),
      bound: minutes(({ bound }) => bound),
      barrier: minutes(({ barrier }) => barrier),
      zoned: minutes(({ zoned }) => zoned),
      azure: minutes(({ azure }) => azure),
    },
    callsPerNode: each((concurrency) => mean(all.map(({ engine }) => callsOf(engine[concurrency]) / nodes))),
    throttled: sum(
      all.flatMap(({ engine }) => concurrencies.map((concurrency) => engine[concurrency].calls.throttled)),
    ),
  };
}

const each = <Value>(of: (concurrency: Concurrency) => Value) =>
  Object.fromEntries(concurrencies.map((concurrency) => [concurrency, of(concurrency)])) as Record<Concurrency, Value>;

const callsOf = ({ calls: { list, read, write, poll } }: Measured['engine']['overlap']) => list + read + write + poll;

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;

/** Of 1, 2, … 20 the 95th percentile is 19. */
export function ratio(values: readonly number[]): Ratio {
  const sorted = values.toSorted((one, other) => one - other);
  return { mean: mean(values), p95: sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN };
}
