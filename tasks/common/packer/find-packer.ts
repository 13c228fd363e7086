import { access, constants, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import type { Environment } from './environment.ts';
import { foldersOnPath, valueIn } from './search-path.ts';

/** The machine that the task runs on, as far as it decides how programs are found and stopped. */
export interface Machine {
  readonly environment: Environment;
  /** `process.platform` */
  readonly platform: string;
  /** `process.arch`: the tool cache is sorted by it. */
  readonly arch: string;
}

/** The Packer to run: the first on PATH, as a tool installer puts it there, else the newest of the agent's tool cache. */
export async function findPacker(machine: Machine): Promise<string> {
  const { platform, environment } = machine;
  const name = platform === 'win32' ? 'packer.exe' : 'packer';
  const folders = [...foldersOnPath(platform, environment), ...(await toolCacheFolders(machine))];
  const candidates = folders.map((folder) => join(folder, name));
  for (const candidate of candidates) if (await isProgram(candidate)) return candidate;
  throw packerMissing(machine);
}

/** `<cache>/packer/<version>/<arch>`, newest first, only complete ones (azure-pipelines-tool-lib marks them so). */
async function toolCacheFolders({ environment, platform, arch }: Machine): Promise<readonly string[]> {
  const cache = valueIn(platform, environment, 'AGENT_TOOLSDIRECTORY') ?? '';
  if (cache === '') return [];
  const tool = join(cache, 'packer');
  const complete: string[] = [];
  for (const version of (await foldersIn(tool)).sort(newerFirst)) {
    if (await exists(join(tool, version, `${arch}.complete`))) complete.push(join(tool, version, arch));
  }
  return complete;
}

const newerFirst = (a: string, b: string) => compareVersions(b, a);

/** Orders `1.10.0` after `1.9.5`; what is no number counts as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0));
  for (let part = 0; part < 3; part += 1) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function foldersIn(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false; // not there or not ours to run: the next place is looked at
  }
}

function packerMissing({ environment, platform }: Machine): Failure {
  const cache = valueIn(platform, environment, 'AGENT_TOOLSDIRECTORY');
  return new Failure(
    'PackerNotFound',
    `Packer was not found on PATH${cache ? ` nor in the agent's tool cache (${join(cache, 'packer')})` : ''}`,
    platform === 'win32'
      ? 'Install Packer on the agent, or put a step that installs it before this one. It must be packer.exe: a packer.cmd or packer.bat is none.'
      : 'Install Packer on the agent, or put a step that installs it before this one. On Debian and Ubuntu: apt-get install packer.',
  );
}
