import { createHash, sign } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { NewId } from '../random.ts';
import { readKeyPair } from './certificate.ts';
import type { ServiceConnection } from './connection.ts';

export interface AssertionOptions {
  readonly mask: (secret: string) => void;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** As long as an OIDC token of the pipeline; Packer wants five minutes at least. */
const lifeS = 600;

/** Clocks of agents run ahead now and then. */
const slackS = 60;

/**
 * A fresh proof that we hold the key of the connection's certificate
 * (learn.microsoft.com/entra/identity-platform/certificate-credentials). `x5t` for older clients such as Packer,
 * which look for it; RS256 because all of them know it.
 */
export function clientAssertion(connection: ServiceConnection, { mask, clock, newId }: AssertionOptions): string {
  if (connection.secret.scheme !== 'certificate') throw new TypeError('This connection has no certificate.');
  const { certificate, key } = readKeyPair(connection.name, connection.secret.pem, clock.now());
  const thumbprint = (algorithm: string) => createHash(algorithm).update(certificate.raw).digest('base64url');
  const header = { alg: 'RS256', typ: 'JWT', x5t: thumbprint('sha1'), 'x5t#S256': thumbprint('sha256') };
  const content = `${encode(header)}.${encode(claims(connection, clock.now(), newId()))}`;
  const assertion = `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
  mask(assertion);
  return assertion;
}

function claims({ tenantId, clientId, cloud }: ServiceConnection, nowMs: number, id: string) {
  const now = Math.floor(nowMs / 1_000);
  return {
    aud: `${cloud.authority}/${tenantId}/oauth2/v2.0/token`,
    iss: clientId,
    sub: clientId,
    jti: id,
    nbf: now - slackS,
    iat: now,
    exp: now + lifeS,
  };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
