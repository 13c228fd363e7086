import { ComputeManagementClient } from '@azure/arm-compute';
import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicyName,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
  type PipelinePolicy,
  type PipelineRequest,
} from '@azure/core-rest-pipeline';
import { harmlessLine } from '../agent/harmless.ts';
import { type Clock, systemClock } from '../clock.ts';
import { networkPolicy, unusedProxy } from '../network/network-policy.ts';
import type { NetworkSettings } from '../network/network-settings.ts';
import type { Cloud, ServiceConnection } from '../sign-in/connection.ts';
import { credentialFor } from '../sign-in/credential.ts';
import { answerPolicy, bodyOf, pollWaitPolicy } from './answer-policy.ts';
import { armRetryPolicy } from './retry-policy.ts';
import { unreadable } from './unreadable.ts';

/** What the rest of `azure/` works with. */
export interface Azure {
  readonly compute: ComputeManagementClient;
  readonly subscriptionId: string;
  readonly cloud: Cloud;
  /** The same account looking at another subscription: galleries are often shared from one. */
  readonly inSubscription: (subscriptionId: string) => ComputeManagementClient;
  /** Who asks, for people: `service connection "shop" (application …)`. */
  readonly account: string;
  /**
   * Reads what the compute client has no call for, in the same way in all else: a path with its query, or a whole
   * address that Azure gave. The parsed answer; undefined when it is no JSON.
   */
  readonly arm: (address: string) => Promise<unknown>;
  /** The same for a PUT with a body. */
  readonly put: (path: string, body: unknown) => Promise<unknown>;
}

export interface ConnectOptions {
  readonly connection: ServiceConnection;
  readonly network: NetworkSettings;
  readonly mask: (secret: string) => void;
  /** `phoenix-scale-sets/1.2.3`: how Azure's support finds our calls. */
  readonly userAgent: string;
  /** The run was cancelled: nothing is waited for any more before it is sent again. */
  readonly cancelled?: AbortSignal;
  /** In place of real sockets: the simulated Azure of the tests. */
  readonly httpClient?: HttpClient;
  readonly clock?: Clock;
}

/** Opens Azure as a service connection sees it. Nothing is sent before the first call. */
export function connect(options: ConnectOptions): Azure {
  const { cloud, subscriptionId } = options.connection;
  const credential = credentialFor(options.connection, options);
  const network = networkPolicy(options.network);
  const clients = new Map<string, ComputeManagementClient>();
  const inSubscription = (id: string) => {
    const known = clients.get(id.toLowerCase()) ?? openCompute(options, credential, network, id);
    clients.set(id.toLowerCase(), known);
    return known;
  };
  const compute = inSubscription(subscriptionId);
  const { name, clientId } = options.connection;
  const account = `service connection "${name}" (${clientId === '' ? "its agent's own identity" : `application ${clientId}`})`;
  return { compute, subscriptionId, cloud, inSubscription, account, ...rawCalls(compute.pipeline, options) };
}

function rawCalls(
  pipeline: Pipeline,
  { connection, httpClient = createDefaultHttpClient() }: ConnectOptions,
): Pick<Azure, 'arm' | 'put'> {
  const { resourceManager } = connection.cloud;
  const send = async (request: Pick<PipelineRequest, 'url' | 'method'> & { readonly body?: string }) => {
    const headers = createHttpHeaders(request.body === undefined ? {} : { 'Content-Type': 'application/json' });
    return bodyOf(await pipeline.sendRequest(httpClient, createPipelineRequest({ ...request, headers })));
  };
  return {
    arm: (address) => send({ url: address.startsWith('/') ? `${resourceManager}${address}` : address, method: 'GET' }),
    put: (path, body) => send({ url: `${resourceManager}${path}`, method: 'PUT', body: JSON.stringify(body) }),
  };
}

/** Our token goes to Resource Manager alone, and answers say where they go on: lists, and operations that take long. */
const ownHostPolicy = ({ resourceManager }: Cloud): PipelinePolicy => ({
  name: 'phoenixOwnHostPolicy',
  sendRequest(request, next) {
    const own = new URL(resourceManager).hostname;
    const hostname = URL.canParse(request.url) ? new URL(request.url).hostname : request.url;
    if (hostname !== own && !hostname.endsWith(`.${own}`)) throw foreignAddress(hostname);
    return next(request);
  },
});

const foreignAddress = (host: string) =>
  unreadable(`Azure's answer goes on at ${harmlessLine(host, 200)}, which is not its Resource Manager`);

function openCompute(
  options: ConnectOptions,
  credential: TokenCredential,
  network: PipelinePolicy,
  subscriptionId: string,
) {
  const { cloud } = options.connection;
  const compute = new ComputeManagementClient(credential, subscriptionId, {
    endpoint: cloud.resourceManager,
    credentials: { scopes: [`${cloud.audience}/.default`] },
    additionalPolicies: [{ policy: network, position: 'perRetry' }],
    proxyOptions: unusedProxy,
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: options.userAgent },
    ...(options.httpClient && { httpClient: options.httpClient }),
  });
  compute.pipeline.addPolicy(ownHostPolicy(cloud), { beforePolicies: [bearerTokenAuthenticationPolicyName] });
  shapeAnswers(compute.pipeline, options.clock ?? systemClock, options.cancelled);
  return compute;
}

/** Our own rules in place of the SDK's: what is sent again, how long is waited, and what an error says. */
function shapeAnswers(pipeline: Pipeline, clock: Clock, cancelled: AbortSignal | undefined): void {
  pipeline.removePolicy({ phase: 'Retry' });
  pipeline.addPolicy(armRetryPolicy(clock, cancelled), { phase: 'Retry' });
  pipeline.addPolicy(pollWaitPolicy(() => clock.now()));
  pipeline.addPolicy(answerPolicy, { beforePolicies: [bearerTokenAuthenticationPolicyName] });
}
