import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import type { Clock as InstalledClock } from '@sinonjs/fake-timers';
import type { Cloud, ServiceConnection, SignInSecret } from '../../../tasks/common/sign-in/connection.ts';
import {
  createWorld,
  type Directory,
  type NewCertificate,
  registerCertificate,
  registerDirectory,
  registerJob,
  registerMachineIdentity,
  registerServiceConnection,
  simulatedHttpClient,
  virtualMachines,
  type World,
} from '../../azure/index.ts';
import { play } from '../../azure/play.ts';
import { fakeTime } from '../../support/fake-time.ts';

/** A directory, a job and its connections in the simulated Azure, on simulated time. */
export interface SignInWorld {
  readonly world: World;
  readonly clock: InstalledClock;
  readonly directory: Directory;
  /** Every request, as `POST host/path`. */
  readonly calls: string[];
  readonly httpClient: HttpClient;
  readonly masked: string[];
  readonly mask: (secret: string) => void;
  connection(secret?: SignInSecret): ServiceConnection;
  federated(): ServiceConnection;
  /** With a certificate that is registered on the application. */
  certified(own: NewCertificate): ServiceConnection;
  /** As an identity of the machine that the agent runs on. */
  machine(kind: 'systemAssigned' | 'userAssigned'): ServiceConnection;
  /** Lets simulated time run until `work` has ended. */
  play<Result>(work: Promise<Result>): Promise<Result>;
  close(): void;
}

const connectionId = 'fede4a7e-0000-4000-a000-000000000001';

/** The addresses as a connection of that cloud gives them. */
const clouds: readonly Cloud[] = [
  {
    name: 'AzureCloud',
    resourceManager: 'https://management.azure.com',
    authority: 'https://login.microsoftonline.com',
    audience: 'https://management.core.windows.net/',
  },
  {
    name: 'AzureUSGovernment',
    resourceManager: 'https://management.usgovcloudapi.net',
    authority: 'https://login.microsoftonline.us',
    audience: 'https://management.core.usgovcloudapi.net/',
  },
  {
    name: 'AzureChinaCloud',
    resourceManager: 'https://management.chinacloudapi.cn',
    authority: 'https://login.chinacloudapi.cn',
    audience: 'https://management.core.chinacloudapi.cn/',
  },
];

export function signInWorld(cloudName = 'AzureCloud'): SignInWorld {
  const cloud = clouds.find(({ name }) => name === cloudName);
  if (!cloud) throw new Error(`There is no cloud ${cloudName}.`);
  const clock = fakeTime('2026-01-05T09:00:00Z');
  const world = createWorld({ clock: { now: () => Date.now() }, machines: virtualMachines() });
  const directory = registerDirectory(world, {}, cloudName);
  const calls: string[] = [];
  world.observers.push(({ method, url }) => calls.push(`${method} ${url.hostname}${url.pathname}`));
  const masked: string[] = [];
  const connection = (
    secret: SignInSecret = { scheme: 'secret', clientSecret: directory.secret },
  ): ServiceConnection => ({
    id: connectionId,
    name: 'the shop',
    tenantId: directory.tenantId,
    clientId: directory.clientId,
    subscriptionId: directory.subscriptionId,
    cloud,
    secret,
  });
  return {
    world,
    clock,
    directory,
    calls,
    httpClient: simulatedHttpClient(world),
    masked,
    mask: (secret) => masked.push(secret),
    connection,
    federated() {
      registerServiceConnection(world, connectionId, directory.clientId);
      const job = registerJob(world, { collectionUri: 'https://dev.azure.com/org', connectionIds: [connectionId] });
      const requestUrl = `${job.SYSTEM_OIDCREQUESTURI}?api-version=7.1&serviceConnectionId=${connectionId}`;
      return connection({ scheme: 'federation', oidc: { requestUrl, accessToken: job.accessToken } });
    },
    certified({ certificate, key }) {
      registerCertificate(world, directory.clientId, certificate);
      return connection({ scheme: 'certificate', pem: `${key}${certificate}` });
    },
    machine(kind) {
      const clientId = `1de47171-0000-4000-a000-${kind === 'systemAssigned' ? '000000000001' : '000000000002'}`;
      registerMachineIdentity(world, kind, { tenantId: directory.tenantId, clientId });
      const known = kind === 'userAssigned' ? clientId : '';
      return { ...connection({ scheme: 'managedIdentity' }), tenantId: '', clientId: known };
    },
    play: (work) => play(clock, work),
    close: () => clock.uninstall(),
  };
}

/** A client that answers some requests by itself, before the simulated Azure sees them. */
export function answeringFirst(
  inner: HttpClient,
  answer: (request: PipelineRequest) => { status: number; headers?: Record<string, string>; body?: string } | undefined,
): HttpClient {
  return {
    async sendRequest(request) {
      const own = answer(request);
      if (own === undefined) return inner.sendRequest(request);
      return { request, status: own.status, headers: createHttpHeaders(own.headers ?? {}), bodyAsText: own.body ?? '' };
    },
  };
}
