import type { DryRunFinding } from './dry-run.ts';
import { percentile, requests, type Tally } from './traffic/tally.ts';

/** All that the demo has seen; the report and the verdict are made from this and nothing else. */
export interface Findings {
  readonly stages: readonly StageFinding[];
  readonly traffic: readonly TrafficFinding[];
  /** The fleet at the end. */
  readonly nodes: readonly NodeFinding[];
  /** Names of the nodes that ever had the broken version. */
  readonly nodesOnBrokenVersion: readonly string[];
  /** What was planned before an approval, and what then happened; one for each approval that was asked. */
  readonly dryRuns: readonly DryRunFinding[];
}

export interface StageFinding {
  readonly version: string;
  readonly name: string;
  readonly result: string;
  /** Its job for `on: failure` brought the nodes back. */
  readonly rolledBack: boolean;
  readonly seconds: number;
}

export interface TrafficFinding {
  readonly part: Part;
  readonly tally: Tally;
}

/** The parts of the story as far as the visitors of the shop are concerned. */
export type Part = 'before' | `baking ${string}` | `rollout of ${string}` | 'between releases';

export interface NodeFinding {
  readonly name: string;
  readonly version: string;
  readonly health: string;
}

/** The report as text: stages with times, nodes with versions, requests by version. */
export function report(findings: Findings): string {
  return [
    'Stages',
    ...columns(findings.stages.map(stageRow)),
    '',
    'Nodes at the end',
    nodeTable(findings.nodes),
    '',
    'Requests',
    ...columns(requestRows(findings.traffic)),
  ].join('\n');
}

const stageRow = ({ version, name, result, rolledBack, seconds }: StageFinding) => [
  version,
  name,
  clockText(seconds),
  rolledBack ? `${result}, rolled back` : result,
];

/** The fleet as text. */
export const nodeTable = (nodes: readonly NodeFinding[]): string =>
  columns(nodes.map(({ name, version, health }) => [name, version, health])).join('\n');

function requestRows(traffic: readonly TrafficFinding[]): string[][] {
  const versions = [...new Set(traffic.flatMap(({ tally }) => [...tally.answered.keys()]))].toSorted();
  const row = ({ part, tally }: TrafficFinding) => [
    part,
    String(requests(tally)),
    ...versions.map((version) => String(tally.answered.get(version) ?? 0)),
    String(tally.failed),
    String(tally.reset),
    `${Math.round(percentile(tally, 0.5))} ms`,
    `${Math.round(percentile(tally, 0.99))} ms`,
  ];
  return [['', 'sent', ...versions, 'failed', 'reset', 'p50', 'p99'], ...traffic.map(row)];
}

/** Rows as aligned text, two spaces in; columns of numbers to the right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const width = (index: number) => Math.max(...rows.map((row) => row[index]?.length ?? 0));
  const isNumeric = (index: number) => /^[\d.:]+( ms)?$/.test(rows.at(-1)?.[index] ?? '');
  const cell = (text: string, index: number) =>
    isNumeric(index) ? text.padStart(width(index)) : text.padEnd(width(index));
  return rows.map((row) => `  ${row.map(cell).join('  ')}`.trimEnd());
}

/** `1:05` for 65 seconds. */
export function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
