import { createHash, verify, X509Certificate } from 'node:crypto';
import type { World } from '../core/world.ts';
import { type Asked, checkFirstUse, checkTimes } from './assertion-rules.ts';
import { badAssertion, expiredKey, incompleteAssertion, otherApplication, wrongRealm } from './errors.ts';
import type { Principal } from './state.ts';

/** https://learn.microsoft.com/entra/identity-platform/certificate-credentials */
interface Parts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly content: string;
  readonly signature: Buffer;
}

/** OIDC tokens are signed with the world's own key; whatever says that an RSA key signed it claims to be of a certificate. */
export const isSignedByKey = (assertion: string): boolean =>
  /^(RS|PS)256$/.test(String(partsOf(assertion)?.header['alg']));

/** Throws when the assertion does not prove that its sender holds the key of a certificate of this principal. */
export function checkCertificate(world: World, principal: Principal, assertion: string, asked: Asked): void {
  const parts = partsOf(assertion);
  const certificate = parts && registered(principal, parts.header);
  if (!certificate || !isSigned(parts, certificate)) throw badAssertion();
  if (world.clock.now() >= Date.parse(certificate.validTo)) throw expiredKey();
  const { aud, iss, sub, jti, nbf, exp } = parts.claims;
  if (typeof nbf !== 'number' || typeof exp !== 'number') throw incompleteAssertion('exp');
  checkTimes(world, { nbf, exp });
  if (!realms(asked.host, principal.tenantId).includes(String(aud))) throw wrongRealm();
  if (iss !== principal.clientId || sub !== principal.clientId) throw otherApplication();
  if (typeof jti !== 'string' || jti === '') throw incompleteAssertion('jti');
  checkFirstUse(world, `${jti} ${asked.audience}`);
}

function partsOf(assertion: string): Parts | undefined {
  const [header = '', claims = '', signature = ''] = assertion.split('.');
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Parts['header'];
  try {
    return {
      header: decode(header),
      claims: decode(claims),
      content: `${header}.${claims}`,
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    return undefined;
  }
}

/** Named by the thumbprint in its header, the newer or the older kind. */
function registered({ certificates = [] }: Principal, header: Parts['header']): X509Certificate | undefined {
  const print = ({ raw }: X509Certificate, algorithm: string) => createHash(algorithm).update(raw).digest('base64url');
  return certificates
    .map((pem) => new X509Certificate(pem))
    .find((one) =>
      header['x5t#S256'] === undefined
        ? print(one, 'sha1') === header['x5t']
        : print(one, 'sha256') === header['x5t#S256'],
    );
}

function isSigned({ header, content, signature }: Parts, { publicKey }: X509Certificate): boolean {
  const key = { key: publicKey, ...(header['alg'] === 'PS256' && { padding: 6, saltLength: 32 }) };
  return verify('sha256', Buffer.from(content), key, signature);
}

/** The token endpoints of the tenant at this host, of both versions: Packer's older library exchanges at the first. */
const realms = (host: string, tenantId: string) =>
  ['oauth2/token', 'oauth2/v2.0/token', 'v2.0'].map((path) => `https://${host}/${tenantId}/${path}`);
