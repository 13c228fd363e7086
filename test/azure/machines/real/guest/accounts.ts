import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A user of this machine, with numbers: they stay valid for a session when the user is deleted meanwhile. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly home: string;
  readonly shell: string;
}

export const root: Account = { name: 'root', uid: 0, gid: 0, groups: [0], home: '/root', shell: '/bin/sh' };
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The account of that name, or undefined. */
export function findAccount(name: string): Account | undefined {
  const fields = rows('/etc/passwd').find(([first]) => first === name);
  if (!fields) return undefined;
  const gid = Number(fields[3]);
  const others = rows('/etc/group').filter(([, , , members = '']) => members.split(',').includes(name));
  return {
    name,
    uid: Number(fields[2]),
    gid,
    groups: [gid, ...others.map(([, , id]) => Number(id))],
    home: fields[5] ?? '/',
    shell: fields[6] || '/bin/sh',
  };
}

/** The number of a group, by its name. */
export function findGroup(name: string): number | undefined {
  const fields = rows('/etc/group').find(([first]) => first === name);
  return fields && Number(fields[2]);
}

/** Starts a program as that account, as the leader of a session of its own, so that it can be signalled as a whole. */
export function startAs(account: Account, argv: readonly string[], options: SpawnOptions): ChildProcess {
  const { uid, gid, groups } = account;
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, `--groups=${groups.join(',')}`];
  return spawn('setpriv', uid === 0 ? ['--', ...argv] : [...identity, '--', ...argv], { ...options, detached: true });
}

/** Signals a program and what it has started, as far as that has stayed in its group; false when nobody is left. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** The environment a session of that account begins with. */
export function sessionEnvironment(account: Account): Record<string, string> {
  return {
    PATH: systemPath,
    LANG: 'C.UTF-8',
    HOME: account.home,
    USER: account.name,
    LOGNAME: account.name,
    SHELL: account.shell,
  };
}

const rows = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':'));
