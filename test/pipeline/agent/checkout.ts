import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Agent } from './agent.ts';
import type { StepContext } from './step-context.ts';

/**
 * Puts the repository where the agent puts sources: the files that git knows or would take, as they are in the working
 * tree. A folder that is no git repository is copied whole.
 */
export function runCheckout(agent: Agent, context: StepContext): void {
  const to = context.job.variables.get('build.sourcesDirectory') ?? '';
  const files = gitFiles(agent.workspace);
  if (files === undefined) {
    cpSync(agent.workspace, to, { recursive: true, filter: (path) => isSource(agent, path) });
    context.write('', `Copied ${agent.workspace}, which is no git repository, to ${to}`);
    return;
  }
  for (const file of files) copyFile(join(agent.workspace, file), join(to, file));
  context.write('', `Copied ${files.length} files of ${agent.workspace} to ${to}`);
}

/** Deleted files are still in the index. */
function gitFiles(folder: string): readonly string[] | undefined {
  if (!isInRepository(folder)) return undefined;
  const args = ['-C', folder, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  return [...new Set(listed.split('\0'))].filter((file) => file !== '' && existsSync(join(folder, file)));
}

function isInRepository(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true;
  return dirname(folder) !== folder && isInRepository(dirname(folder));
}

function copyFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

function isSource(agent: Agent, path: string): boolean {
  const isWork = !relative(agent.workFolder, path).startsWith('..');
  return !isWork && basename(path) !== 'node_modules';
}
