import { pngSize } from './png-size.ts';
import { handlerTargets, type TaskJson } from './task-json.ts';
import type { Files } from './vsix.ts';

/** Every job downloads and unzips the tasks, so the size of the package is part of what a user gets. */
export const mostBytes = 2 * 1024 * 1024;

interface Manifest {
  readonly files?: readonly { readonly path: string }[];
  readonly contributions?: readonly { readonly id: string; readonly properties?: { readonly name?: string } }[];
}

/** What is wrong with a package: the list of files that it may hold follows from the names of the tasks alone. */
export function vsixFindings(files: Files, bytes: number, tasks: readonly string[]): readonly string[] {
  const allowed = allowedFiles(tasks);
  const names = [...files.keys()];
  return [
    ...(bytes < mostBytes ? [] : [`the package has ${bytes} bytes; fewer than ${mostBytes} are allowed`]),
    ...names
      .filter((name) => !allowed.some((rule) => rule.test(name)))
      .map((name) => `${name} does not belong into the package`),
    ...tasks.flatMap((task) => taskFindings(files, task)),
    ...iconFindings(files),
  ];
}

/** What is wrong between the manifest and the tasks that exist: a task without its two entries is in no package. */
export function manifestFindings(manifest: Manifest, tasks: readonly string[]): readonly string[] {
  const paths = (manifest.files ?? []).map(({ path }) => path).filter((path) => path.startsWith('tasks/'));
  const contributed = (manifest.contributions ?? []).map(({ properties }) => String(properties?.name));
  const ids = (manifest.contributions ?? []).map(({ id }) => id);
  const folders = tasks.map((task) => `tasks/${task}`);
  return [
    ...missing(folders, paths, 'is not in files'),
    ...missing(paths, folders, 'is in files, but there is no such task'),
    ...missing(folders, contributed, 'is not in contributions'),
    ...missing(contributed, folders, 'is in contributions, but there is no such task'),
    ...ids
      .filter((id, index) => ids.indexOf(id) !== index)
      .map((id) => `vss-extension.json: contribution ${id} is there twice`),
  ];
}

function missing(wanted: readonly string[], there: readonly string[], what: string): readonly string[] {
  return wanted.filter((name) => !there.includes(name)).map((name) => `vss-extension.json: ${name} ${what}`);
}

function allowedFiles(tasks: readonly string[]): readonly RegExp[] {
  return [
    /^(extension\.vsixmanifest|extension\.vsomanifest|\[Content_Types\]\.xml)$/, // written by tfx
    /^(overview\.md|LICENSE|THIRD-PARTY-NOTICES\.txt)$/,
    /^images\/[a-z0-9-]+\.png$/,
    new RegExp(`^tasks/(${tasks.join('|')})/(task\\.json|icon\\.png|(index|post-job)\\.js)$`),
  ];
}

function taskFindings(files: Files, task: string): readonly string[] {
  const json = files.get(`tasks/${task}/task.json`);
  if (!json) return [`tasks/${task}/task.json is missing`];
  const targets = handlerTargets(JSON.parse(json.toString('utf8')) as TaskJson);
  const run = new Set(targets.map(({ target }) => `tasks/${task}/${target}`));
  return [
    ...targets
      .filter(({ target }) => !files.has(`tasks/${task}/${target}`))
      .map(({ handler, target }) => `tasks/${task}/${target} is missing, the target of ${handler}`),
    ...[`tasks/${task}/index.js`, `tasks/${task}/post-job.js`]
      .filter((name) => files.has(name) && !run.has(name))
      .map((name) => `${name} is the target of no handler`),
  ];
}

/** The marketplace refuses an extension icon below 128x128. */
function iconFindings(files: Files): readonly string[] {
  const size = pngSize(files.get('images/icon.png') ?? Buffer.alloc(0));
  return size && size.width >= 128 && size.height === size.width
    ? []
    : ['images/icon.png must be a square PNG of 128x128 or more'];
}
