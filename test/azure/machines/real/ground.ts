import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { addressBlock, claimOwner, clearAway, linkPrefix, type Owner } from './owner.ts';

/** What all machines of one owner stand on: a mount namespace with their disks, and a block of addresses. */
export interface Ground {
  readonly owner: Owner;
  /** The folder of the disks as this process reaches it. */
  readonly files: string;
  /** The host's end of every machine's link. */
  readonly gateway: string;
  /** The process that holds the disks' mount namespace. */
  readonly keeperPid: number;
  address(machine: number): string;
  link(machine: number): string;
  close(): Promise<void>;
}

export async function openGround(): Promise<Ground> {
  const owner = await claimOwner();
  const keeper = await startKeeper(owner);
  const keeperPid = keeper.pid ?? 0; // It has said that it is ready, so it has a number.
  const address = (machine: number) => `${addressBlock(owner)}.${machine}`;
  return {
    owner,
    files: `/proc/${keeperPid}/root${owner.folder}`,
    gateway: address(1),
    keeperPid,
    address,
    link: (machine) => `${linkPrefix(owner)}${machine}`,
    async close() {
      const ended = keeper.exitCode === null && keeper.signalCode === null ? once(keeper, 'exit') : undefined;
      keeper.stdin?.end();
      await ended;
      await clearAway(owner);
    },
  };
}

async function startKeeper(owner: Owner): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('keeper.sh', import.meta.url));
  const args = ['--mount', '--propagation', 'private', 'sh', script, owner.folder];
  // A group of its own: Ctrl-C at the terminal is for those who clean up, not for what they clean up.
  const keeper = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: hostPath }, detached: true });
  const error: Buffer[] = [];
  keeper.stderr.on('data', (chunk: Buffer) => error.push(chunk));
  const failed = once(keeper, 'exit').then(() => {
    throw new Error(`The folder of the machines cannot be mounted: ${Buffer.concat(error).toString().trim()}`);
  });
  await Promise.race([once(keeper.stdout, 'data'), failed]);
  failed.catch(() => {}); // From here on the keeper may end: when the ground is closed.
  return keeper;
}

/** Where the host's programs are, whatever the caller's PATH: some distributions keep sbin from ordinary users. */
export const hostPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
