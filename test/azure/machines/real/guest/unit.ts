import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type Assignment, parseSpan, parseUnitFile, splitWords } from './unit-file.ts';

/** What this init knows of a service unit (systemd.service(5)). */
export interface Unit {
  readonly name: string;
  readonly description: string;
  readonly type: 'simple' | 'oneshot';
  readonly remainAfterExit: boolean;
  readonly startBefore: readonly Command[];
  readonly start: readonly Command[];
  readonly stop: readonly Command[];
  readonly reload: readonly Command[];
  readonly environment: Readonly<Record<string, string>>;
  readonly environmentFiles: readonly string[];
  readonly workingDirectory: string;
  readonly user?: string;
  readonly group?: string;
  readonly dynamicUser: boolean;
  readonly runtimeDirectories: readonly string[];
  readonly runtimeDirectoryMode: number;
  readonly runtimeDirectoryPreserve: 'no' | 'restart' | 'yes';
  readonly restart: Restart;
  readonly restartMs: number;
  readonly stopMs: number;
  readonly stopSignal: NodeJS.Signals;
  readonly startLimit: { readonly burst: number; readonly withinMs: number };
  readonly wantedBy: readonly string[];
  /** What the file asks for and does not get here, one sentence each. */
  readonly notes: readonly string[];
}

export interface Command {
  readonly words: readonly string[];
  readonly ignoreFailure: boolean;
}

type Restart = 'no' | 'always' | 'on-failure' | 'on-success';

/** Where unit files are looked for, in the order of systemd.unit(5). */
const folders = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** Reads a unit with its drop-ins; undefined when there is none. Throws when this init cannot run it as it says. */
export function loadUnit(name: string, searched: readonly string[] = folders): Unit | undefined {
  const file = unitFile(name, searched);
  if (file === undefined) return undefined;
  return readUnit(name, [file, ...dropIns(name, searched)].map((path) => readFileSync(path, 'utf8')).join('\n'));
}

/** Where a unit's file is. */
export const unitFile = (name: string, searched: readonly string[] = folders): string | undefined =>
  searched.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));

function dropIns(name: string, searched: readonly string[]): readonly string[] {
  const folder = searched.map((path) => `${path}/${name}.d`).filter((path) => existsSync(path));
  return folder.flatMap((path) =>
    readdirSync(path)
      .filter((file) => file.endsWith('.conf'))
      .sort()
      .map((file) => `${path}/${file}`),
  );
}

/** Turns the text of a unit file into what this init does. */
export function readUnit(name: string, text: string): Unit {
  const all = parseUnitFile(text);
  const list = (section: string, key: string) =>
    afterReset(all.filter((a) => a.section === section && a.key === key).map((a) => a.value));
  const one = (key: string) => list('Service', key).at(-1);
  const commands = (key: string) => list('Service', key).map((value) => readCommand(name, key, value));
  const user = one('User');
  const group = one('Group');
  return {
    name,
    description: list('Unit', 'Description').at(-1) ?? name,
    type: readType(name, one('Type') ?? 'simple'),
    remainAfterExit: isTrue(one('RemainAfterExit')),
    startBefore: commands('ExecStartPre'),
    start: required(name, commands('ExecStart')),
    stop: commands('ExecStop'),
    reload: commands('ExecReload'),
    environment: Object.fromEntries(list('Service', 'Environment').flatMap(splitWords).map(pair)),
    environmentFiles: list('Service', 'EnvironmentFile'),
    workingDirectory: one('WorkingDirectory') ?? '/',
    ...(user !== undefined && { user }),
    ...(group !== undefined && { group }),
    dynamicUser: isTrue(one('DynamicUser')),
    runtimeDirectories: list('Service', 'RuntimeDirectory').flatMap(splitWords),
    runtimeDirectoryMode: Number.parseInt(one('RuntimeDirectoryMode') ?? '0755', 8),
    runtimeDirectoryPreserve: readPreserve(one('RuntimeDirectoryPreserve')),
    restart: readRestart(name, one('Restart') ?? 'no'),
    restartMs: span(name, 'RestartSec', one('RestartSec'), 100),
    stopMs: span(name, 'TimeoutStopSec', one('TimeoutStopSec'), 10_000),
    stopSignal: (one('KillSignal') ?? 'SIGTERM') as NodeJS.Signals,
    startLimit: startLimit(name, (key) => list('Unit', key).at(-1)),
    wantedBy: list('Install', 'WantedBy').flatMap(splitWords),
    notes: all.flatMap(noteOf),
  };
}

