import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { type Account, findAccount, findGroup, root, sessionEnvironment, systemPath } from './accounts.ts';
import { pair, type Unit } from './unit.ts';
import { splitWords } from './unit-file.ts';

/** The user that a unit runs as. */
export function accountOf(unit: Unit): Account {
  if (unit.dynamicUser) return dynamicAccount(unit.user ?? unit.name.replace(/\.service$/, ''));
  if (unit.user === undefined && unit.group === undefined) return root;
  const account = findAccount(unit.user ?? 'root');
  if (!account) throw new Error(`the user ${unit.user} does not exist`);
  if (unit.group === undefined) return account;
  const gid = findGroup(unit.group);
  if (gid === undefined) throw new Error(`the group ${unit.group} does not exist`);
  return { ...account, gid };
}

/** Its environment: what a session of its user has, what the unit says, what its files say. */
export function environmentOf(unit: Unit, account: Account, mainPid: number | undefined): Record<string, string> {
  return {
    ...(unit.user === undefined && !unit.dynamicUser
      ? { PATH: systemPath, LANG: 'C.UTF-8' }
      : sessionEnvironment(account)),
    ...(mainPid !== undefined && { MAINPID: String(mainPid) }),
    ...(unit.runtimeDirectories.length > 0 && {
      RUNTIME_DIRECTORY: unit.runtimeDirectories.map(runtimePath).join(':'),
    }),
    ...unit.environment,
    ...Object.fromEntries(unit.environmentFiles.flatMap(readEnvironmentFile)),
  };
}

/** The folders under /run that a unit asks for, owned by its user (systemd.exec(5), RuntimeDirectory=). */
export function makeRuntimeDirectories(unit: Unit): void {
  const { uid, gid } = accountOf(unit);
  for (const path of unit.runtimeDirectories.map(runtimePath)) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, unit.runtimeDirectoryMode);
    chownSync(path, uid, gid);
  }
}

/** They go when the service does, unless it is about to come back and the unit wants them kept for that. */
export function removeRuntimeDirectories(unit: Unit, comesBack: boolean): void {
  const { runtimeDirectoryPreserve: keep, runtimeDirectories } = unit;
  if (keep === 'yes' || (keep === 'restart' && comesBack)) return;
  for (const path of runtimeDirectories.map(runtimePath)) rmSync(path, { recursive: true, force: true });
}

const runtimePath = (name: string) => `/run/${name}`;

/** systemd takes a number between 61184 and 65519 by the name (systemd.exec(5), DynamicUser=); an existing user is taken as it is. */
function dynamicAccount(name: string): Account {
  const [first, last] = [61_184, 65_519];
  const hash = createHash('sha256').update(name).digest().readUInt32BE();
  const id = first + (hash % (last - first + 1));
  return findAccount(name) ?? { name, uid: id, gid: id, groups: [id], home: '/', shell: '/usr/sbin/nologin' };
}

function readEnvironmentFile(setting: string): readonly [string, string][] {
  const path = setting.replace(/^-/, '');
  if (!existsSync(path)) {
    if (setting.startsWith('-')) return [];
    throw new Error(`EnvironmentFile=${path} does not exist`);
  }
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim());
  return lines
    .filter((line) => /^[A-Za-z_]\w*=/.test(line))
    .map((line) => {
      const [name, value] = pair(line);
      return [name, splitWords(value).join(' ')];
    });
}

/** `$NAME` alone is split into words, `${NAME}` stays within its word (systemd.service(5), command lines). */
export function expand(word: string, environment: Readonly<Record<string, string>>): readonly string[] {
  const alone = /^\$([A-Za-z_]\w*)$/.exec(word);
  if (alone) return splitWords(environment[alone[1] ?? ''] ?? '');
  return [word.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => environment[name] ?? '').replaceAll('$$', '$')];
}
