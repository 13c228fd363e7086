import assert from 'node:assert/strict';
import { playDemo } from '../../../examples/demo/demo.ts';
import { type Findings, report } from '../../../examples/demo/report.ts';
import { verdict } from '../../../examples/demo/verdict.ts';

/** What a demo found, and what it printed. */
export interface Run {
  readonly findings: Findings;
  readonly lines: readonly string[];
}

/** The story of `npm run demo`, with real Packer and real machines; without draining it is the control run. */
export async function play(drain: boolean): Promise<Run> {
  const lines: string[] = [];
  const options = { approve: 'all', keep: false, drain, verbose: false } as const;
  const cancel = new AbortController().signal;
  const settings = {
    options,
    minReadySeconds: 2,
    nodeHealthTimeout: '25s',
    say: (line: string) => lines.push(line),
    cancel,
  };
  return { findings: await playDemo(settings, async (findings) => findings), lines };
}

/** Everything that the demo promises has held. */
export function shows({ findings, lines }: Run, drained: boolean): void {
  const broken = verdict(findings, drained).filter(({ holds }) => !holds);
  const problems = findings.traffic.flatMap(({ part, tally }) => tally.problems.map((why) => `${part}: ${why}`));
  const story = [...lines.slice(-80), report(findings), ...(drained ? problems : [])].join('\n');
  assert.deepEqual(
    broken.map(({ sentence }) => sentence),
    [],
    story,
  );
}
