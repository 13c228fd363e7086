import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { run } from './commands.ts';
import { guestFolder } from './protocol.ts';

/**
 * The two lowest layers of every machine, over the host's own file system. `hide` holds whiteouts for what a machine
 * is not to see of the host; `guest` holds our programs and what stands in place of the hidden. Together they make the
 * marketplace's base image.
 */
export async function buildBaseLayers(files: string): Promise<readonly string[]> {
  mkdirSync(`${files}/hide`);
  mkdirSync(`${files}/guest`);
  const hidden = [
    ...readdirSync('/').filter((name) => !seen.has(name)),
    ...secrets.filter((path) => existsSync(`/${path}`)),
  ];
  for (const path of hidden) await whiteOut(`${files}/hide`, path);
  for (const [path, mode] of Object.entries(empty)) makeFolder(`${files}/guest`, path, mode);
  writeAccounts(`${files}/guest`);
  await installPrograms(`${files}/guest`);
  return ['guest', 'hide'];
}

/** What machines see of the host's top folder. All else (homes, workspaces, mounts) stays unseen. */
const seen = new Set('bin sbin lib lib32 lib64 libx32 usr etc var opt dev proc sys'.split(' '));

/** What is under those folders and is the host's own affair. */
const secrets = [
  ...'shadow- gshadow gshadow- passwd- group- sudoers sudoers.d ssh ssl/private'
    .split(' ')
    .map((name) => `etc/${name}`),
  ...'systemd/system cron.d docker kubernetes resolv.conf'.split(' ').map((name) => `etc/${name}`),
  ...'backups log mail spool tmp'.split(' ').map((name) => `var/${name}`),
  ...'cloud containerd docker kubelet sudo waagent'.split(' ').map((name) => `var/lib/${name}`),
  'usr/lib/machine',
];

const empty: Readonly<Record<string, number>> = {
  root: 0o700,
  home: 0o755,
  mnt: 0o755,
  media: 0o755,
  srv: 0o755,
  run: 0o755,
  tmp: 0o1777,
  boot: 0o755,
  'etc/systemd/system': 0o755,
  'etc/ssh': 0o755,
  'var/log': 0o755,
  'var/mail': 0o2775,
  'var/spool': 0o755,
  'var/tmp': 0o1777,
};

/** Overlay's sign for "nothing here, whatever lies below" (Documentation/filesystems/overlayfs.rst). */
async function whiteOut(layer: string, path: string): Promise<void> {
  makeFolder(layer, dirname(path), 0o755);
  await run('mknod', [`${layer}/${path}`, 'c', '0', '0']);
}

/** A folder of a layer covers the mode and owner of the host's folder of that name, so it takes them over. */
function makeFolder(layer: string, path: string, mode: number): void {
  if (path === '.' || existsSync(`${layer}/${path}`)) return;
  makeFolder(layer, dirname(path), 0o755);
  mkdirSync(`${layer}/${path}`);
  const host = existsSync(`/${path}`) && !(path in empty) ? lstatSync(`/${path}`) : undefined;
  chmodSync(`${layer}/${path}`, host ? host.mode & 0o7777 : mode);
  chownSync(`${layer}/${path}`, host?.uid ?? 0, host?.gid ?? 0);
}

/** The host's system users without its people, and without anyone's password. */
function writeAccounts(layer: string): void {
  const isPerson = (id: string | undefined) => Number(id) >= 1000 && Number(id) < 65_000;
  const users = rows('/etc/passwd').filter((row) => !isPerson(row[2]));
  const names = new Set(users.map(([name]) => name));
  const groups = rows('/etc/group').filter((row) => !isPerson(row[2]));
  const members = (list = '') =>
    list
      .split(',')
      .filter((name) => names.has(name))
      .join(',');
  writeIn(layer, 'etc/passwd', text(users), 0o644);
  writeIn(layer, 'etc/group', text(groups.map(([name, , id, list]) => [name, 'x', id, members(list)])), 0o644);
  writeIn(layer, 'etc/shadow', text(users.map(([name]) => [name, '*', '19000', '0', '99999', '7', '', '', ''])), 0o640);
  writeIn(layer, 'etc/machine-id', '', 0o444);
}

const rows = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':'));
const text = (table: readonly (readonly (string | undefined)[])[]) => table.map((row) => `${row.join(':')}\n`).join('');

async function installPrograms(layer: string): Promise<void> {
  const programs = fileURLToPath(new URL('guest/programs/', import.meta.url));
  const places = {
    'first-process': guestFolder,
    pty: guestFolder,
    session: guestFolder,
    sudo: '/usr/bin',
    waagent: '/usr/sbin',
  };
  for (const [name, folder] of Object.entries(places)) {
    writeIn(layer, `${folder.slice(1)}/${name}`, readFileSync(`${programs}${name}`), 0o755);
  }
  await bundle('init.ts', `${layer}${guestFolder}/init.cjs`);
  await bundle('systemctl.ts', `${layer}/usr/bin/systemctl`);
  writeIn(layer, 'usr/local/bin/node', '', 0o755); // Covered by the node that runs us: boot.sh.
  installAsRoot(layer);
}

/** A set-user-id setpriv for the administrators' group: what sudo is to a cloud image. */
function installAsRoot(layer: string): void {
  const group =
    rows('/etc/group').find(([name]) => name === 'sudo') ?? rows('/etc/group').find(([name]) => name === 'wheel');
  if (!group)
    throw new Error('This host has neither a group sudo nor a group wheel: the administrator of a machine needs one');
  const path = `${layer}${guestFolder}/as-root`;
  copyFileSync('/usr/bin/setpriv', path);
  chownSync(path, 0, Number(group[2]));
  chmodSync(path, 0o4750);
}

/** Bundles one of our guest programs for the plain node of the machine. */
async function bundle(source: string, target: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(`guest/${source}`, import.meta.url))],
    outfile: target,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    banner: { js: '#!/usr/bin/env node' },
    external: ['*.node', 'cpu-features'], // What ssh2 uses when it is there; it does without.
    logLevel: 'error',
  });
  chmodSync(target, 0o755);
}

function writeIn(layer: string, path: string, content: string | Buffer, mode: number): void {
  makeFolder(layer, dirname(path), 0o755);
  writeFileSync(`${layer}/${path}`, content);
  chmodSync(`${layer}/${path}`, mode);
}
