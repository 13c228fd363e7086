import assert from 'node:assert/strict';
import { registerSubscription, registerTenant } from '../index.ts';
import { type Bench, codeOf, openBench, tokenOf } from '../support.ts';

describe('The gate of Resource Manager', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = openBench();
  });
  afterEach(() => bench.close());

  const host = 'https://management.azure.com';
  const get = (path: string, token?: string) =>
    bench.call(`GET ${host}${path}`, '', token === undefined ? {} : { authorization: `Bearer ${token}` });
  const groups = () => `${bench.subscription}/resourceGroups?api-version=2021-04-01`;

  it('lets a token of the sign-in service pass', () => assert.equal(get(groups(), bench.token()).status, 200));

  it('refuses a call without a token, and names the tenant to sign in to', () => {
    const answer = get(groups());
    assert.equal(answer.status, 401);
    assert.equal(codeOf(answer), 'AuthenticationFailed');
    const where = answer.headers?.['WWW-Authenticate'] ?? '';
    assert.match(
      where,
      new RegExp(`^Bearer authorization_uri="https://login\\.windows\\.net/${bench.directory.tenantId}"`),
    );
  });

  it('refuses a token that somebody else has signed', () => {
    const [header, , signature] = bench.token().split('.');
    const claims = Buffer.from(JSON.stringify({ aud: `${host}/`, exp: 9_999_999_999 })).toString('base64url');
    assert.equal(codeOf(get(groups(), `${header}.${claims}.${signature}`)), 'InvalidAuthenticationToken');
    assert.equal(codeOf(get(groups(), 'not-a-token')), 'InvalidAuthenticationToken');
  });

  it('refuses a token from the second in which it expires', () => {
    const token = bench.token();
    bench.pass(3_599_000);
    assert.equal(get(groups(), token).status, 200);
    bench.pass(1000);
    assert.equal(codeOf(get(groups(), token)), 'ExpiredAuthenticationToken');
  });

  it('refuses a token for another service', () => {
    const answer = get(groups(), tokenOf(bench, 'https://vault.azure.net'));
    assert.deepEqual([answer.status, codeOf(answer)], [401, 'InvalidAuthenticationTokenAudience']);
  });

  it('refuses a token of a tenant that the subscription does not trust', () => {
    registerTenant(bench.world, { id: 'aaaaaaaa-0000-4000-8000-000000000000', name: 'Other' });
    const tenantId = 'aaaaaaaa-0000-4000-8000-000000000000';
    registerSubscription(bench.world, { id: 'bbbbbbbb-0000-4000-8000-000000000000', name: 'Other', tenantId });
    const path = '/subscriptions/BBBBBBBB-0000-4000-8000-000000000000/resourceGroups?api-version=2021-04-01';
    assert.equal(codeOf(get(path, bench.token())), 'InvalidAuthenticationTokenTenant');
  });

  it('knows no other subscription, with a token or without', () => {
    const path = '/subscriptions/cccccccc-0000-4000-8000-000000000000/resourceGroups?api-version=2021-04-01';
    for (const token of [undefined, bench.token()]) {
      const answer = get(path, token);
      assert.deepEqual([answer.status, codeOf(answer)], [404, 'SubscriptionNotFound']);
    }
  });

  it('wants an api-version', () => {
    const answer = get(`${bench.subscription}/resourceGroups`, bench.token());
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'MissingApiVersionParameter']);
  });

  it('gives every answer ids to trace it by, planned faults included', () => {
    bench.world.faults.add({ on: 'GET …/resourceGroups', times: 1, reply: { status: 503 }, effect: 'none' });
    const authorization = `Bearer ${bench.token()}`;
    const correlation = { authorization, 'x-ms-correlation-request-id': 'mine' };
    for (const status of [503, 200]) {
      const answer = bench.call(`GET ${host}${groups()}`, '', correlation);
      assert.equal(answer.status, status);
      assert.match(answer.headers?.['x-ms-request-id'] ?? '', /^[0-9a-f-]{36}$/);
      assert.equal(answer.headers?.['x-ms-correlation-request-id'], 'mine');
    }
  });
});
