import type { Answer, Request } from '../core/http.ts';
import type { World } from '../core/world.ts';
import { exchangeAudience } from './credentials.ts';
import { secondsOf, signJwt } from './jwt.ts';
import type { Federation, PipelineJob } from './state.ts';

/**
 * `POST {System.OidcRequestUri}?api-version=7.1&serviceConnectionId=…`: a fresh OIDC token of a connection.
 * https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
export function createOidcToken(world: World, request: Request): Answer {
  const job = jobOf(world, request);
  if (!job) return notSignedIn(request);
  if (request.apiVersion === '') return noVersion();
  if (!/^7\.[0-2](-preview(\.\d+)?)?$/.test(request.apiVersion)) return oddVersion(request.apiVersion);
  const id = (request.url.searchParams.get('serviceConnectionId') ?? '').toLowerCase();
  const connection = world.signIn.connections.get(id);
  if (!connection || !job.connectionIds.has(id)) return unknownConnection(id);
  return { status: 200, body: { oidcToken: oidcToken(world, connection.federation) } };
}

/** The endpoint is there for POST only. */
export const refuseGet = (): Answer => ({
  status: 405,
  headers: { Allow: 'POST' },
  body: { count: 1, value: { Message: "The requested resource does not support http method 'GET'." } },
});

/** The job's token opens the request URI of that job and no other. */
function jobOf(world: World, request: Request): PipelineJob | undefined {
  const token = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  const job = token === undefined ? undefined : world.signIn.jobs.get(token);
  const path = request.url.pathname.toLowerCase();
  const isOwn = job?.allJobs ? path.startsWith(job.requestPath) : path === job?.requestPath;
  return isOwn ? job : undefined;
}

function oidcToken(world: World, { issuer, subject, thumbprint }: Federation): string {
  const now = secondsOf(world.clock.now());
  const claims = {
    iss: issuer,
    sub: subject,
    aud: exchangeAudience,
    jti: world.newId(),
    iat: now,
    nbf: now,
    exp: now + world.signIn.oidcTokenLifeS,
  };
  return signJwt(world, claims, thumbprint === undefined ? {} : { x5t: thumbprint });
}

/** A browser would be sent to the sign-in page; `X-TFS-FedAuthRedirect: Suppress` says that this is no browser. */
export function notSignedIn(request: Request): Answer {
  if (request.headers['x-tfs-fedauthredirect']?.toLowerCase() !== 'suppress')
    return {
      status: 302,
      headers: { Location: `https://spsprodweu5.vssps.visualstudio.com/_signin?realm=${request.url.host}` },
      body: '',
    };
  return {
    status: 401,
    body: problem("TF400813: The user '' is not authorized to access this resource.", 'UnauthorizedRequestException'),
  };
}

export const noVersion = (method = 'POST'): Answer => ({
  status: 400,
  body: problem(
    `No api-version was supplied for the "${method}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").`,
    'VssVersionNotSpecifiedException',
  ),
});

export const oddVersion = (version: string): Answer => ({
  status: 400,
  body: problem(
    `The requested REST API version of ${version} is out of range for this server. The latest REST API version this server supports is 7.2.`,
    'VssVersionOutOfRangeException',
  ),
});

const unknownConnection = (id: string): Answer => ({
  status: 404,
  body: problem(
    `The service connection does not exist, has been disabled or hasn't been authorized for use: ${id}.`,
    'EndpointNotFoundException',
  ),
});

export const problem = (message: string, typeKey: string) => ({
  $id: '1',
  innerException: null,
  message,
  typeName: `Microsoft.VisualStudio.Services.WebApi.${typeKey}, Microsoft.VisualStudio.Services.WebApi`,
  typeKey,
  errorCode: 0,
  eventId: 3000,
});
