import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTask, type TaskEnd, type TaskStart } from '../../support/run-task.ts';
import { filesBelow } from '../../support/secrets/search.ts';

/** An agent in a folder as people name them, with the least of an environment: no home, no temporary folder of the system. */
export interface HostilePlace {
  readonly home: string;
  readonly work: string;
  run(start: Omit<TaskStart, 'home'>): Promise<TaskEnd>;
  /** Names of what stays in each folder, by `task`, `temp` and `work`. */
  left(folder: 'task' | 'temp' | 'work'): readonly string[];
  remove(): void;
}

export const missing = '/there/is/no such folder';
const bare = { HOME: undefined, USERPROFILE: undefined, LANG: undefined, PATH: '/usr/bin:/bin', TMPDIR: missing };

export function hostilePlace(): HostilePlace {
  const home = mkdtempSync(join(tmpdir(), "phoenix 에이전트 🚀 d'é "));
  const work = join(home, 'work');
  mkdirSync(work);
  return {
    home,
    work,
    run: (start) => startTask({ ...start, home, env: { ...start.env, ...bare } }).ended,
    left: (folder) =>
      filesBelow(join(home, folder))
        .map(({ path }) => path.slice(join(home, folder, '/').length))
        .sort(),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/**
 * In front of a command: its task's folder cannot be written, not even by root, since a mount says so. Nothing where there is
 * neither root nor Linux. (Not by sh: dash loses variables with a hyphen in their name, as those of endpoints have.)
 */
export function withReadOnlyTask(home: string): readonly string[] {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return [];
  const bind = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"';
  return ['unshare', '--mount', 'bash', '-c', bind, join(home, 'task')];
}
