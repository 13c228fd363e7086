import assert from 'node:assert/strict';
import { Agent, createServer, globalAgent } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDefaultHttpClient, type HttpClient, type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { Failure } from '../../../tasks/common/failure.ts';
import type { ServiceConnection } from '../../../tasks/common/sign-in/connection.ts';
import { credentialFor } from '../../../tasks/common/sign-in/credential.ts';
import { nextMetadataTry } from '../../../tasks/common/sign-in/metadata-retry.ts';
import { gates, handle } from '../../azure/index.ts';
import { answeringFirst, type SignInWorld, signInWorld } from './support.ts';

const scope = 'https://management.core.windows.net//.default';

describe('sign-in by managed identity', () => {
  let at: SignInWorld;
  beforeEach(() => {
    at = signInWorld();
  });
  afterEach(() => at.close());

  const credential = (connection: ServiceConnection, httpClient: HttpClient = at.httpClient, network = {}) =>
    credentialFor(connection, { network, mask: at.mask, httpClient });
  const getToken = (connection: ServiceConnection, httpClient?: HttpClient) =>
    at.play(credential(connection, httpClient).getToken(scope));
  const failureOf = (connection: ServiceConnection, httpClient?: HttpClient) =>
    getToken(connection, httpClient).then(
      () => assert.fail('it was let in'),
      (error: unknown) => (error instanceof Failure ? error : assert.fail(`not a Failure: ${String(error)}`)),
    );
  const whoIs = (token: string | undefined) =>
    JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString()) as { appid: string; aud: string };

  for (const kind of ['systemAssigned', 'userAssigned'] as const)
    it(`is let in as the ${kind} identity, for the audience as it stands, and hides the token`, async () => {
      at.machine('systemAssigned');
      at.machine('userAssigned');
      const token = await getToken(at.machine(kind));
      assert.match(whoIs(token?.token).appid, kind === 'systemAssigned' ? /1$/ : /2$/);
      assert.equal(whoIs(token?.token).aud, 'https://management.core.windows.net/');
      assert.deepEqual(at.masked, [token?.token]);
      assert.deepEqual(at.calls, ['GET 169.254.169.254/metadata/identity/oauth2/token']);
    });

  it('keeps a token until five minutes before its end, one for each audience', async () => {
    const kept = credential(at.machine('systemAssigned'));
    const first = await at.play(kept.getToken(scope));
    assert.equal((await at.play(kept.getToken(scope)))?.token, first?.token);
    assert.equal(at.calls.length, 1);
    await at.play(kept.getToken('https://management.azure.com/.default'));
    assert.equal(at.calls.length, 2);
    await at.clock.tickAsync((first?.expiresOnTimestamp ?? 0) - at.clock.now - 5 * 60_000);
    assert.notEqual((await at.play(kept.getToken(scope)))?.token, first?.token);
  });

  it('never goes through a proxy, neither the agent’s nor that of Node’s global agent', async () => {
    const seen: PipelineRequest[] = [];
    const watching = answeringFirst(at.httpClient, (request) => void seen.push(request));
    const network = { proxy: { url: 'http://proxy.example:8080', bypass: [] } };
    await at.play(credential(at.machine('systemAssigned'), watching, network).getToken(scope));
    const [request] = seen;
    assert.ok(request?.agent instanceof Agent && request.agent !== globalAgent);
    assert.ok(!('proxy' in request.agent), 'no agent of a proxy');
    assert.equal(request.proxySettings, undefined);
    assert.equal(request.headers.get('Metadata'), 'true');
  });

  const passing = [404, 410, 429, 500, 503];
  for (const status of passing)
    it(`tries again after ${status}`, async () => {
      let left = 2;
      const unwell = answeringFirst(at.httpClient, () => (left-- > 0 ? { status, body: '{}' } : undefined));
      assert.ok(await getToken(at.machine('systemAssigned'), unwell));
    });

  it('gives up on a service that stays unwell, after more than 70 seconds and less than two minutes', async () => {
    const started = at.clock.now;
    const unwell = answeringFirst(at.httpClient, () => ({ status: 410, body: '{"error":"gone"}' }));
    const failure = await failureOf(at.machine('systemAssigned'), unwell);
    assert.equal(failure.code, 'ManagedIdentityUnavailable');
    assert.match(failure.message, /the shop.*system-assigned.*answered 410 \(8 tries\) gone/);
    const waited = at.clock.now - started;
    assert.ok(waited > 70_000 && waited < 120_000, String(waited));
  });

  it('says that the machine has no identity of its own', async () => {
    const connection = { ...at.connection({ scheme: 'managedIdentity' }), clientId: '' };
    const failure = await failureOf(connection);
    assert.equal(failure.code, 'ManagedIdentityRefused');
    assert.match(failure.message, /the shop: no token of the system-assigned identity.*Identity not found/);
    assert.match(failure.hint, /Switch on/);
    assert.equal(at.calls.length, 1, 'a refusal is not asked again');
  });

  it('says which user-assigned identity the machine does not have', async () => {
    at.machine('systemAssigned');
    const failure = await failureOf({ ...at.machine('systemAssigned'), clientId: 'not-here' });
    assert.match(failure.message, /user-assigned identity not-here \(msiclientId\)/);
    assert.match(failure.hint, /Assign that identity/);
  });

  it('keeps the words of the directory about an unknown resource', async () => {
    const connection = at.machine('systemAssigned');
    const failure = await at
      .play(credential(connection).getToken('https://x.example/.default'))
      .catch((e: unknown) => e);
    assert.ok(failure instanceof Failure);
    assert.equal(failure.code, 'ManagedIdentityRefused');
    assert.match(failure.message, /AADSTS500011/);
  });

  for (const message of ['connect EHOSTUNREACH 169.254.169.254:80', 'The operation was aborted.'])
    it(`says that this is no machine on Azure: ${message}`, async () => {
      let asked = 0;
      const nobody: HttpClient = {
        sendRequest: async (request) => {
          asked += 1;
          await at.clock.tickAsync(request.timeout);
          throw new RestError(message, { request });
        },
      };
      const started = at.clock.now;
      const failure = await failureOf(at.machine('systemAssigned'), nobody);
      assert.equal(failure.code, 'NoMetadataService');
      assert.match(failure.message, /the shop uses a managed identity, but no metadata service answers/);
      assert.match(failure.hint, /self-hosted agent on an Azure virtual machine/);
      assert.equal(asked, 3);
      assert.ok(at.clock.now - started < 20_000, 'not long');
    });

  for (const body of [
    '<html>not a token',
    '{"access_token":"","expires_on":"4102444800"}',
    '{"access_token":"x","expires_on":"soon"}',
    'null',
  ])
    it(`does not take ${body} for a token`, async () => {
      const odd = answeringFirst(at.httpClient, () => ({ status: 200, body }));
      const failure = await failureOf(at.machine('systemAssigned'), odd);
      assert.equal(failure.code, 'ManagedIdentityRefused');
      assert.match(failure.message, /200 without a token/);
    });

  it('ends at once when the caller has aborted', async () => {
    const abort = new AbortController();
    let asked = 0;
    const unwell = answeringFirst(at.httpClient, () => {
      asked += 1;
      abort.abort();
      return { status: 500, body: '{}' };
    });
    const work = credential(at.machine('systemAssigned'), unwell).getToken(scope, { abortSignal: abort.signal });
    await assert.rejects(at.play(work), { name: 'AbortError' });
    assert.equal(asked, 1);
  });
});

