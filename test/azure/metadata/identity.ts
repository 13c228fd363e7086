import { type Answer, ok, type Request } from '../core/http.ts';
import type { World } from '../core/world.ts';
import { cloudNamed, knowsResource } from '../sign-in/clouds.ts';
import { secondsOf } from '../sign-in/jwt.ts';
import type { Principal } from '../sign-in/state.ts';
import { accessToken } from '../sign-in/tokens.ts';
import { whyRefused } from './header.ts';

/**
 * `GET http://169.254.169.254/metadata/identity/oauth2/token`: a token of an identity of the machine itself. Numbers are
 * text. https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export function issueToMachine(world: World, request: Request): Answer {
  const why = whyRefused(request);
  if (why !== undefined) return refused('invalid_request', why);
  const resource = request.url.searchParams.get('resource');
  if (!resource) return refused('invalid_request', "Required query variable 'resource' is missing");
  const principal = identityOf(world, request);
  if (!principal) return refused('invalid_request', 'Identity not found');
  if (!isKnownHere(world, principal, resource)) return refused('invalid_resource', unknownResource(resource));
  return ok(grant(world, principal, resource));
}

/**
 * A client id means a user-assigned identity; without one, the system's, or the only user-assigned one there is. Only the
 * agent's machine has identities here.
 */
function identityOf(world: World, { url, from }: Request): Principal | undefined {
  if (from !== undefined) return undefined;
  const clientId = url.searchParams.get('client_id');
  const { systemAssigned, userAssigned } = world.signIn.machine;
  const only = userAssigned.size === 1 ? [...userAssigned][0] : undefined;
  const wanted = clientId?.toLowerCase() ?? systemAssigned ?? only;
  const isHere = wanted !== undefined && (wanted === systemAssigned || userAssigned.has(wanted));
  return isHere ? world.signIn.principals.get(wanted) : undefined;
}

function isKnownHere(world: World, { tenantId }: Principal, resource: string): boolean {
  const tenant = world.signIn.tenants.get(tenantId.toLowerCase());
  return knowsResource(cloudNamed(tenant?.cloud ?? 'AzureCloud'), resource);
}

function grant(world: World, principal: Principal, resource: string) {
  const lifeS = world.signIn.identityTokenLifeS;
  const now = secondsOf(world.clock.now());
  return {
    access_token: accessToken(world, principal, resource, lifeS),
    client_id: principal.clientId,
    expires_in: String(lifeS),
    expires_on: String(now + lifeS),
    ext_expires_in: String(lifeS),
    not_before: String(now),
    resource,
    token_type: 'Bearer',
  };
}

const unknownResource = (resource: string) =>
  `AADSTS500011: The resource principal named ${resource} was not found in the tenant.`;

const refused = (error: string, description: string): Answer => ({
  status: 400,
  body: { error, error_description: description },
});
