import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gates } from '../azure/core/gates.ts';
import type { World } from '../azure/index.ts';
import { listener } from '../azure/server/https-server.ts';

/**
 * A network of its own, as the agent's virtual machine on Azure has one: the metadata service answers at its address, the
 * agent's proxy at its usual one, and nothing else can be reached. What runs in it is an ordinary process of this host.
 */
export interface MetadataMachine {
  /** In front of a command, to run it there. */
  readonly entry: readonly string[];
  close(): Promise<void>;
}

const relay = fileURLToPath(new URL('metadata-relay.mjs', import.meta.url));
const isRoot = process.geteuid?.() === 0;
const unshared = ['unshare', ...(isRoot ? [] : ['--user', '--map-root-user']), '--net'] as const;
const prepare = 'ip link set lo up && ip address add 169.254.169.254/32 dev lo';

/** Why there can be no such network here; undefined when there can. */
export function whyNoMetadataMachine(): string | undefined {
  const [program, ...args] = unshared;
  const attempt = spawnSync(program, [...args, 'sh', '-c', `${prepare} && nsenter --version`], { encoding: 'utf8' });
  if (attempt.status === 0) return undefined;
  const words = attempt.error?.message ?? attempt.stderr.trim();
  return `the metadata address needs a network namespace (Linux, unshare, nsenter, ip): ${words}`;
}

/** Opens one whose metadata service and proxy are those of a running simulated Azure. */
export async function openMetadataMachine(world: World, proxyUrl: string): Promise<MetadataMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'phoenix-machine-'));
  const proxyPort = new URL(proxyUrl).port;
  const servers: readonly (readonly [string, string, Server])[] = [
    ['169.254.169.254', '80', createHttpServer(listener({ world, gates: gates() }))],
    ['127.0.0.1', proxyPort, tunnelTo(Number(proxyPort))],
  ];
  const places: string[] = [];
  for (const [address, port, server] of servers) {
    const path = join(folder, port);
    places.push(address, port, path);
    await once(server.listen(path), 'listening');
  }
  const machine = startRelay(places);
  await once(machine.stdout, 'data');
  const space = (kind: 'net' | 'user') => `--${kind}=/proc/${machine.pid}/ns/${kind}`;
  return {
    entry: ['nsenter', space('net'), ...(isRoot ? [] : [space('user'), '--preserve-credentials'])],
    async close() {
      machine.stdin.end();
      await once(machine, 'close');
      for (const [, , server] of servers) server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The relay is the namespace's only resident: with it, it goes. */
function startRelay(places: readonly string[]) {
  const [program, ...args] = unshared;
  const inside = ['sh', '-c', `${prepare} && exec "$0" "$@"`, process.execPath, relay, ...places];
  return spawn(program, [...args, ...inside], { stdio: ['pipe', 'pipe', 'inherit'] });
}

const tunnelTo = (port: number): Server =>
  createServer((here) => {
    const there = connect(port, '127.0.0.1');
    here.on('error', () => there.destroy()).pipe(there);
    there.on('error', () => here.destroy()).pipe(here);
  });
