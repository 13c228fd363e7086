import assert from 'node:assert/strict';
import { request } from 'node:http';
import { type OidcBroker, startOidcBroker } from '../../../tasks/common/packer/oidc-broker.ts';

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** As packer-plugin-azure asks: GET, the audience added to the query, a bearer. */
function ask(url: string, token: string, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    call.on('error', reject);
    call.end();
  });
}

describe('the OIDC broker', () => {
  let broker: OidcBroker;
  let issued = 0;
  let broken = false;
  const problems: string[] = [];
  beforeEach(async () => {
    issued = 0;
    broken = false;
    problems.length = 0;
    broker = await startOidcBroker(
      async () => {
        if (broken) throw new Error('Azure DevOps answered 401');
        issued += 1;
        return `jwt-${issued}`;
      },
      (text) => problems.push(text),
    );
  });
  afterEach(() => broker.close());

  const audience = '?audience=api%3A%2F%2FAzureADTokenExchange';

  it('listens on the loopback address only', async () => {
    assert.match(broker.url, /^http:\/\/127\.0\.0\.1:\d+\//);
    const elsewhere = broker.url.replace('127.0.0.1', '127.0.0.2'); // of this machine too, on Linux
    await assert.rejects(ask(elsewhere, broker.token));
  });

  it('gives a fresh token each time', async () => {
    assert.deepEqual(await ask(broker.url + audience, broker.token), { status: 200, body: { value: 'jwt-1' } });
    assert.deepEqual(await ask(broker.url + audience, broker.token), { status: 200, body: { value: 'jwt-2' } });
  });

  const refusals = [
    { name: 'another bearer', call: () => ask(broker.url + audience, 'x'.repeat(broker.token.length)), status: 401 },
    { name: 'no bearer', call: () => ask(broker.url + audience, ''), status: 401 },
    { name: 'another path', call: () => ask(broker.url.replace('oidc-token', 'other'), broker.token), status: 404 },
    { name: 'what is no path', call: () => ask(broker.url.replace('oidc-token', '/'), broker.token), status: 404 },
    {
      name: 'what is no path without a bearer',
      call: () => ask(broker.url.replace('oidc-token', '/'), ''),
      status: 401,
    },
    { name: 'another verb', call: () => ask(broker.url, broker.token, 'POST'), status: 405 },
    { name: 'another audience', call: () => ask(`${broker.url}?audience=https://else`, broker.token), status: 400 },
  ];
  for (const { name, call, status } of refusals)
    it(`refuses ${name} with ${status}, and asks for no token`, async () => {
      assert.equal((await call()).status, status);
      assert.equal(issued, 0);
    });

  it('says to the log why there is no token, and nothing of it to the caller', async () => {
    broken = true;
    const reply = await ask(broker.url + audience, broker.token);
    assert.equal(reply.status, 502);
    assert.doesNotMatch(JSON.stringify(reply.body), /401/);
    assert.match(problems.join(), /401/);
  });

  it('is gone once it is closed', async () => {
    await broker.close();
    await assert.rejects(ask(broker.url, broker.token), { code: 'ECONNREFUSED' });
  });
});
