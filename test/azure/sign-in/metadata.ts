import { type Answer, ok, type Request } from '../core/http.ts';
import type { World } from '../core/world.ts';
import { unknownTenant } from './errors.ts';

/** `GET /{tenant}/.well-known/openid-configuration` */
export function configurationV1(world: World, request: Request): Answer {
  return configuration(world, request, '/oauth2', (tenant) => `https://sts.windows.net/${tenant}/`);
}

/** `GET /{tenant}/v2.0/.well-known/openid-configuration` */
export function configurationV2(world: World, request: Request): Answer {
  return configuration(world, request, '/oauth2/v2.0', (tenant) => `https://${request.url.host}/${tenant}/v2.0`);
}

/** The words for "any tenant" have a configuration too, with a placeholder for the tenant in the issuer. */
const anyTenant = new Set(['common', 'organizations', 'consumers']);

function configuration(world: World, request: Request, path: string, issuer: (tenant: string) => string): Answer {
  const named = (request.params['tenant'] ?? '').toLowerCase();
  if (!anyTenant.has(named) && !world.signIn.tenants.has(named)) return unknownTenant(named).answer(world);
  const base = `https://${request.url.host}/${named}`;
  return ok({
    token_endpoint: `${base}${path}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuer(anyTenant.has(named) ? '{tenantid}' : named),
    authorization_endpoint: `${base}${path}/authorize`,
    device_authorization_endpoint: `${base}${path}/devicecode`,
    end_session_endpoint: `${base}${path}/logout`,
    tenant_region_scope: 'AS',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
  });
}

/** `GET /common/discovery/instance`: the hosts that speak for one cloud. */
export function discoverInstance(_world: World, request: Request): Answer {
  const tenant = new URL(request.url.searchParams.get('authorization_endpoint') ?? request.url.href).pathname.split(
    '/',
  )[1];
  return ok({
    tenant_discovery_endpoint: `https://login.microsoftonline.com/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      {
        preferred_network: 'login.microsoftonline.com',
        preferred_cache: 'login.windows.net',
        aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
      },
    ],
  });
}
