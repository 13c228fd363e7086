import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { approvals } from './approval.ts';
import { signInAsCustomer } from './customer.ts';
import { installExtension } from './extension.ts';
import type { Options } from './options.ts';
import { type Rehearsal, startRehearsal } from './rehearsal.ts';
import { type Findings, nodeTable } from './report.ts';
import { nodesOf, tellStory } from './story.ts';

const longestCloseMs = 120_000;

export interface DemoSettings {
  readonly options: Options;
  readonly minReadySeconds: number;
  readonly nodeHealthTimeout: string;
  readonly say: (line: string) => void;
  readonly cancel: AbortSignal;
}

/** Sets everything up, tells the story (the demo's own, unless it is given another), hands over what was seen while all of it still runs, and takes it all away. */
export async function playDemo<T>(
  settings: DemoSettings,
  end: (findings: Findings, rehearsal: Rehearsal) => Promise<T>,
  tell = tellStory,
): Promise<T> {
  const { options, say } = settings;
  const folder = await mkdtemp(join(tmpdir(), 'phoenix-demo-'));
  try {
    const taskFolder = await installExtension(join(folder, 'extension'));
    say('** Azure on this machine: sign-in, Resource Manager, real machines');
    const rehearsal = await startRehearsal();
    try {
      const workFolder = join(folder, 'work');
      const ask = approvals(settings, () => fleetNow(rehearsal));
      const { drain, verbose } = options;
      const findings = await tell({
        ...settings,
        rehearsal,
        taskFolder,
        workFolder,
        approvals: ask,
        drain,
        verbose,
      });
      return await end(findings, rehearsal);
    } finally {
      await takenAway(rehearsal);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whatever hangs, the demo ends, and says so. */
async function takenAway(rehearsal: Rehearsal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const seconds = longestCloseMs / 1_000;
    const problem = new Error(`The machines were not taken away within ${seconds} seconds: some may be left over`);
    timer = setTimeout(() => reject(problem), longestCloseMs);
  });
  await Promise.race([rehearsal.close(), tooLate]).finally(() => clearTimeout(timer));
}

async function fleetNow(rehearsal: Rehearsal): Promise<string> {
  return nodeTable(await nodesOf(await signInAsCustomer(rehearsal.world, rehearsal.directory), rehearsal));
}
