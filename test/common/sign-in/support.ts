import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { type Clock as InstalledClock, install } from '@sinonjs/fake-timers';
import type { ServiceConnection, SignInSecret } from '../../../tasks/common/sign-in/connection.ts';
import {
  createWorld,
  type Directory,
  registerDirectory,
  registerJob,
  registerServiceConnection,
  simulatedHttpClient,
  virtualMachines,
  type World,
} from '../../azure/index.ts';
import { play } from '../../azure/play.ts';

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
  /** Lets simulated time run until `work` has ended. */
  play<Result>(work: Promise<Result>): Promise<Result>;
  close(): void;
}

const connectionId = 'fede4a7e-0000-4000-a000-000000000001';

export function signInWorld(): SignInWorld {
  const clock = install({ now: Date.parse('2026-01-05T09:00:00Z') });
  const world = createWorld({ clock: { now: () => Date.now() }, machines: virtualMachines() });
  const directory = registerDirectory(world);
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
    cloud: {
      name: 'AzureCloud',
      resourceManager: 'https://management.azure.com',
      authority: 'https://login.microsoftonline.com',
      audience: 'https://management.core.windows.net/',
    },
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
