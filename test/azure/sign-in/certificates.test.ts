import assert from 'node:assert/strict';
import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { type NewCertificate, newCertificate, registerCertificate } from '../index.ts';
import { type Bench, openBench } from '../support.ts';

const now = Date.parse('2026-01-01T00:00:00Z') / 1000;

describe('Sign-in by certificate', () => {
  let own: NewCertificate;
  let other: NewCertificate;
  let old: NewCertificate;
  let bench: Bench;
  before(async () => {
    [own, other, old] = await Promise.all([
      newCertificate(),
      newCertificate(),
      newCertificate({ until: '2025-12-31' }),
    ]);
  });
  beforeEach(() => {
    bench = openBench();
    registerCertificate(bench.world, bench.directory.clientId, own.certificate);
    registerCertificate(bench.world, bench.directory.clientId, old.certificate);
  });
  afterEach(() => bench.close());

  const host = 'https://login.microsoftonline.com';
  interface Making {
    readonly claims?: Readonly<Record<string, unknown>>;
    readonly by?: NewCertificate;
    readonly key?: string;
    readonly prints?: readonly string[];
    readonly pss?: boolean;
  }
  function made({ claims = {}, by = own, key = by.key, prints = ['x5t', 'x5t#S256'], pss = false }: Making): string {
    const { tenantId, clientId } = bench.directory;
    const { raw } = new X509Certificate(by.certificate);
    const print = (name: string) =>
      createHash(name === 'x5t' ? 'sha1' : 'sha256')
        .update(raw)
        .digest('base64url');
    const header = { alg: pss ? 'PS256' : 'RS256', ...Object.fromEntries(prints.map((name) => [name, print(name)])) };
    const all = {
      aud: `${host}/${tenantId}/oauth2/v2.0/token`,
      iss: clientId,
      sub: clientId,
      jti: 'j',
      nbf: now,
      exp: now + 600,
    };
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const content = `${encode(header)}.${encode({ ...all, ...claims })}`;
    const padding = pss ? { padding: 6, saltLength: 32 } : {};
    const signature = sign('sha256', Buffer.from(content), { key: createPrivateKey(key), ...padding });
    return `${content}.${signature.toString('base64url')}`;
  }
  function exchange(assertion: string, path = 'oauth2/v2.0/token') {
    const { tenantId, clientId } = bench.directory;
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion: assertion,
      scope: 'https://management.azure.com/.default',
      resource: 'https://management.azure.com',
    };
    return bench.call(`POST ${host}/${tenantId}/${path}`, String(new URLSearchParams(form)));
  }

  const good: readonly { name: string; making: Making }[] = [
    { name: 'RS256 with both thumbprints', making: {} },
    { name: 'PS256', making: { pss: true } },
    { name: 'the older thumbprint alone', making: { prints: ['x5t'] } },
    { name: 'the newer thumbprint alone', making: { prints: ['x5t#S256'] } },
  ];
  for (const { name, making } of good) it(`takes ${name}`, () => assert.equal(exchange(made(making)).status, 200));

  it('takes at its first version what was made for the second, as Packer uses it', () =>
    assert.equal(exchange(made({}), 'oauth2/token').status, 200));

  const bad: readonly { name: string; making: () => Making; code: number }[] = [
    { name: 'a certificate that is not registered', making: () => ({ by: other }), code: 700027 },
    { name: 'no thumbprint', making: () => ({ prints: [] }), code: 700027 },
    { name: 'the signature of another key', making: () => ({ key: other.key }), code: 700027 },
    { name: 'an expired certificate', making: () => ({ by: old }), code: 700027 },
    { name: 'an expired assertion', making: () => ({ claims: { exp: now } }), code: 700024 },
    { name: 'an assertion of tomorrow', making: () => ({ claims: { nbf: now + 61 } }), code: 700024 },
    { name: 'an assertion without end', making: () => ({ claims: { exp: undefined } }), code: 50027 },
    { name: 'another audience', making: () => ({ claims: { aud: 'api://AzureADTokenExchange' } }), code: 700023 },
    {
      name: 'another cloud',
      making: () => ({ claims: { aud: 'https://login.microsoftonline.us/x/oauth2/token' } }),
      code: 700023,
    },
    { name: 'another application', making: () => ({ claims: { sub: 'x' } }), code: 700021 },
    { name: 'another issuer', making: () => ({ claims: { iss: 'x' } }), code: 700021 },
    { name: 'no jti', making: () => ({ claims: { jti: undefined } }), code: 50027 },
  ];
  for (const { name, making, code } of bad)
    it(`refuses ${name} with AADSTS${code}`, () => {
      const answer = exchange(made(making()));
      assert.equal(answer.status, 401);
      assert.deepEqual((answer.body as { error_codes: number[] }).error_codes, [code]);
    });

  it('refuses one assertion a second time', () => {
    const assertion = made({});
    assert.equal(exchange(assertion).status, 200);
    assert.match(JSON.stringify(exchange(assertion).body), /has exchanged this client assertion before/);
  });
});
