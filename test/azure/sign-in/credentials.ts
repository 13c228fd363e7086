import type { World } from '../core/world.ts';
import { type Asked, checkFirstUse, checkTimes } from './assertion-rules.ts';
import { checkCertificate, isSignedByKey } from './certificates.ts';
import {
  badAssertion,
  noCredential,
  wrongAssertionAudience,
  wrongIssuer,
  wrongSecret,
  wrongSubject,
} from './errors.ts';
import { readJwt } from './jwt.ts';
import type { Principal } from './state.ts';

/** The only audience that a federated credential accepts here (pipelines.md §7). */
export const exchangeAudience = 'api://AzureADTokenExchange';

/** Throws when the form does not prove that its sender is this principal. */
export function checkCredential(world: World, principal: Principal, form: URLSearchParams, asked: Asked): void {
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  if (assertion !== null && isSignedByKey(assertion)) checkCertificate(world, principal, assertion, asked);
  else if (assertion !== null) checkAssertion(world, principal, assertion, asked.audience);
  else if (secret === null) throw noCredential();
  else if (principal.secret === undefined || secret !== principal.secret) throw wrongSecret(principal.clientId);
}

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation */
function checkAssertion(world: World, principal: Principal, assertion: string, audience: string): void {
  const claims = readJwt(world, assertion);
  if (!claims) throw badAssertion();
  checkTimes(world, claims);
  if (claims.aud !== exchangeAudience) throw wrongAssertionAudience(claims.aud);
  if (claims.iss !== principal.federation?.issuer) throw wrongIssuer(claims.iss);
  if (claims.sub !== principal.federation.subject) throw wrongSubject(claims.sub);
  checkFirstUse(world, `${claims.jti} ${audience}`);
}
