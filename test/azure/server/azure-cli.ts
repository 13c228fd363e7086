import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Directory, RunningAzure } from '../index.ts';

const run = promisify(execFile);

/** Azure CLI, unmodified, signed in to a running simulation. */
export interface AzureCli {
  /** `az('vmss scale', '-g web -n shop --new-capacity 5')`: the parsed answer; options with spaces come one by one behind. */
  <Answer = unknown>(command: string, options?: string, ...more: readonly string[]): Promise<Answer>;
  /** The same under profile `latest`, of which Debian's package has groups, galleries, autoscale, locks (azure.md §18). */
  latest<Answer = unknown>(command: string, options?: string, ...more: readonly string[]): Promise<Answer>;
  /** Every command that has gone well, once. */
  readonly commands: ReadonlySet<string>;
}

/** False, with a line, where there is no az; a failure where everything real is required. */
export async function findAzureCli(): Promise<boolean> {
  const found = await run('az', ['--version']).then(
    () => true,
    () => false,
  );
  if (!found) {
    assert.notEqual(process.env['REQUIRE_REAL'], '1', 'REQUIRE_REAL=1, and there is no az on PATH');
    console.log('    skipped: there is no az on PATH (Debian: azure-cli)');
  }
  return found;
}

export async function signIn({ environment }: RunningAzure, directory: Directory): Promise<AzureCli> {
  const commands = new Set<string>();
  const configuration = environment['AZURE_CONFIG_DIR'] ?? '';
  const asConfiguredIn =
    (folder: string) =>
    async <Answer>(command: string, options = '', ...more: readonly string[]): Promise<Answer> => {
      const words = [...command.split(' '), ...options.split(' ').filter((word) => word !== ''), ...more];
      const env = { PATH: process.env['PATH'], ...environment, AZURE_CONFIG_DIR: folder };
      const { stdout } = await run('az', [...words, '-o', 'json'], { env, timeout: 60_000 });
      commands.add(command);
      return (stdout.trim() === '' ? undefined : JSON.parse(stdout)) as Answer;
    };
  const az = asConfiguredIn(configuration);
  const { clientId, secret, tenantId } = directory;
  await az('login', `--service-principal -u ${clientId} -p ${secret} --tenant ${tenantId}`);
  return Object.assign(az, { commands, latest: asConfiguredIn(await withLatestProfile(configuration)) });
}

/** A copy of the configuration, signed in as it is. */
async function withLatestProfile(configuration: string): Promise<string> {
  const folder = `${configuration}-latest`;
  await cp(configuration, folder, { recursive: true });
  await writeFile(join(folder, 'clouds.config'), '[AzureCloud]\nprofile = latest\n');
  return folder;
}