/** An empty assignment takes back the earlier ones. */
const afterReset = (values: readonly string[]) => values.slice(values.lastIndexOf('') + 1);

const readPreserve = (value: string | undefined) => (value === 'restart' ? value : isTrue(value) ? 'yes' : 'no');

const isTrue = (value: string | undefined) => /^(1|yes|true|on)$/i.test(value ?? '');

function required(name: string, commands: readonly Command[]): readonly Command[] {
  if (commands.length === 0) throw new Error(`${name}: it has no ExecStart=`);
  return commands;
}

function readType(name: string, type: string): Unit['type'] {
  if (type === 'simple' || type === 'exec') return 'simple';
  if (type === 'oneshot') return type;
  throw new Error(`${name}: this init does not know Type=${type}; it knows simple, exec and oneshot`);
}

function readRestart(name: string, value: string): Restart {
  if (value === 'no' || value === 'always' || value === 'on-failure' || value === 'on-success') return value;
  throw new Error(`${name}: this init does not know Restart=${value}; it knows no, always, on-failure and on-success`);
}

function readCommand(name: string, key: string, value: string): Command {
  const ignoreFailure = value.startsWith('-');
  const text = ignoreFailure ? value.slice(1) : value;
  if (/^[@+!:|]/.test(text))
    throw new Error(`${name}: this init does not know the prefix ${text[0]} in ${key}=${value}`);
  const unknown = /%[^%]/.exec(text.replaceAll(/%[nNp]/g, ''));
  if (unknown) throw new Error(`${name}: this init does not know the specifier ${unknown[0]} in ${key}=${value}`);
  const base = name.replace(/\.service$/, '');
  const filled = splitWords(text).map((word) =>
    word.replaceAll('%n', name).replaceAll(/%[Np]/g, base).replaceAll('%%', '%'),
  );
  return { words: filled, ignoreFailure };
}

function span(name: string, key: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : parseSpan(text);
  if (value === undefined) throw new Error(`${name}: ${key}=${text} is not a span of time`);
  return value;
}

/** systemd's own defaults: five starts within ten seconds (DefaultStartLimit… in systemd-system.conf(5)). */
function startLimit(name: string, read: (key: string) => string | undefined): Unit['startLimit'] {
  return {
    burst: Number(read('StartLimitBurst') ?? 5),
    withinMs: span(name, 'StartLimitIntervalSec', read('StartLimitIntervalSec'), 10_000),
  };
}

/** `NAME=value`, also of an environment file. */
export function pair(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

const known: Readonly<Record<string, readonly string[]>> = {
  Unit: ['Description', 'Documentation', 'StartLimitBurst', 'StartLimitIntervalSec'],
  Service: [
    ...['Type', 'RemainAfterExit', 'ExecStartPre', 'ExecStart', 'ExecStop', 'ExecReload', 'Restart', 'RestartSec'],
    ...['TimeoutStopSec', 'KillSignal', 'Environment', 'EnvironmentFile', 'WorkingDirectory', 'User', 'Group'],
    ...['DynamicUser', 'RuntimeDirectory', 'RuntimeDirectoryMode', 'RuntimeDirectoryPreserve'],
  ],
  Install: ['WantedBy'],
};

function noteOf({ section, key, value }: Assignment): readonly string[] {
  if (key === 'DynamicUser' && isTrue(value)) return ['DynamicUser=yes gives it a user of its own here, not a sandbox'];
  if (known[section]?.includes(key) || value === '' || isOfTheBoot(section, key, value)) return [];
  return [`${key}=${value} has no effect in this machine`];
}

/** When services start, the network and the file systems are there already. */
const isOfTheBoot = (section: string, key: string, value: string) =>
  section === 'Unit' &&
  /^(After|Wants|Requires)$/.test(key) &&
  splitWords(value).every((name) =>
    /^(network|network-online|sysinit|basic|local-fs|syslog|time-sync)\.target$/.test(name),
  );
