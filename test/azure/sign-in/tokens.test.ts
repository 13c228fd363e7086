import assert from 'node:assert/strict';
import { ClientAssertionCredential, ClientSecretCredential } from '@azure/identity';
import { registerJob, registerPrincipal, registerServiceConnection, simulatedHttpClient } from '../index.ts';
import { type Bench, openBench } from '../support.ts';

const scope = 'https://management.azure.com/.default';
const connection = '0e9b9a2c-0000-4000-8000-00000000c0de';
const robot = '0e9b9a2c-0000-4000-8000-0000000b0b07';

describe('The sign-in service', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = openBench();
  });
  afterEach(() => bench.close());

  const options = () => ({ httpClient: simulatedHttpClient(bench.world), retryOptions: { maxRetries: 0 } });
  const withSecret = (given: Partial<Bench['directory']> = {}) => {
    const { tenantId, clientId, secret } = { ...bench.directory, ...given };
    return new ClientSecretCredential(tenantId, clientId, secret, options());
  };

  it('gives @azure/identity a token for a secret, good for an hour', async () => {
    const token = await withSecret().getToken(scope);
    assert.equal(token.expiresOnTimestamp, Date.now() + 3_600_000);
    const claims = JSON.parse(Buffer.from(token.token.split('.')[1] ?? '', 'base64url').toString());
    assert.equal(claims.tid, bench.directory.tenantId);
    assert.equal(claims.aud, 'https://management.azure.com');
    assert.match(claims.oid, /^[0-9a-f-]{36}$/);
  });

  it('lets a test shorten the life of tokens', async () => {
    bench.world.signIn.accessTokenLifeS = 60;
    const token = await withSecret().getToken(scope);
    assert.equal(token.expiresOnTimestamp, Date.now() + 60_000);
  });

  const refusals = [
    { name: 'a wrong secret', given: { secret: 'wrong' }, says: /AADSTS7000215: Invalid client secret/ },
    {
      name: 'an unknown application',
      given: { clientId: connection },
      says: /AADSTS700016: Application with identifier/,
    },
    { name: 'an unknown tenant', given: { tenantId: connection }, says: /AADSTS90002|endpoints_resolution_error/ },
  ];
  for (const { name, given, says } of refusals)
    it(`refuses ${name} as @azure/identity reports it`, () => assert.rejects(withSecret(given).getToken(scope), says));

  it('answers numbers as text in its first version, as Packer expects', () => {
    const { tenantId, clientId, secret } = bench.directory;
    const form = `grant_type=client_credentials&client_id=${clientId}&client_secret=${secret}&resource=https://vault.azure.net`;
    const { body } = bench.call(
      `POST https://login.microsoftonline.com/${tenantId}/oauth2/token?api-version=1.0`,
      form,
    );
    const { access_token, ...rest } = body as Record<string, string>;
    assert.equal(access_token?.split('.').length, 3);
    const now = Date.parse('2026-01-01T00:00:00Z') / 1000;
    assert.deepEqual(rest, {
      token_type: 'Bearer',
      expires_in: '3600',
      ext_expires_in: '3600',
      expires_on: String(now + 3600),
      not_before: String(now),
      resource: 'https://vault.azure.net',
    });
  });

  const codes = [
    { name: 'no secret', form: {}, status: 401, code: 7000216 },
    { name: 'another grant', form: { grant_type: 'password' }, status: 400, code: 70003 },
    { name: 'a resource that nobody knows', form: { scope: 'https://x.example/.default' }, status: 400, code: 500011 },
    { name: 'a scope of users', form: { scope: 'User.Read' }, status: 400, code: 1002012 },
  ];
  for (const { name, form, status, code } of codes)
    it(`refuses ${name} with AADSTS${code}`, () => {
      const { tenantId, clientId } = bench.directory;
      const whole = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, scope, ...form });
      const answer = bench.call(`POST https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, String(whole));
      assert.equal(answer.status, status);
      assert.deepEqual((answer.body as { error_codes: number[] }).error_codes, [code]);
    });
});

describe('Sign-in by federation', () => {
  let bench: Bench;
  let ask: () => string;
  beforeEach(() => {
    bench = openBench();
    registerPrincipal(bench.world, { tenantId: bench.directory.tenantId, clientId: robot });
    registerServiceConnection(bench.world, connection, robot);
    ask = oidcTokens(bench);
  });
  afterEach(() => bench.close());

  const exchange = (assertion: () => string) =>
    new ClientAssertionCredential(bench.directory.tenantId, robot, async () => assertion(), {
      httpClient: simulatedHttpClient(bench.world),
      retryOptions: { maxRetries: 0 },
    }).getToken(scope);

  it('exchanges a fresh OIDC token of the pipeline service', async () => {
    const token = await exchange(ask);
    assert.ok(token.expiresOnTimestamp > Date.now());
  });

  it('refuses an OIDC token when its ten minutes are over', async () => {
    const assertion = ask();
    bench.pass(600_000);
    await assert.rejects(
      exchange(() => assertion),
      /AADSTS700024: Client assertion is not within its valid time range/,
    );
  });

  it('refuses to exchange one OIDC token twice, unless told to tolerate it', async () => {
    bench.world.signIn.oidcTokenReuse = 'refused';
    const assertion = ask();
    await exchange(() => assertion);
    await assert.rejects(
      exchange(() => assertion),
      /has exchanged this client assertion before/,
    );
    bench.world.signIn.oidcTokenReuse = 'tolerated';
    await exchange(() => assertion);
  });

  it('refuses an OIDC token that somebody else has signed', async () => {
    const [header, claims] = ask().split('.');
    await assert.rejects(
      exchange(() => `${header}.${claims}.AAAA`),
      /AADSTS700027/,
    );
  });

  it('refuses an OIDC token of another connection', async () => {
    registerServiceConnection(bench.world, connection, robot);
    const old = ask();
    registerServiceConnection(bench.world, connection, robot);
    await assert.rejects(
      exchange(() => old),
      /AADSTS700213: No matching federated identity record found for presented assertion subject/,
    );
  });

  it('refuses a secret for a principal that has none', () => {
    const credential = new ClientSecretCredential(bench.directory.tenantId, robot, 'guess', {
      httpClient: simulatedHttpClient(bench.world),
    });
    return assert.rejects(credential.getToken(scope), /AADSTS7000215/);
  });
});

/** A job that asks for OIDC tokens of the connection. */
function oidcTokens(bench: Bench): () => string {
  const job = registerJob(bench.world, {
    collectionUri: 'https://dev.azure.com/phoenix-demo/',
    connectionIds: [connection],
  });
  const url = `${job.SYSTEM_OIDCREQUESTURI}?api-version=7.1&serviceConnectionId=${connection}`;
  return () => {
    const answer = bench.call(`POST ${url}`, '', { authorization: `Bearer ${job.accessToken}` });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return (answer.body as { oidcToken: string }).oidcToken;
  };
}
