import assert from 'node:assert/strict';
import { type HttpClient, RestError } from '@azure/core-rest-pipeline';
import { Failure } from '../../../tasks/common/failure.ts';
import type { ServiceConnection } from '../../../tasks/common/sign-in/connection.ts';
import { credentialFor } from '../../../tasks/common/sign-in/credential.ts';
import { answeringFirst, type SignInWorld, signInWorld } from './support.ts';

const scope = 'https://management.core.windows.net//.default';

describe('credentialFor', () => {
  let at: SignInWorld;
  beforeEach(() => {
    at = signInWorld();
  });
  afterEach(() => at.close());

  const credential = (connection: ServiceConnection, httpClient: HttpClient = at.httpClient) =>
    credentialFor(connection, { network: {}, mask: at.mask, httpClient });
  const tokenCalls = () => at.calls.filter((call) => call.endsWith('/oauth2/v2.0/token')).length;
  const oidcCalls = () => at.calls.filter((call) => call.endsWith('/oidctoken')).length;
  const failureOf = (work: Promise<unknown>) =>
    at.play(work).then(
      () => assert.fail('it was let in'),
      (error: unknown) => (error instanceof Failure ? error : assert.fail(`not a Failure: ${String(error)}`)),
    );

  it('signs in with a secret, and hides secret and token', async () => {
    const token = await at.play(credential(at.connection()).getToken(scope));
    assert.equal(token?.token.split('.').length, 3);
    assert.deepEqual(at.masked, [at.directory.secret, token?.token]);
  });

  it('signs in by federation, and hides the tokens of the job, of the pipeline and of Azure', async () => {
    const connection = at.federated();
    const token = await at.play(credential(connection).getToken(scope));
    const job = connection.secret.scheme === 'federation' ? connection.secret.oidc.accessToken : '';
    assert.ok(at.masked.includes(job));
    assert.equal(at.masked.filter((secret) => secret.split('.').length === 3).length, oidcCalls() + 1);
    assert.equal(at.masked.at(-1), token?.token);
  });

  it('asks for one fresh OIDC token at each exchange, long after the first has expired', async () => {
    const federated = credential(at.federated());
    await at.play(federated.getToken(scope));
    for (let hour = 0; hour < 3; hour += 1) {
      await at.clock.tickAsync(3_600_000);
      assert.ok(await at.play(federated.getToken(scope)));
    }
    assert.equal(tokenCalls(), 4);
    assert.equal(oidcCalls(), 4);
  });

  it('asks once for all clients that start together', async () => {
    const federated = credential(at.federated());
    const tokens = await at.play(Promise.all([1, 2, 3].map(() => federated.getToken(scope))));
    assert.equal(new Set(tokens.map((token) => token?.token)).size, 1);
    assert.deepEqual([oidcCalls(), tokenCalls()], [1, 1]);
  });

  it('asks again after a refusal, and for those who waited behind it', async () => {
    let left = 1;
    const once = answeringFirst(at.httpClient, ({ url }) =>
      url.includes('/v2.0/token') && left-- > 0 ? { status: 400, body: '{"error":"x"}' } : undefined,
    );
    const federated = credential(at.federated(), once);
    const answers = await at.play(Promise.allSettled([federated.getToken(scope), federated.getToken(scope)]));
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    );
  });

  it('does not ask again while a token is good', async () => {
    const secret = credential(at.connection());
    await at.play(secret.getToken(scope));
    await at.play(secret.getToken(scope));
    assert.equal(tokenCalls(), 1);
  });

  const refusals: readonly {
    name: string;
    break: () => ServiceConnection;
    code: string;
    says: RegExp;
    hint: RegExp;
  }[] = [
    {
      name: 'a wrong secret',
      break: () => at.connection({ scheme: 'secret', clientSecret: 'not it' }),
      code: 'SecretWrong',
      says: /Service connection the shop could not sign in.*AADSTS7000215/,
      hint: /client secret is wrong/,
    },
    {
      name: 'an application that is not there',
      break: () => ({ ...at.connection(), clientId: '99999999-0000-4000-a000-000000000009' }),
      code: 'TenantWrong',
      says: /AADSTS700016/,
      hint: /client id and tenant id/,
    },
    {
      name: 'a tenant that is not there',
      break: () => ({ ...at.connection(), tenantId: '99999999-0000-4000-a000-000000000009' }),
      code: 'TenantWrong',
      says: /the shop could not sign in/,
      hint: /tenant/,
    },
    {
      name: 'a federated credential that does not fit',
      break: () => {
        const connection = at.federated();
        const principal = at.world.signIn.principals.get(at.directory.clientId) ?? assert.fail();
        const federation = { issuer: principal.federation?.issuer ?? '', subject: 'another' };
        at.world.signIn.principals.set(at.directory.clientId, { ...principal, federation });
        return connection;
      },
      code: 'FederationMismatch',
      says: /AADSTS700213/,
      hint: /subject/,
    },
  ];
  for (const { name, break: broken, code, says, hint } of refusals)
    it(`says what to do about ${name}`, async () => {
      const failure = await failureOf(credential(broken()).getToken(scope));
      assert.equal(failure.code, code);
      assert.match(failure.message, says);
      assert.match(failure.hint, hint);
    });

  it('tells a refused OIDC token from a refused sign-in', async () => {
    const connection = at.federated();
    at.world.signIn.jobs.clear();
    const failure = await failureOf(credential(connection).getToken(scope));
    assert.equal(failure.code, 'OidcRefused');
    assert.match(failure.message, /the shop: Azure DevOps answered 401/);
  });

  it('never shows a secret in what it says', async () => {
    const connection = at.connection({ scheme: 'secret', clientSecret: 'not-it-but-secret' });
    const failure = await failureOf(credential(connection).getToken(scope));
    assert.doesNotMatch(`${failure.message}${failure.hint}${String(failure.stack)}`, /not-it-but-secret/);
  });

  const sockets = [
    {
      code: 'ENOTFOUND',
      message: 'getaddrinfo ENOTFOUND login.microsoftonline.com',
      is: 'HostNotFound',
      hint: /proxy/,
    },
    {
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
      message: 'self-signed certificate in certificate chain',
      is: 'CertificateNotTrusted',
      hint: /--sslcacert/,
    },
  ];
  for (const { code, message, is, hint } of sockets)
    it(`says what to do about ${code}`, async () => {
      const broken: HttpClient = {
        sendRequest: async (request) => {
          throw new RestError(message, { code, request });
        },
      };
      const failure = await failureOf(credential(at.connection(), broken).getToken(scope));
      assert.equal(failure.code, is);
      assert.match(failure.hint, hint);
    });

  for (const headers of [{ 'content-type': 'text/html' }, { 'content-type': 'application/json' }, undefined])
    it(`says that a proxy answers in place of Entra ID (${headers?.['content-type'] ?? 'no type'})`, async () => {
      const body = '<html>Please sign in to the proxy</html>';
      const page = answeringFirst(at.httpClient, ({ url }) =>
        url.includes('/oauth2/') ? { status: 200, body, ...(headers && { headers }) } : undefined,
      );
      const failure = await failureOf(credential(at.connection(), page).getToken(scope));
      assert.match(failure.message, /not JSON/);
      assert.match(failure.hint, /proxy/);
    });

  it('tries again when Entra ID is not well, and gives up in time', async () => {
    let left = 2;
    const unwell = answeringFirst(at.httpClient, ({ url }) =>
      url.includes('/oauth2/') && left-- > 0 ? { status: 503, headers: { 'Retry-After': '5' } } : undefined,
    );
    assert.ok(await at.play(credential(at.connection(), unwell).getToken(scope)));

    const started = at.clock.now;
    const gone = answeringFirst(at.httpClient, ({ url }) =>
      url.includes('/oauth2/') ? { status: 429, headers: { 'Retry-After': '86400' }, body: '{}' } : undefined,
    );
    await failureOf(credential(at.connection(), gone).getToken(scope));
    assert.ok(at.clock.now - started < 120_000, 'a day was asked for, and not waited');
  });

  it('carries no secret to where it is redirected', async () => {
    const seen: string[] = [];
    const redirecting = answeringFirst(at.httpClient, ({ url, method }) => {
      if (method !== 'POST') return undefined;
      seen.push(new URL(url).pathname);
      return { status: 307, headers: { Location: 'https://login.microsoftonline.com/elsewhere' }, body: '{}' };
    });
    await failureOf(credential(at.connection(), redirecting).getToken(scope));
    assert.ok(seen.length > 0 && seen.every((path) => path.endsWith('/oauth2/v2.0/token')), seen.join());
  });

  it('does not blame the trouble of the first try for the second', async () => {
    let code: string | undefined = 'ENOTFOUND';
    const changing = answeringFirst(at.httpClient, (request) => {
      if (code !== undefined) throw new RestError(`getaddrinfo ${code}`, { code, request });
      return request.method === 'POST' ? { status: 400, body: '{"error":"odd","error_description":"odd"}' } : undefined;
    });
    const secret = credential(at.connection(), changing);
    assert.equal((await failureOf(secret.getToken(scope))).code, 'HostNotFound');
    code = undefined;
    assert.equal((await failureOf(secret.getToken(scope))).code, 'SignInRefused');
  });

  it('asks no public cloud about the hosts of a private one', async () => {
    const authority = 'https://login.private.example';
    const connection = { ...at.connection(), cloud: { ...at.connection().cloud, authority } };
    const seen: string[] = [];
    const watching = answeringFirst(at.httpClient, ({ url }) => {
      seen.push(new URL(url).hostname);
      return { status: 400, body: '{"error":"invalid_client","error_description":"AADSTS7000215: no"}' };
    });
    await failureOf(credential(connection, watching).getToken(scope));
    assert.deepEqual([...new Set(seen)], ['login.private.example']);
  });
});
