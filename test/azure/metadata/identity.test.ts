import assert from 'node:assert/strict';
import { registerMachineIdentity } from '../index.ts';
import { type Bench, openBench } from '../support.ts';

const system = '0e9b9a2c-0000-4000-8000-000000000001';
const own = '0e9b9a2c-0000-4000-8000-000000000002';
const second = '0e9b9a2c-0000-4000-8000-000000000003';

describe('The metadata service of the machine', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = openBench();
  });
  afterEach(() => bench.close());

  const give = (kind: 'systemAssigned' | 'userAssigned', clientId: string) =>
    registerMachineIdentity(bench.world, kind, { tenantId: bench.directory.tenantId, clientId });
  const ask = (query: string, headers: Readonly<Record<string, string>> = { metadata: 'true' }) =>
    bench.call(`GET http://169.254.169.254/metadata/identity/oauth2/token?${query}`, '', headers);
  const whole = 'api-version=2018-02-01&resource=https://management.azure.com/';
  const whose = (query: string) => (ask(query).body as { client_id?: string }).client_id;

  it('gives a token that Resource Manager takes, with numbers as text', () => {
    give('systemAssigned', system);
    const { body } = ask(whole);
    const { access_token, ...rest } = body as Record<string, string>;
    const now = Date.parse('2026-01-01T00:00:00Z') / 1000;
    assert.deepEqual(rest, {
      client_id: system,
      expires_in: '86400',
      expires_on: String(now + 86_400),
      ext_expires_in: '86400',
      not_before: String(now),
      resource: 'https://management.azure.com/',
      token_type: 'Bearer',
    });
    const url = `https://management.azure.com${bench.subscription}?api-version=2022-12-01`;
    assert.equal(bench.call(`GET ${url}`, '', { authorization: `Bearer ${access_token}` }).status, 200);
  });

  it('takes the identity of the system where none is named, and else the only one', () => {
    give('userAssigned', own);
    assert.equal(whose(whole), own);
    give('userAssigned', second);
    assert.equal(whose(whole), undefined);
    give('systemAssigned', system);
    assert.equal(whose(whole), system);
    assert.equal(whose(`${whole}&client_id=${second}`), second);
  });

  const refusals = [
    { name: 'no header', query: whole, headers: {}, says: /metadata header/ },
    {
      name: 'a proxy',
      query: whole,
      headers: { metadata: 'true', 'x-forwarded-for': '1.2.3.4' },
      says: /X-Forwarded-For/,
    },
    { name: 'no api-version', query: 'resource=https://management.azure.com/', says: /api-version/ },
    { name: 'no resource', query: 'api-version=2018-02-01', says: /'resource'/ },
    { name: 'an identity that it does not have', query: `${whole}&client_id=${own}`, says: /Identity not found/ },
    { name: 'an unknown resource', query: 'api-version=2018-02-01&resource=https://x.example', says: /AADSTS500011/ },
  ];
  for (const { name, query, headers, says } of refusals)
    it(`refuses ${name}`, () => {
      give('systemAssigned', system);
      const { status, body } = ask(query, headers);
      assert.equal(status, 400);
      assert.match(JSON.stringify(body), says);
    });
});
