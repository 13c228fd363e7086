import { chmodSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bundleTask } from './bundle.ts';
import { bundledPackages, thirdPartyNotices } from './notices.ts';
import { projectVersion, readJson, readTask, taskNames } from './project.ts';
import { targetsOf } from './task-json.ts';

/**
 * Puts the whole extension into one folder, as tfx and the agent will see it. tfx checks tasks only where the manifest's
 * paths are the real ones, so nothing is mapped. The folder is replaced when all of it is there: a build that fails
 * leaves the last one. Returns the names of the tasks.
 */
export async function stage(project: string, dist: string): Promise<readonly string[]> {
  const fresh = temporaryFolder(join(project, '.cache'));
  try {
    const tasks = await fill(project, fresh);
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
    return tasks;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function fill(project: string, dist: string): Promise<readonly string[]> {
  const tasks = taskNames(project);
  const inputs = new Set<string>();
  for (const task of tasks) for (const input of await stageTask(project, dist, task)) inputs.add(input);
  copy(join(project, 'images'), join(dist, 'images'));
  copy(join(project, 'docs', 'overview.md'), join(dist, 'overview.md'));
  copy(join(project, 'LICENSE'), join(dist, 'LICENSE'));
  write(join(dist, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(project, bundledPackages([...inputs])));
  write(join(dist, 'package.json'), json({ type: 'commonjs' })); // the bundles are; the project itself is not
  write(join(dist, 'vss-extension.json'), json(manifest(project)));
  return tasks;
}

function temporaryFolder(parent: string): string {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'stage-'));
  chmodSync(folder, 0o755); // mkdtemp keeps others out, and machines of the rehearsal run as others
  return folder;
}

async function stageTask(project: string, dist: string, task: string): Promise<readonly string[]> {
  const from = join(project, 'tasks', task);
  const to = join(dist, 'tasks', task);
  for (const file of ['task.json', 'icon.png']) copy(join(from, file), join(to, file));
  const bundles = targetsOf(readTask(project, task).json).map((target) =>
    bundleTask(relative(project, join(from, sourceOf(target))), join(to, target), project),
  );
  return (await Promise.all(bundles)).flat();
}

/** `post-job.js` is made from `post-job.ts`. */
const sourceOf = (target: string) => target.replace(/\.js$/, '.ts');

/** The manifest as it is written, with the version of package.json. */
function manifest(project: string): object {
  return { ...(readJson(join(project, 'vss-extension.json')) as object), version: projectVersion(project) };
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
