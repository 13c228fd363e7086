import type { World } from '../core/world.ts';
import {
  badAssertion,
  expiredAssertion,
  noCredential,
  reusedAssertion,
  wrongAssertionAudience,
  wrongIssuer,
  wrongSecret,
  wrongSubject,
} from './errors.ts';
import { type Claims, readJwt, secondsOf } from './jwt.ts';
import type { Principal } from './state.ts';

/** The only audience that a federated credential accepts here (pipelines.md §7). */
export const exchangeAudience = 'api://AzureADTokenExchange';

/** Throws when the form does not prove that its sender is this principal. */
export function checkCredential(world: World, principal: Principal, form: URLSearchParams, audience: string): void {
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  if (assertion !== null) checkAssertion(world, principal, assertion, audience);
  else if (secret === null) throw noCredential();
  else if (principal.secret === undefined || secret !== principal.secret) throw wrongSecret(principal.clientId);
}

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation */
function checkAssertion(world: World, principal: Principal, assertion: string, audience: string): void {
  const claims = readJwt(world, assertion);
  if (!claims) throw badAssertion();
  checkTimes(claims, secondsOf(world.clock.now()));
  if (claims.aud !== exchangeAudience) throw wrongAssertionAudience(claims.aud);
  if (claims.iss !== principal.federation?.issuer) throw wrongIssuer(claims.iss);
  if (claims.sub !== principal.federation.subject) throw wrongSubject(claims.sub);
  checkFirstUse(world, `${claims.jti} ${audience}`);
}

function checkTimes({ nbf, exp }: Claims, now: number): void {
  const text = (seconds: number) => new Date(seconds * 1000).toISOString();
  if (now < nbf || now >= exp) throw expiredAssertion(text(now), text(nbf), text(exp));
}

/** Once for each audience: Packer signs in to Resource Manager and to Key Vault with the one assertion it has got. */
function checkFirstUse(world: World, use: string): void {
  if (world.signIn.oidcTokenReuse === 'refused' && world.signIn.usedAssertions.has(use)) throw reusedAssertion();
  world.signIn.usedAssertions.add(use);
}
