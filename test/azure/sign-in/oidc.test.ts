import assert from 'node:assert/strict';
import { type JobAccess, registerAllJobs, registerJob, registerServiceConnection } from '../index.ts';
import { type Bench, openBench } from '../support.ts';

const connection = '0e9b9a2c-0000-4000-8000-00000000c0de';
const foreign = '0e9b9a2c-0000-4000-8000-00000000f0f0';

describe('The OIDC endpoint of the pipeline service', () => {
  let bench: Bench;
  let job: JobAccess;
  beforeEach(() => {
    bench = openBench();
    registerServiceConnection(bench.world, connection, bench.directory.clientId);
    registerServiceConnection(bench.world, foreign, bench.directory.clientId);
    job = registerJob(bench.world, {
      collectionUri: 'https://dev.azure.com/phoenix-demo/',
      connectionIds: [connection],
    });
  });
  afterEach(() => bench.close());

  const good = () => ({ authorization: `Bearer ${job.accessToken}`, 'x-tfs-fedauthredirect': 'Suppress' });
  const url = (query: string) => `${job.SYSTEM_OIDCREQUESTURI}?${query}`;
  const whole = `api-version=7.1&serviceConnectionId=${connection}`;

  it('lies under the collection, the plan and the job', () =>
    assert.match(
      job.SYSTEM_OIDCREQUESTURI,
      /^https:\/\/dev\.azure\.com\/phoenix-demo\/[^/]+\/_apis\/distributedtask\/hubs\/build\/plans\/[^/]+\/jobs\/[^/]+\/oidctoken$/,
    ));

  it('gives a token whose subject tells nothing of the connection', () => {
    const { body } = bench.call(`POST ${url(whole)}`, '', good());
    const [, claims = ''] = (body as { oidcToken: string }).oidcToken.split('.');
    const { aud, sub, exp, nbf } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    assert.equal(aud, 'api://AzureADTokenExchange');
    assert.equal(exp - nbf, 600);
    assert.doesNotMatch(sub, new RegExp(connection));
  });

  const cases = [
    { name: 'GET', line: 'GET', query: whole, status: 405 },
    { name: 'no api-version', line: 'POST', query: `serviceConnectionId=${connection}`, status: 400 },
    {
      name: 'an api-version of long ago',
      line: 'POST',
      query: `api-version=5.0&serviceConnectionId=${connection}`,
      status: 400,
    },
    {
      name: 'a connection that this job may not use',
      line: 'POST',
      query: `api-version=7.1&serviceConnectionId=${foreign}`,
      status: 404,
    },
    { name: 'no connection', line: 'POST', query: 'api-version=7.1', status: 404 },
  ];
  for (const { name, line, query, status } of cases)
    it(`refuses ${name} with ${status}`, () =>
      assert.equal(bench.call(`${line} ${url(query)}`, '', good()).status, status));

  it('refuses a stranger, and shows a browser the way to the sign-in page', () => {
    const stranger = { ...good(), authorization: 'Bearer stolen' };
    assert.equal(bench.call(`POST ${url(whole)}`, '', stranger).status, 401);
    const browser = bench.call(`POST ${url(whole)}`, '', { authorization: 'Bearer stolen' });
    assert.equal(browser.status, 302);
  });

  it('gives tokens of the older issuer a thumbprint, and others none', () => {
    const header = () => {
      const { body } = bench.call(`POST ${url(whole)}`, '', good());
      return JSON.parse(
        Buffer.from((body as { oidcToken: string }).oidcToken.split('.')[0] ?? '', 'base64url').toString(),
      );
    };
    assert.equal(header().x5t, undefined);
    registerServiceConnection(bench.world, connection, bench.directory.clientId, 'before2025');
    assert.match(header().x5t, /./);
  });

  it('knows one token for all jobs of a collection, and for no other collection', () => {
    const all = {
      collectionUri: 'https://dev.azure.com/phoenix-demo/',
      connectionIds: [connection],
      accessToken: 'all',
    };
    registerAllJobs(bench.world, all);
    const headers = { ...good(), authorization: 'Bearer all' };
    assert.equal(bench.call(`POST ${url(whole)}`, '', headers).status, 200);
    const elsewhere = url(whole).replace('phoenix-demo', 'other');
    assert.equal(bench.call(`POST ${elsewhere}`, '', headers).status, 401);
  });

  it("refuses one job's token at another job's address", () => {
    const other = registerJob(bench.world, {
      collectionUri: 'https://dev.azure.com/phoenix-demo',
      connectionIds: [connection],
    });
    assert.equal(bench.call(`POST ${other.SYSTEM_OIDCREQUESTURI}?${whole}`, '', good()).status, 401);
  });
});
