import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { asRoot, whyNoRealMachines } from '../../test/azure/machines/real/available.ts';

/** Goes on when this process may make real machines; starts itself again by `sudo -n` when that helps; else says why not. */
export async function needRealMachines(): Promise<void> {
  const reason = await whyNoRealMachines();
  if (reason === undefined) return;
  const [program, ...prefix] = (await asRoot()) ?? [];
  if (program === undefined || process.geteuid?.() === 0) {
    console.error(`The demo cannot run here: ${reason}.`);
    process.exit(1);
  }
  const again = spawn(program, [...prefix, process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
  });
  const [code] = (await once(again, 'exit')) as [number | null];
  process.exit(code ?? 1);
}
