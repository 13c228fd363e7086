import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gates as allGates } from '../core/gates.ts';
import type { Gates } from '../core/handle.ts';
import { settle, type World } from '../core/world.ts';
import { createAuthority } from './authority.ts';
import { isSimulated } from './hosts.ts';
import { createHttpsServer, type RequestLine } from './https-server.ts';
import { createProxy, type ProxyConnect, type ProxyCredentials } from './proxy.ts';

export interface StartOptions {
  readonly world: World;
  readonly gates?: Gates;
  /** What the proxy asks for; undefined lets everybody through. */
  readonly proxyCredentials?: ProxyCredentials;
  /** Further hosts that are simulated, for example the collection's own. */
  readonly hosts?: readonly string[];
  readonly onRequest?: (line: RequestLine) => void;
}

export interface RunningAzure {
  /** `http://127.0.0.1:port`, without the credentials. */
  readonly proxyUrl: string;
  readonly caFile: string;
  readonly caPem: string;
  /** What Azure CLI, Packer and Node need to get here; its Azure CLI configuration is a temporary one. */
  readonly environment: Readonly<Record<string, string>>;
  /** Every host that was asked for, in order. */
  readonly connects: readonly ProxyConnect[];
  close(): Promise<void>;
}

/** How often the world is looked after when nobody calls. */
const settleEveryMs = 100;

/** Starts the simulated Azure on loopback: an HTTPS server, and the proxy by which clients reach it. */
export async function startAzure(options: StartOptions): Promise<RunningAzure> {
  const { world } = options;
  const authority = await createAuthority();
  const folder = await mkdtemp(join(tmpdir(), 'simulated-azure-'));
  const connects: ProxyConnect[] = [];
  const https = createHttpsServer({ ...options, gates: options.gates ?? allGates(), authority });
  const targetPort = await listen(https);
  const proxy = createProxy({
    targetPort,
    isKnown: (host) => isSimulated(host, options.hosts),
    onConnect: (connect) => connects.push(connect),
    ...(options.proxyCredentials && { credentials: options.proxyCredentials }),
  });
  const proxyPort = await listen(proxy.server);
  const timer = setInterval(() => settle(world), settleEveryMs);
  const caFile = await writeFiles(folder, authority.caPem);
  return {
    proxyUrl: `http://127.0.0.1:${proxyPort}`,
    caFile,
    caPem: authority.caPem,
    environment: environmentOf(folder, caFile, proxyPort, options.proxyCredentials),
    connects,
    async close() {
      clearInterval(timer);
      proxy.breakTunnels();
      https.closeAllConnections();
      await Promise.all([stop(proxy.server), stop(https)]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's Azure CLI 2.45 can speak to compute and network only with the hybrid profile (azure.md §18). */
async function writeFiles(folder: string, caPem: string): Promise<string> {
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, caPem);
  await mkdir(join(folder, 'az'));
  await writeFile(join(folder, 'az', 'clouds.config'), '[AzureCloud]\nprofile = 2020-09-01-hybrid\n');
  return caFile;
}

function environmentOf(folder: string, caFile: string, port: number, credentials?: ProxyCredentials) {
  const user = credentials
    ? `${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}@`
    : '';
  return {
    HTTPS_PROXY: `http://${user}127.0.0.1:${port}`,
    NO_PROXY: '',
    REQUESTS_CA_BUNDLE: caFile,
    SSL_CERT_FILE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
    AZURE_CONFIG_DIR: join(folder, 'az'),
    AZURE_CORE_COLLECT_TELEMETRY: '0',
    CHECKPOINT_DISABLE: '1',
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const stop = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));
