import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pngSize } from './png-size.ts';
import type { TaskFile, TaskJson } from './task-json.ts';

/** The folder of this repository. */
export const projectFolder = fileURLToPath(new URL('..', import.meta.url));

/** Where the extension is put together: a complete folder, as tfx wants it. */
export const distFolder = join(projectFolder, 'dist');

/** The one place where the version is written down for a release; manifest and task.json follow it. */
export function projectVersion(folder = projectFolder): string {
  return (readJson(join(folder, 'package.json')) as { version: string }).version;
}

/** Every folder of `tasks/` that holds a task.json, in order of name: a new task is a new folder and nothing else. */
export function taskNames(folder = projectFolder): readonly string[] {
  const tasks = join(folder, 'tasks');
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks)
    .filter((name) => existsSync(join(tasks, name, 'task.json')))
    .sort();
}

/** What our rules need to know of a task folder, in `tasks/` as well as in `dist/tasks/`. */
export function readTask(folder: string, name: string): TaskFile {
  const icon = join(folder, 'tasks', name, 'icon.png');
  return {
    folder: name,
    json: readJson(join(folder, 'tasks', name, 'task.json')) as TaskJson,
    ...(existsSync(icon) ? { icon: pngSize(readFileSync(icon)) } : {}),
  };
}

/** Reads a JSON file; an error names the file. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} cannot be read as JSON`, { cause: error });
  }
}
