import type { Answer, Request } from '../core/http.ts';
import type { World } from '../core/world.ts';
import { cloudOf, knowsResource } from './clouds.ts';
import { checkCredential } from './credentials.ts';
import {
  badScope,
  SignInError,
  unknownApplication,
  unknownResource,
  unknownTenant,
  unsupportedGrant,
} from './errors.ts';
import { secondsOf, signJwt } from './jwt.ts';
import type { Principal, Tenant } from './state.ts';

/** `POST /{tenant}/oauth2/token`: the first version, which names a resource and answers numbers as strings. */
export function issueV1(world: World, request: Request): Answer {
  return grant(
    world,
    request,
    (form) => form.get('resource') ?? '',
    (audience, token, issuedAt) => ({
      token_type: 'Bearer',
      expires_in: String(world.signIn.accessTokenLifeS),
      ext_expires_in: String(world.signIn.accessTokenLifeS),
      expires_on: String(issuedAt + world.signIn.accessTokenLifeS),
      not_before: String(issuedAt),
      resource: audience,
      access_token: token,
    }),
  );
}

/** `POST /{tenant}/oauth2/v2.0/token`: the second version, which names a scope and answers numbers. */
export function issueV2(world: World, request: Request): Answer {
  return grant(world, request, audienceOfScope, (_audience, token) => ({
    token_type: 'Bearer',
    expires_in: world.signIn.accessTokenLifeS,
    ext_expires_in: world.signIn.accessTokenLifeS,
    access_token: token,
  }));
}

type Reply = (audience: string, token: string, issuedAt: number) => Record<string, unknown>;

function grant(world: World, request: Request, audienceOf: (form: URLSearchParams) => string, reply: Reply): Answer {
  try {
    const form = new URLSearchParams(request.body);
    const tenant = tenantOf(world, request);
    if (form.get('grant_type') !== 'client_credentials') throw unsupportedGrant(form.get('grant_type') ?? '');
    const principal = principalOf(world, form.get('client_id') ?? '', tenant);
    const audience = audienceOf(form);
    if (!knowsResource(cloudOf(request.url.hostname), audience)) throw unknownResource(audience, tenant.name);
    checkCredential(world, principal, form, { audience, host: request.url.hostname });
    const issuedAt = secondsOf(world.clock.now());
    const token = accessToken(world, principal, audience, world.signIn.accessTokenLifeS);
    return { status: 200, headers: { 'Cache-Control': 'no-store, no-cache' }, body: reply(audience, token, issuedAt) };
  } catch (error) {
    if (error instanceof SignInError) return error.answer(world);
    throw error;
  }
}

function tenantOf(world: World, request: Request): Tenant {
  const named = request.params['tenant'] ?? '';
  const tenant = world.signIn.tenants.get(named.toLowerCase());
  if (!tenant || (tenant.cloud ?? 'AzureCloud') !== cloudOf(request.url.hostname)?.name) throw unknownTenant(named);
  return tenant;
}

function principalOf(world: World, clientId: string, tenant: Tenant): Principal {
  const principal = world.signIn.principals.get(clientId.toLowerCase());
  if (principal?.tenantId !== tenant.id) throw unknownApplication(clientId, tenant.name);
  return principal;
}

/** `https://management.azure.com/.default`; a resource that ends in a slash keeps it: `…net//.default`. */
function audienceOfScope(form: URLSearchParams): string {
  const named = (form.get('scope') ?? '').split(' ').find((scope) => scope.endsWith('/.default'));
  if (!named) throw badScope(form.get('scope') ?? '');
  return named.slice(0, -'/.default'.length);
}

/** Claims: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
export function accessToken(world: World, principal: Principal, audience: string, lifeS: number): string {
  const issuedAt = secondsOf(world.clock.now());
  const { tenantId, clientId, objectId } = principal;
  return signJwt(world, {
    iss: `https://sts.windows.net/${tenantId}/`,
    sub: objectId,
    aud: audience,
    jti: world.newId(),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifeS,
    appid: clientId,
    idtyp: 'app',
    oid: objectId,
    tid: tenantId,
    ver: '1.0',
  });
}
