import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const app = resolve(import.meta.dirname, '../../examples/app');
const run = promisify(execFile);

/** The example app as one process of this host, with folders of its own in place of /etc/shop and /run/shop. */
export interface Shop {
  readonly port: number;
  /** Runs `phoenix-drain …` and gives what it printed. */
  drain(command: string): Promise<string>;
  /** Runs examples/app/drain.sh with other times; rejects with the exit code when it ends with one. */
  drainScript(env: Readonly<Record<string, string>>): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<void>;
  remove(): Promise<void>;
}

export interface ShopOptions {
  readonly version?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Leave the configuration out, as a broken release does. */
  readonly broken?: boolean;
}

export async function startShop({ version = '1.0.0', config = {}, broken = false }: ShopOptions = {}): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-'));
  const files = {
    SHOP_RUN: join(folder, 'run'),
    SHOP_CONFIG: join(folder, 'config.json'),
    SHOP_RELEASE: join(folder, 'release.json'),
  };
  await writeFile(files.SHOP_RELEASE, JSON.stringify({ version }));
  if (!broken)
    await writeFile(
      files.SHOP_CONFIG,
      JSON.stringify({ port: 0, address: '127.0.0.1', keepAliveSeconds: 3, ...config }),
    );
  await symlink(join(app, 'phoenix-drain.js'), join(folder, 'phoenix-drain'));
  const env = { ...process.env, ...files, PATH: `${folder}:${process.env['PATH']}` };
  const server = spawn(process.execPath, [join(app, 'shop.js')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const port = await portOf(server);
  return {
    port,
    drain: async (command) => (await run('phoenix-drain', [command], { env })).stdout.trim(),
    drainScript: async (times) => (await run(join(app, 'drain.sh'), [], { env: { ...env, ...times } })).stdout.trim(),
    kill: (signal) => kill(server, signal),
    async remove() {
      await kill(server, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function portOf(server: ChildProcess): Promise<number> {
  for await (const text of server.stdout ?? []) {
    const port = /listens on port (\d+)/.exec(String(text))?.[1];
    if (port) return Number(port);
  }
  throw new Error(`The shop ended with ${server.exitCode} before it listened`);
}

async function kill(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill(signal);
  await once(server, 'exit');
}
