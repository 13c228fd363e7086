import { checkRights } from '../authorization/assignments.ts';
import { checkLocks } from '../authorization/locks.ts';
import { cloudOf } from '../sign-in/clouds.ts';
import { readJwt } from '../sign-in/jwt.ts';
import type { Subscription } from '../sign-in/state.ts';
import { ArmError } from './arm-errors.ts';
import type { Answer, Call } from './http.ts';
import { asVersionOf } from './older-versions.ts';
import { checkRate, rateHeaders } from './rate-limits.ts';
import type { World } from './world.ts';

/** The sign-in hosts and the pipeline service look at their callers themselves. */
export function checkNothing(): void {}

/** What Resource Manager looks at before any provider sees the call, in this order. */
export function checkArm(world: World, call: Call): void {
  const subscription = subscriptionOf(world, call);
  checkToken(world, call, subscription);
  if (!call.url.searchParams.get('api-version')) throw noApiVersion();
  checkRights(world, call);
  checkLocks(world, call);
  checkRate(world, call);
}

/** Every answer can be traced, by ids that support asks for, and is in the words of the caller's api-version. */
export function armHeaders(world: World, call: Call, answer: Answer): Answer {
  const requestId = world.newId();
  const headers = {
    'Cache-Control': 'no-cache',
    'x-ms-request-id': requestId,
    'x-ms-correlation-request-id': call.headers['x-ms-correlation-request-id'] ?? requestId,
    ...rateHeaders(world, call),
    ...answer.headers,
  };
  return asVersionOf(call, { ...answer, headers });
}

/** An unknown subscription is told before the token is looked at: Packer's search for a tenant relies on it. */
function subscriptionOf(world: World, call: Call): Subscription | undefined {
  const [scope, id] = call.url.pathname.split('/').filter((part) => part !== '');
  if (scope?.toLowerCase() !== 'subscriptions' || id === undefined) return undefined;
  const subscription = world.signIn.subscriptions.get(id.toLowerCase());
  if (!subscription || !isOfCloud(world, subscription, call.url.hostname))
    throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);
  return subscription;
}

/** No cloud knows the subscriptions of another. */
function isOfCloud(world: World, { tenantId }: Subscription, host: string): boolean {
  const tenant = world.signIn.tenants.get(tenantId.toLowerCase());
  return (tenant?.cloud ?? 'AzureCloud') === cloudOf(host)?.name;
}

function checkToken(world: World, call: Call, subscription: Subscription | undefined): void {
  const refuse = refusalFor(subscription?.tenantId ?? 'common');
  const token = /^Bearer (.+)$/i.exec(call.headers['authorization'] ?? '')?.[1];
  if (token === undefined)
    throw refuse('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  const claims = readJwt(world, token);
  if (!claims) throw refuse('InvalidAuthenticationToken', 'The access token is invalid.');
  const now = world.clock.now();
  if (now >= claims.exp * 1000) throw refuse('ExpiredAuthenticationToken', expiry(claims.exp * 1000, now));
  const audiences = audiencesOf(call.url.hostname);
  if (!audiences.includes(claims.aud))
    throw refuse('InvalidAuthenticationTokenAudience', wrongAudience(claims.aud, audiences));
  if (subscription && claims['tid'] !== subscription.tenantId)
    throw refuse('InvalidAuthenticationTokenTenant', wrongTenant(claims.iss, subscription.tenantId));
}

const audiencesOf = (host: string) => (cloudOf(host)?.audiences ?? []).flatMap((name) => [`${name}/`, name]);

/** A 401 names the tenant that this subscription trusts: clients without a tenant read it there (azure.md §18). */
function refusalFor(tenant: string) {
  return (code: string, message: string) =>
    new ArmError(401, code, message, {
      headers: {
        'WWW-Authenticate': `Bearer authorization_uri="https://login.windows.net/${tenant}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
      },
    });
}

const expiry = (expMs: number, nowMs: number) =>
  `The access token expiry UTC time '${new Date(expMs).toISOString()}' is earlier than current UTC time '${new Date(nowMs).toISOString()}'.`;

const wrongAudience = (audience: string, audiences: readonly string[]) =>
  `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the allowed audiences '${audiences.join("','")}'.`;

const wrongTenant = (issuer: string, tenant: string) =>
  `The access token is from the wrong issuer '${issuer}'. It must match the tenant 'https://sts.windows.net/${tenant}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${tenant}' to get the token.`;

const noApiVersion = () =>
  new ArmError(
    400,
    'MissingApiVersionParameter',
    'The api-version query parameter (?api-version=) is required for all requests.',
  );
