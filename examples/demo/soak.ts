import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cancelOnSignal } from './cancel.ts';
import { playDemo } from './demo.ts';
import { needRealMachines } from './privileges.ts';
import { report } from './report.ts';
import { tellLongStory } from './story.ts';
import { soakVerdict } from './verdict.ts';

/** `npm run soak:traffic -- --requests 5000`: the demo's fleet, upgraded again and again under the same visitors. */
const { values } = parseArgs({ options: { requests: { type: 'string', default: '5000' } } });
const requests = Number(values.requests);
if (!Number.isInteger(requests) || requests < 1) {
  console.error(`--requests is "${values.requests}": it must be a whole number from 1`);
  process.exit(64);
}
await needRealMachines();
const code = await soak();
// Node can wait for itself for ever when it ends while V8 is still compiling in the background (nodejs/node#54918).
await sleep(1_000);
process.exit(code);

async function soak(): Promise<number> {
  const say = (line: string) => console.log(line);
  const options = { approve: 'all', keep: false, drain: true, verbose: false } as const;
  const settings = { options, minReadySeconds: 5, nodeHealthTimeout: '60s', say, cancel: cancelOnSignal(say) };
  try {
    return await playDemo(settings, async (findings) => conclude(findings, say), tellLongStory(requests));
  } catch (error) {
    say(`** ${(error as Error).message}`);
    return 1;
  }
}

function conclude(findings: Parameters<typeof report>[0], say: (line: string) => void): number {
  const checks = soakVerdict(findings, requests);
  const problems = findings.traffic.flatMap(({ part, tally }) => tally.problems.map((why) => `  ${part}: ${why}`));
  say([`\n${report(findings)}`, ...problems, '\nExpected'].join('\n'));
  for (const { sentence, holds } of checks) say(`  ${holds ? 'yes' : 'NO '}  ${sentence}`);
  return checks.every(({ holds }) => holds) ? 0 : 1;
}