describe('sign-in by managed identity, over a socket', () => {
  it('speaks plain http as the metadata service does', async () => {
    const at = signInWorld();
    at.close(); // real time: sockets do not know the other
    const connection = at.machine('systemAssigned');
    const all = gates();
    const server = createServer((incoming, outgoing) => {
      const url = new URL(incoming.url ?? '', `http://${incoming.headers.host}`);
      const headers = incoming.headers as Record<string, string>;
      const answer = handle(at.world, all, { method: incoming.method ?? '', url, headers, body: '' });
      outgoing.writeHead(answer.status).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const loopback = toLoopback(port);
    const token = await credentialFor(connection, { network: {}, mask: at.mask, httpClient: loopback }).getToken(scope);
    assert.ok(token && token.expiresOnTimestamp > Date.now());
    server.close();
  });
});

/** What goes to the metadata address ends at this port of loopback: nothing leaves the machine. */
function toLoopback(port: number): HttpClient {
  const real = createDefaultHttpClient();
  return {
    sendRequest(request) {
      const url = new URL(request.url);
      request.headers.set('Host', url.host);
      request.url = request.url.replace(`//${url.host}/`, `//127.0.0.1:${port}/`);
      return real.sendRequest(request);
    },
  };
}

describe('nextMetadataTry', () => {
  const cases: readonly { name: string; args: Parameters<typeof nextMetadataTry>; afterMs: number | undefined }[] = [
    { name: 'waits a second after the first refusal', args: [404, undefined, 1, 0], afterMs: 1_000 },
    { name: 'waits longer each time', args: [410, undefined, 5, 0], afterMs: 15_000 },
    { name: 'ends after the eighth', args: [500, undefined, 8, 0], afterMs: undefined },
    { name: 'waits as long as it is asked to', args: [429, '7', 1, 0], afterMs: 7_000 },
    { name: 'does not wait for more than half a minute', args: [429, '31', 1, 0], afterMs: undefined },
    { name: 'does not ask again what was understood and refused', args: [400, undefined, 1, 0], afterMs: undefined },
    { name: 'looks again where nobody answered', args: [undefined, undefined, 2, 0], afterMs: 2_000 },
    { name: 'and not for long', args: [undefined, undefined, 3, 0], afterMs: undefined },
  ];
  for (const { name, args, afterMs } of cases)
    it(name, () =>
      assert.deepEqual(
        nextMetadataTry(...args),
        afterMs === undefined ? { kind: 'giveUp' } : { kind: 'retry', afterMs },
      ),
    );
});
