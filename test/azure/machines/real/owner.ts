import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './commands.ts';

/**
 * Several simulations may have machines on one host. Each is an owner with a number: it names its folder, its links
 * and its block of addresses. A folder in /run claims the number; who finds a dead owner's folder clears it away.
 */
export interface Owner {
  readonly number: number;
  readonly folder: string;
}

const claims = '/run/phoenix-machines';

/** Takes the first free number, after what dead owners have left has been removed. */
export async function claimOwner(): Promise<Owner> {
  mkdirSync(claims, { recursive: true, mode: 0o700 });
  const unlock = await lock();
  try {
    for (const number of claimed()) if (!isAlive(number)) await clearAway(ownerOf(number));
    const owner = claimNumber();
    await run('ip', ['route', 'replace', 'unreachable', blockRoute(owner)]);
    return owner;
  } finally {
    unlock();
  }
}

/** Ends what an owner still has on this host: processes, links, its folder. */
export async function clearAway(owner: Owner): Promise<void> {
  for (const pid of processesOf(owner)) process.kill(pid, 'SIGKILL');
  const links = readdirSync('/sys/class/net').filter((name) => name.startsWith(linkPrefix(owner)));
  for (const link of links) await deleteLink(link);
  await deleteRoute(owner);
  rmSync(owner.folder, { recursive: true, force: true });
}

/** The first three numbers of its machines' addresses. 198.18.0.0/15 is for benchmarks (RFC 2544): no real network uses it. */
export const addressBlock = (owner: Owner) => `198.18.${owner.number}`;

/** A machine that is off has no link: what is sent to it must not leave this host by the default route. */
const blockRoute = (owner: Owner) => `${addressBlock(owner)}.0/24`;

async function deleteRoute(owner: Owner): Promise<void> {
  await run('ip', ['route', 'delete', 'unreachable', blockRoute(owner)]).catch((error: Error) => {
    if (!error.message.includes('No such process')) throw error;
  });
}

/** Names of links begin with this; the machine's number follows. */
export const linkPrefix = (owner: Owner) => `phx${owner.number}m`;

/** Removes a link. The kernel removes it by itself some time after its machine has ended, so it may be gone. */
export async function deleteLink(name: string): Promise<void> {
  await run('ip', ['link', 'delete', name]).catch((error: Error) => {
    // The second is said when the kernel removes it between looking it up and deleting it.
    if (!/Cannot find device|No such device/.test(error.message)) throw error;
  });
}

const ownerOf = (number: number): Owner => ({ number, folder: `${claims}/${number}` });

const claimed = () =>
  readdirSync(claims)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function claimNumber(): Owner {
  const taken = new Set(claimed());
  for (let number = 1; number < 255; number += 1) if (!taken.has(number)) return writeClaim(ownerOf(number));
  throw new Error(`All 254 blocks of addresses for machines are taken: see ${claims}`);
}

/** The folder appears with its content in it, so that nobody sees a claim without an owner. */
function writeClaim(owner: Owner): Owner {
  const draft = `${claims}/.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(`${draft}/owner`, `${process.pid} ${startOf(process.pid)}`);
  renameSync(draft, owner.folder);
  return owner;
}

/** A pid alone is not enough: it may belong to another process by now. */
function isAlive(number: number): boolean {
  const [pid = '', start = ''] = (readIfThere(`${ownerOf(number).folder}/owner`) ?? '').split(' ');
  return start !== '' && startOf(Number(pid)) === start;
}

/** When a process began, in clock ticks since boot: field 22 of proc(5)'s stat, counted after the name in parentheses. */
function startOf(pid: number): string | undefined {
  return readIfThere(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ')[19];
}

/** The keeper and the first process of each machine carry the owner's folder among their arguments. */
function processesOf(owner: Owner): readonly number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => readIfThere(`/proc/${pid}/cmdline`)?.split('\0').includes(owner.folder));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

/** One owner at a time claims and clears: a name that one process can have, and that the kernel frees when it dies. */
async function lock(): Promise<() => void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const server = createServer();
    const held = await new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      );
      server.listen('\0phoenix-machines', () => resolve(true));
    });
    if (held) return () => void server.close();
    await sleep(50);
  }
  throw new Error('Another process has been claiming machines for ten seconds');
}
