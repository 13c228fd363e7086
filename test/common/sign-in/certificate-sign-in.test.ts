import assert from 'node:assert/strict';
import { verify, X509Certificate } from 'node:crypto';
import { Failure } from '../../../tasks/common/failure.ts';
import { clientAssertion } from '../../../tasks/common/sign-in/client-assertion.ts';
import type { ServiceConnection } from '../../../tasks/common/sign-in/connection.ts';
import { credentialFor } from '../../../tasks/common/sign-in/credential.ts';
import { type NewCertificate, newCertificate } from '../../azure/index.ts';
import { type SignInWorld, signInWorld } from './support.ts';

const scope = 'https://management.core.windows.net//.default';

describe('sign-in by certificate', () => {
  let own: NewCertificate;
  let other: NewCertificate;
  let at: SignInWorld;
  before(async () => {
    [own, other] = await Promise.all([newCertificate(), newCertificate()]);
  });
  beforeEach(() => {
    at = signInWorld();
  });
  afterEach(() => at.close());

  const getToken = (connection: ServiceConnection) =>
    at.play(credentialFor(connection, { network: {}, mask: at.mask, httpClient: at.httpClient }).getToken(scope));
  const failureOf = (connection: ServiceConnection) =>
    getToken(connection).then(
      () => assert.fail('it was let in'),
      (error: unknown) => (error instanceof Failure ? error : assert.fail(`not a Failure: ${String(error)}`)),
    );

  it('is let in, and hides assertion and token', async () => {
    const token = await getToken(at.certified(own));
    assert.ok(at.masked.length >= 2 && at.masked.every((secret) => secret.split('.').length === 3));
    assert.equal(at.masked.at(-1), token?.token);
  });

  it('is let in with the newer of two registered certificates', async () => {
    at.certified(other);
    assert.ok(await getToken(at.certified(own)));
  });

  it('says where to register a certificate that the application does not know', async () => {
    at.certified(other);
    const failure = await failureOf(at.connection({ scheme: 'certificate', pem: own.certificate + own.key }));
    assert.equal(failure.code, 'CertificateNotRegistered');
    assert.match(
      failure.message,
      /the shop could not sign in by service principal with a certificate at .*AADSTS700027/,
    );
    assert.match(failure.hint, /Certificates & secrets/);
  });

  it('sends nothing when the connection holds no key', async () => {
    const failure = await failureOf(at.connection({ scheme: 'certificate', pem: own.certificate }));
    assert.equal(failure.code, 'CertificateUnusable');
    assert.match(failure.message, /the shop.*no private key/);
    assert.deepEqual(
      at.calls.filter((call) => call.startsWith('POST')),
      [],
    );
  });

  it('finds out that the certificate has expired while the rollout ran', async () => {
    const short = await newCertificate({ until: '2026-01-05T10:30:00Z' });
    const credential = credentialFor(at.certified(short), { network: {}, mask: at.mask, httpClient: at.httpClient });
    assert.ok(await at.play(credential.getToken(scope)));
    await at.clock.tickAsync(2 * 3_600_000);
    await assert.rejects(at.play(credential.getToken(scope)), { code: 'CertificateUnusable', message: /expired on/ });
  });
});

describe('clientAssertion', () => {
  let own: NewCertificate;
  before(async () => {
    own = await newCertificate();
  });

  it('says who we are, to whom, for how long, and which certificate proves it', () => {
    const at = signInWorld();
    at.close();
    const connection = at.connection({ scheme: 'certificate', pem: own.key + own.certificate });
    const clock = { now: () => 1_700_000_000_000, sleep: async () => {} };
    const made = clientAssertion(connection, { mask: at.mask, clock, newId: () => 'an-id' });
    assert.deepEqual(at.masked, [made]);
    const [header = '', claims = '', signature = ''] = made.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    const certificate = new X509Certificate(own.certificate);
    const hex = (print: string) => Buffer.from(print.replaceAll(':', ''), 'hex').toString('base64url');
    assert.deepEqual(read(header), {
      alg: 'RS256',
      typ: 'JWT',
      x5t: hex(certificate.fingerprint),
      'x5t#S256': hex(certificate.fingerprint256),
    });
    assert.deepEqual(read(claims), {
      aud: `https://login.microsoftonline.com/${connection.tenantId}/oauth2/v2.0/token`,
      iss: connection.clientId,
      sub: connection.clientId,
      jti: 'an-id',
      nbf: 1_699_999_940,
      iat: 1_700_000_000,
      exp: 1_700_000_600,
    });
    const proof = Buffer.from(signature, 'base64url');
    assert.ok(verify('sha256', Buffer.from(`${header}.${claims}`), certificate.publicKey, proof));
  });
});
