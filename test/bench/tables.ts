import { type Concurrency, concurrencies, sizes } from './cases.ts';
import type { CrossCheck } from './cross-check.ts';
import type { Figures, Ratio } from './figures.ts';
import type { Must } from './musts.ts';

type Row = readonly (string | number)[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const shown = ({ mean, p95 }: Ratio) => `${mean.toFixed(2)} (${p95.toFixed(2)})`;

/** Makespan over the bound, beside the baselines on the same draws. */
export const ratioTable = (figures: readonly Figures[]): string =>
  table(
    ['nodes/slots', ...concurrencies, 'ideal window', 'barrier', 'barrier, zone by zone', "Azure's default"],
    figures.map(({ name, engine, ideal, barrier, zoned, azure }) => [
      name,
      ...[...concurrencies.map((concurrency) => engine[concurrency]), ideal, barrier, zoned, azure].map(shown),
    ]),
  );

export const minutesTable = (figures: readonly Figures[]): string =>
  table(
    ['nodes/slots', 'bound', ...concurrencies, 'barrier', 'barrier, zone by zone', "Azure's default"],
    figures.map(({ name, minutes: { bound, barrier, zoned, azure, ...engine } }) => [
      name,
      ...[bound, ...concurrencies.map((one: Concurrency) => engine[one]), barrier, zoned, azure].map((one) =>
        one.toFixed(0),
      ),
    ]),
  );

export const checkTable = (checks: readonly CrossCheck[]): string =>
  table(
    [
      'nodes/slots',
      'concurrency',
      'seed',
      'model',
      'simulated Azure',
      'calls a node',
      '429',
      'peak memory',
      'wall time',
    ],
    checks.map(({ name, concurrency, seed, model, azure }) => [
      name,
      concurrency,
      seed,
      `${model.makespanMs / 1_000} s`,
      `${azure.makespanMs / 1_000} s`,
      (azure.calls / sizes[name].nodes).toFixed(1),
      azure.throttled,
      `${azure.peakMb.toFixed(0)} MB`,
      `${(azure.wallMs / 1_000).toFixed(0)} s`,
    ]),
  );

export const mustTable = (musts: readonly Must[]): string =>
  table(
    ['must', 'measured', 'verdict'],
    musts.map(({ sentence, measured, holds }) => [sentence, measured, holds ? 'met' : 'MISSED']),
  );
