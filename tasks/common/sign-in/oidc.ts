import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { type Clock, systemClock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { OidcEndpoint, ServiceConnection } from './connection.ts';
import { wellKnownPipelineHosts } from './hosts.ts';
import { nextTry } from './oidc-retry.ts';

/** Sends one request through the agent's network: see `oidc-send.ts`. */
export type Send = (request: ReturnType<typeof createPipelineRequest>) => Promise<PipelineResponse>;

export interface OidcOptions {
  readonly send: Send;
  readonly mask: (secret: string) => void;
  readonly clock?: Clock;
}

/** A fresh OIDC token of the pipeline for this connection; it lives about ten minutes (pipelines.md §7). */
export async function freshOidcToken(connection: ServiceConnection, options: OidcOptions): Promise<string> {
  if (connection.secret.scheme !== 'federation') throw new TypeError('This connection has no OIDC endpoint.');
  const { requestUrl, accessToken } = connection.secret.oidc;
  options.mask(accessToken);
  refuseForeignHost(connection.secret.oidc);
  const answer = await ask(connection, requestUrl, accessToken, options);
  const token = readToken(connection, answer);
  options.mask(token);
  return token;
}

/** The job's token opens the whole project: it is sent to the pipeline service and to nobody else. */
function refuseForeignHost({ requestUrl, collectionHost }: OidcEndpoint): void {
  const url = URL.canParse(requestUrl) ? new URL(requestUrl) : undefined;
  const known = (host: string) => host === collectionHost || wellKnownPipelineHosts.some((one) => isWithin(host, one));
  if (url?.protocol === 'https:' && url.username === '' && known(url.hostname)) return;
  throw new Failure(
    'OidcHostRefused',
    `The agent names ${url?.origin ?? requestUrl} as the place of OIDC tokens, which is no https host of Azure DevOps`,
    'System.OidcRequestUri must not be set by hand. Federation needs Azure DevOps Services.',
  );
}

const isWithin = (host: string, domain: string) => host === domain || host.endsWith(`.${domain}`);

const tries = 3;

async function ask(
  connection: ServiceConnection,
  url: string,
  accessToken: string,
  options: OidcOptions,
): Promise<PipelineResponse> {
  const clock = options.clock ?? systemClock;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await post(url, accessToken, options.send).catch(silence);
    const heard = answer instanceof Error ? undefined : answer;
    if (heard?.status === 200) return heard;
    const next = nextTry(heard?.status, heard?.headers.get('Retry-After'), attempt, clock.now());
    if (next.kind === 'giveUp' || attempt >= tries)
      throw heard ? refused(connection, heard, attempt) : unreachable(connection, answer as Error);
    await clock.sleep(next.afterMs);
  }
}

function post(url: string, accessToken: string, send: Send): Promise<PipelineResponse> {
  const headers = createHttpHeaders({
    Authorization: `Bearer ${accessToken}`,
    'Content-Type': 'application/json',
    // Without it the service answers an expired token with a redirect to a sign-in page.
    'X-TFS-FedAuthRedirect': 'Suppress',
  });
  return send(createPipelineRequest({ url, method: 'POST', headers, timeout: 30_000 }));
}

/** A refusal of our own stays one; any other error means that nobody answered, and a token may be asked for again. */
function silence(error: unknown): Error {
  if (error instanceof Failure || !(error instanceof Error)) throw error;
  return error;
}

const unreachable = ({ name }: ServiceConnection, cause: Error) =>
  new Failure(
    'OidcUnreachable',
    `No OIDC token for service connection ${name}: Azure DevOps could not be reached (${cause.message})`,
    "Check the agent's proxy and certificate authority, and that it reaches dev.azure.com.",
    { cause },
  );

/** It will pass by itself, and says nothing about what the pipeline may. */
const isUnwell = ({ status }: PipelineResponse) => status === 429 || status >= 500;

/** The body is not shown: it may hold the token. */
function refused(connection: ServiceConnection, answer: PipelineResponse, attempts: number): Failure {
  const times = attempts > 1 ? ` (${attempts} tries)` : '';
  const activity = answer.headers.get('ActivityId') ?? answer.headers.get('X-VSS-E2EID');
  const trace = activity ? `, activity ${activity}` : '';
  const said = `No OIDC token for service connection ${connection.name}: Azure DevOps answered ${answer.status}${times}${trace}`;
  if (isUnwell(answer))
    return new Failure('OidcUnavailable', said, 'Azure DevOps is not well at the moment: run the task again later.');
  return new Failure(
    'OidcRefused',
    said,
    'See that this pipeline is allowed to use the service connection and that the job has not run longer than its token lives.',
  );
}

function readToken(connection: ServiceConnection, answer: PipelineResponse): string {
  const token = tokenIn(answer.bodyAsText ?? '');
  if (token !== undefined) return token;
  throw new Failure(
    'OidcRefused',
    `No OIDC token for service connection ${connection.name}: Azure DevOps answered 200 without a token in it`,
    'Something between the agent and Azure DevOps changes the answers: check the proxy.',
  );
}

function tokenIn(body: string): string | undefined {
  try {
    const token = (JSON.parse(body) as { oidcToken?: unknown }).oidcToken;
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    return undefined;
  }
}
