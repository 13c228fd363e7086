import { setTimeout as sleep } from 'node:timers/promises';
import { cancelOnSignal } from './cancel.ts';
import { playDemo } from './demo.ts';
import { keepRunning } from './keep.ts';
import { type Options, readOptions, usage } from './options.ts';
import { needRealMachines } from './privileges.ts';
import { report } from './report.ts';
import { verdict } from './verdict.ts';

/** `npm run demo`: the whole story on this machine. Exit code 0 means that everything was seen that was promised. */
const options = readOptions(process.argv.slice(2), process.stdin.isTTY === true);
if ('problem' in options) {
  console.error(`${options.problem}\n\n${usage}`);
  process.exit(64);
}
await needRealMachines();
const code = await demo(options);
// Node can wait for itself for ever when it ends while V8 is still compiling in the background (nodejs/node#54918).
await sleep(1_000);
process.exit(code);

async function demo(options: Options): Promise<number> {
  const say = (line: string) => console.log(line);
  const settings = { options, minReadySeconds: 5, nodeHealthTimeout: '25s', say, cancel: cancelOnSignal(say) };
  try {
    return await playDemo(settings, async (findings, rehearsal) => {
      const checks = verdict(findings, options.drain);
      say(`\n${report(findings)}\n\nExpected`);
      for (const { sentence, holds } of checks) say(`  ${holds ? 'yes' : 'NO '}  ${sentence}`);
      if (options.keep) await keepRunning(rehearsal, say, settings.cancel);
      return checks.every(({ holds }) => holds) ? 0 : 1;
    });
  } catch (error) {
    say(`** ${(error as Error).message}`);
    return 1;
  }
}
