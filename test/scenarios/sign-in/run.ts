import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { addGalleryVersion, addScaleSet } from '../../azure/compute/builders.ts';
import type { World } from '../../azure/index.ts';
import { startTask, type TaskEnd, type TaskStart } from '../../support/run-task.ts';
import { watchFiles } from '../../support/secrets/file-watch.ts';
import { type ProcessWatch, watchProcesses } from '../../support/secrets/process-watch.ts';
import { type FoundFile, filesBelow } from '../../support/secrets/search.ts';
import { onStage, type Wishes } from './stage.ts';
import { stepEnvironment } from './step.ts';
import type { TokenTally } from './tokens.ts';

/** All that a run of the bundled task left, to be searched. */
export interface Evidence extends Watched {
  readonly tally: TokenTally;
  readonly secrets: ReadonlyMap<string, string>;
  readonly tags: string;
  /** Hosts that were asked for through the agent's proxy. */
  readonly hosts: ReadonlySet<string>;
}

/** Rolls a small set by the staged task, behind the agent's proxy, with every eye open. */
export function signInRun(wishes: Wishes & { readonly nodes?: number }): Promise<Evidence> {
  return onStage(wishes, async ({ world, azure, account, tally, entry }) => {
    const { set, inputs } = shopToUpgrade(world, wishes.nodes ?? 1);
    const { env, secrets } = stepEnvironment(world, azure, account, wishes, inputs);
    const seen = await watched({ task: 'UpgradeScaleSetNodes', env, node: wishes.node, entry });
    const hosts = new Set(azure.connects.map(({ host }) => host));
    const all = new Map([...Object.entries(secrets), ...tally.secrets]);
    return { ...seen, tally, secrets: all, tags: JSON.stringify(set.tags), hosts };
  });
}

/** A scale set on 1.0.0, and the inputs that bring it to 2.0.0. */
export function shopToUpgrade(world: World, capacity: number) {
  const imageVersionId = addGalleryVersion(world, { version: '2.0.0' }).id;
  const image = addGalleryVersion(world, { version: '1.0.0' }).id;
  const set = addScaleSet(world, { name: 'shop', image, capacity });
  const place = { resourceGroupName: 'web', vmssName: set.name, imageVersionId };
  return { set, inputs: { ...place, maxUnavailable: '1', minReadySeconds: '1' } };
}

export interface Watched {
  readonly end: TaskEnd;
  readonly pid: number;
  readonly processes: Pick<ProcessWatch, 'seen' | 'snapshots'>;
  /** Of all folders of the step: what was there at some time. */
  readonly files: readonly FoundFile[];
  /** Names of what stays, below the folder of the step. */
  readonly left: readonly string[];
}

/** All that makes the task and its libraries print more. */
const talkative = { SYSTEM_DEBUG: 'true', DEBUG: '*', AZURE_LOG_LEVEL: 'verbose' };

/** What a machine may have set for other programs: proxies, and places to sign in. Only connection and agent count. */
const misleading = {
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  NODE_USE_ENV_PROXY: '1',
  AZURE_AUTHORITY_HOST: 'https://login.example',
  AZURE_REGIONAL_AUTHORITY_NAME: 'koreacentral',
  MSAL_FORCE_REGION: 'koreacentral',
};

/** Runs a task to its end and looks all the while at its processes, and at the files in every folder that it knows. */
export async function watched(start: TaskStart, prepare: (home: string) => void = () => {}): Promise<Watched> {
  const home = mkdtempSync(join(tmpdir(), 'phoenix-sign-in-'));
  for (const name of ['user', 'tmp']) mkdirSync(join(home, name));
  const own = { HOME: join(home, 'user'), TMPDIR: join(home, 'tmp'), ...talkative, ...misleading };
  prepare(home);
  try {
    const task = startTask({ ...start, env: { ...start.env, ...own }, home });
    const pid = task.process.pid ?? 0;
    const processes = watchProcesses(pid, 250);
    const files = watchFiles([home], 1_000);
    const end = await task.ended.finally(processes.stop).finally(files.stop);
    const left = filesBelow(home).map(({ path }) => relative(home, path));
    return { end, pid, processes, files: files.seen, left };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
