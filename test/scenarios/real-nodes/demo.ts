import assert from 'node:assert/strict';
import { playDemo } from '../../examples/demo/demo.ts';
import { type Findings, report } from '../../examples/demo/report.ts';
import { verdict } from '../../examples/demo/verdict.ts';
import { requireRealMachines } from '../azure/machines/real/support.ts';

/** The story of `npm run demo`, with real Packer and real machines, and its control run; both at the same time. */
describe('the demo', function () {
  this.timeout(15 * 60_000);
  let runs: readonly [Run, Run];

  before(async function () {
    await requireRealMachines(this);
    runs = await Promise.all([play(true), play(false)]);
  });

  it('shows what it promises: nobody is cut off, the broken release stops at one node, the fleet is whole', () => {
    shows(runs[0], true);
    assert.match(runs[0].lines.join('\n'), /azure-arm/, 'real Packer says which builder it runs');
  });

  it('shows requests that break when nodes are not drained: the measure works', () => shows(runs[1], false));
});

interface Run {
  readonly findings: Findings;
  readonly lines: readonly string[];
}

async function play(drain: boolean): Promise<Run> {
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

function shows({ findings, lines }: Run, drained: boolean): void {
  const broken = verdict(findings, drained).filter(({ holds }) => !holds);
  const problems = findings.traffic.flatMap(({ part, tally }) => tally.problems.map((why) => `${part}: ${why}`));
  const story = [...lines.slice(-80), report(findings), ...(drained ? problems : [])].join('\n');
  assert.deepEqual(
    broken.map(({ sentence }) => sentence),
    [],
    story,
  );
}
