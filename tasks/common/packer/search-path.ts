import { posix, win32 } from 'node:path';
import type { Environment } from './environment.ts';

/** A variable of a process; on Windows in any case (`Path`), which a copy of the environment does not know by itself. */
export function valueIn(platform: string, environment: Environment, name: string): string | undefined {
  if (platform !== 'win32') return environment[name];
  return Object.entries(environment).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/**
 * The folders of PATH in order. Relative ones (an empty one means "here", `C:bin` the current folder of that drive) are left
 * out: what would be run from them depends on where a program is started.
 */
export function foldersOnPath(platform: string, environment: Environment): readonly string[] {
  const path = valueIn(platform, environment, 'PATH') ?? '';
  const entries = platform === 'win32' ? windowsEntries(path) : path.split(posix.delimiter);
  return entries.filter((folder) => (platform === 'win32' ? isFixedOnWindows(folder) : posix.isAbsolute(folder)));
}

/** An entry with a semicolon in it stands in quotes. */
const windowsEntries = (path: string): readonly string[] =>
  (path.match(/(?:"[^"]*"|[^;"])+/g) ?? []).map((entry) => entry.replaceAll('"', '').trim());

/** With a drive and from its root, or on a share. */
const isFixedOnWindows = (folder: string) => win32.isAbsolute(folder) && win32.parse(folder).root.length > 1;
