import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { run } from './commands.ts';
import { type Disk, overlayOptions } from './disks.ts';
import { type Ground, hostPath } from './ground.ts';
import type { MetadataService } from './metadata-service.ts';
import { deleteLink } from './owner.ts';
import type { FromGuest, ToGuest } from './protocol.ts';

/** What a machine keeps of root's rights: enough for packages, users and servers; nothing that reaches the host. */
const capabilities = [
  'chown',
  'dac_override',
  'fowner',
  'fsetid',
  'kill',
  'setgid',
  'setuid',
  'setpcap',
  'net_bind_service',
  'sys_chroot',
  'setfcap',
  'audit_write',
];
const namespaces = [
  '--mount',
  '--pid',
  '--net',
  '--ipc',
  '--uts',
  '--fork',
  '--kill-child',
  '--propagation',
  'private',
];
const bootScript = fileURLToPath(new URL('boot.sh', import.meta.url));

export interface GuestOptions {
  readonly ground: Ground;
  readonly metadata: MetadataService;
  readonly number: number;
  readonly name: string;
  readonly disk: Disk;
  readonly onMessage: (message: FromGuest) => void;
}

/** The processes of one machine from power on to power off, as its host sees them. */
export class GuestProcess {
  readonly #child: ChildProcess;
  readonly #options: GuestOptions;
  /** Resolves when nothing of the machine is left but its disk. */
  readonly ended: Promise<void>;

  private constructor(options: GuestOptions) {
    this.#options = options;
    this.#child = spawnGuest(options);
    this.ended = once(this.#child, 'exit').then(() => deleteLink(this.#link));
    this.#child.on('message', (message: FromGuest) => options.onMessage(message));
    for (const stream of [this.#child.stdout, this.#child.stderr]) if (stream) this.#pass(stream);
  }

  /** Makes the namespaces, the disk's mount and the network, and lets the machine's own programs begin. */
  static async start(options: GuestOptions): Promise<GuestProcess> {
    const guest = new GuestProcess(options);
    await guest.#namespacesReady();
    await guest.#connect();
    guest.#child.stdin?.end('go\n');
    return guest;
  }

  send(message: ToGuest): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /** Cuts the power: `--kill-child` ends the machine's first process, and the kernel all others. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  get #link(): string {
    return this.#options.ground.link(this.#options.number);
  }

  #namespacesReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code) => reject(new Error(`boot.sh ended with ${code} before the machine ran`)));
      this.#child.stdout?.once('data', () => resolve());
    });
  }

  async #connect(): Promise<void> {
    const { ground, metadata, number } = this.#options;
    await deleteLinkIfThere(this.#link);
    await run(
      'ip',
      ['-batch', '-'],
      [
        `link add ${this.#link} type veth peer name eth0 netns ${this.#child.pid}`,
        `address add ${ground.gateway} peer ${ground.address(number)}/32 dev ${this.#link}`,
        `link set ${this.#link} up\n`,
      ].join('\n'),
    );
    await metadata.connect(this.#child.pid ?? 0, ground.address(number));
  }

  #pass(stream: Readable): void {
    createInterface({ input: stream }).on('line', (line) => {
      if (line !== 'namespaces') this.#options.onMessage({ kind: 'console', line });
    });
  }
}

const deleteLinkIfThere = (link: string) =>
  existsSync(`/sys/class/net/${link}`) ? deleteLink(link) : Promise.resolve();

function spawnGuest({ ground, number, name, disk }: GuestOptions): ChildProcess {
  const { folder } = ground.owner;
  const mount = [folder, `${folder}/${disk.folder}/root`, overlayOptions(disk)];
  const network = [ground.address(number), ground.gateway];
  const rights = capabilities.map((name) => `+${name}`).join(',');
  const script = ['sh', bootScript, String(ground.keeperPid), ...mount, name, ...network, process.execPath, rights];
  // A machine inherits nothing of our environment: that may hold secrets.
  return spawn('nsenter', [`--mount=/proc/${ground.keeperPid}/ns/mnt`, '--', 'unshare', ...namespaces, ...script], {
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    env: { PATH: hostPath },
    detached: true, // Ctrl-C at the host's terminal is no business of the machine's.
  });
}
