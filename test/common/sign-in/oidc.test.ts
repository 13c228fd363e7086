import assert from 'node:assert/strict';
import { createHttpHeaders, type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { Failure } from '../../../tasks/common/failure.ts';
import type { OidcEndpoint, ServiceConnection } from '../../../tasks/common/sign-in/connection.ts';
import { freshOidcToken } from '../../../tasks/common/sign-in/oidc.ts';
import { nextTry } from '../../../tasks/common/sign-in/oidc-retry.ts';

const requestUrl =
  'https://dev.azure.com/org/p/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken?api-version=7.1&serviceConnectionId=x';

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The pipeline service as a list of replies; the clock only counts. */
function ask(replies: readonly (Reply | 'cut')[], oidc: Partial<OidcEndpoint> = {}) {
  const secret = { scheme: 'federation', oidc: { requestUrl, accessToken: 'j0b', ...oidc } } as const;
  const connection = { name: 'the shop', secret } as unknown as ServiceConnection;
  const requests: PipelineRequest[] = [];
  const waits: number[] = [];
  const masked: string[] = [];
  const token = freshOidcToken(connection, {
    mask: (value) => masked.push(value),
    clock: {
      now: () => 0,
      sleep: async (ms) => void waits.push(ms),
    },
    send: async (request) => {
      const reply = replies[requests.length] ?? assert.fail('asked too often');
      requests.push(request);
      if (reply === 'cut') throw new RestError('read ECONNRESET', { code: 'ECONNRESET', request });
      return {
        request,
        status: reply.status,
        headers: createHttpHeaders(reply.headers ?? {}),
        bodyAsText: reply.body ?? '',
      };
    },
  });
  return { token, requests, waits, masked };
}

const granted = { status: 200, body: '{"oidcToken":"fresh"}' };

describe('freshOidcToken', () => {
  it('asks as the pipeline service wants to be asked, and hides both tokens', async () => {
    const { token, requests, masked } = ask([granted]);
    assert.equal(await token, 'fresh');
    assert.deepEqual(masked, ['j0b', 'fresh']);
    const [request] = requests;
    assert.equal(request?.method, 'POST');
    assert.equal(request?.url, requestUrl);
    assert.equal(request?.headers.get('Authorization'), 'Bearer j0b');
    assert.equal(request?.headers.get('X-TFS-FedAuthRedirect'), 'Suppress');
    assert.equal(request?.timeout, 30_000);
  });

  it('tries again after 429 and 5xx, as long as it is asked to wait', async () => {
    const { token, waits } = ask([{ status: 429, headers: { 'Retry-After': '7' } }, { status: 503 }, granted]);
    assert.equal(await token, 'fresh');
    assert.deepEqual(waits, [7_000, 2_000]);
  });

  it('tries again after a connection that was cut: one in a long rollout must not end it', async () => {
    const { token, waits } = ask(['cut', 'cut', granted]);
    assert.equal(await token, 'fresh');
    assert.deepEqual(waits, [1_000, 2_000]);
  });

  it('gives up after the third cut', async () => {
    const { token, requests } = ask(['cut', 'cut', 'cut']);
    await assert.rejects(token, { code: 'OidcUnreachable', message: /could not be reached \(read ECONNRESET\)/ });
    assert.equal(requests.length, 3);
  });

  const refusals: readonly { name: string; replies: readonly Reply[]; code?: string; says: RegExp }[] = [
    {
      name: 'a third refusal',
      replies: [{ status: 500 }, { status: 500 }, { status: 500 }],
      code: 'OidcUnavailable',
      says: /answered 500 \(3 tries\)/,
    },
    {
      name: 'a refusal that no other try will change',
      replies: [{ status: 401, headers: { ActivityId: 'act' } }],
      says: /answered 401, activity act/,
    },
    {
      name: 'a redirect, which would carry the token away',
      replies: [{ status: 302, headers: { Location: 'https://evil.example' } }],
      says: /answered 302/,
    },
    {
      name: 'a wait that is too long',
      replies: [{ status: 429, headers: { 'Retry-After': '3600' } }],
      code: 'OidcUnavailable',
      says: /answered 429/,
    },
    { name: 'an answer without token', replies: [{ status: 200, body: '{"other":1}' }], says: /without a token/ },
    { name: 'an answer that is no JSON', replies: [{ status: 200, body: '<html>secret' }], says: /without a token/ },
  ];
  for (const { name, replies, code = 'OidcRefused', says } of refusals)
    it(`gives up after ${name}`, async () => {
      const { token, requests } = ask(replies);
      await assert.rejects(token, (error) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.code, code);
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
      assert.equal(requests.length, replies.length);
    });

  const strangers = [
    'http://dev.azure.com/org/oidctoken',
    'https://dev.azure.com.evil.example/oidctoken',
    'https://evildev.azure.com/oidctoken',
    'https://user@dev.azure.com/oidctoken',
    'https://evil.example/?dev.azure.com',
    'not an address',
  ];
  for (const url of strangers)
    it(`does not show the token of the job to ${url}`, async () => {
      const { token, requests } = ask([granted], { requestUrl: url, collectionHost: 'tfs.corp.example' });
      await assert.rejects(token, (error) => error instanceof Failure && error.code === 'OidcHostRefused');
      assert.equal(requests.length, 0);
    });

  const friends = [
    'https://vstoken.dev.azure.com/org/oidctoken',
    'https://region.dev.azure.com/org/oidctoken',
    'https://org.visualstudio.com/oidctoken',
  ];
  for (const url of friends)
    it(`asks ${url}`, async () => {
      const { token } = ask([granted], { requestUrl: url, collectionHost: 'org.visualstudio.com' });
      assert.equal(await token, 'fresh');
    });
});

describe('nextTry', () => {
  const cases: readonly { name: string; args: Parameters<typeof nextTry>; is: ReturnType<typeof nextTry> }[] = [
    {
      name: 'waits one second after the first failure of the server',
      args: [500, undefined, 1, 0],
      is: { kind: 'retry', afterMs: 1_000 },
    },
    { name: 'waits longer after the second', args: [502, undefined, 2, 0], is: { kind: 'retry', afterMs: 2_000 } },
    { name: 'waits as long as it is asked to', args: [429, '3', 1, 0], is: { kind: 'retry', afterMs: 3_000 } },
    {
      name: 'waits until the time that is named',
      args: [503, 'Thu, 01 Jan 1970 00:00:10 GMT', 1, 4_000],
      is: { kind: 'retry', afterMs: 6_000 },
    },
    {
      name: 'does not wait for a time gone by',
      args: [503, 'Thu, 01 Jan 1970 00:00:10 GMT', 1, 40_000],
      is: { kind: 'retry', afterMs: 0 },
    },
    { name: 'does not wait for more than half a minute', args: [429, '31', 1, 0], is: { kind: 'giveUp' } },
    { name: 'does not try again what was understood and refused', args: [403, '1', 1, 0], is: { kind: 'giveUp' } },
  ];
  for (const { name, args, is } of cases) it(name, () => assert.deepEqual(nextTry(...args), is));
});
