import assert from 'node:assert/strict';
import { type HttpClient, RestError } from '@azure/core-rest-pipeline';
import { armFailure, isLostAnswer, isStatus } from '../../../tasks/common/azure/arm-failure.ts';
import { type Azure, connect } from '../../../tasks/common/azure/connect.ts';
import { Failure } from '../../../tasks/common/failure.ts';
import { registerSubscription } from '../../azure/index.ts';
import { answeringFirst, type SignInWorld, signInWorld } from '../sign-in/support.ts';

type Reply = { status: number; headers?: Record<string, string>; body?: string };

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

describe('connect', () => {
  let at: SignInWorld;
  beforeEach(() => {
    at = signInWorld();
  });
  afterEach(() => at.close());

  const open = (httpClient: HttpClient = at.httpClient, connection = at.connection()) =>
    connect({
      connection,
      network: {},
      mask: at.mask,
      userAgent: 'phoenix-scale-sets/1.2.3',
      httpClient,
    });

  /** Azure as a list of replies to calls for a scale set; sign-in is the simulated one. */
  function openWith(replies: readonly (Reply | 'lost')[]) {
    const calls: string[] = [];
    const agents: (string | undefined)[] = [];
    const scripted: HttpClient = answeringFirst(at.httpClient, (request) => {
      if (!request.url.startsWith('https://management.azure.com/')) return undefined;
      calls.push(`${request.method} ${new URL(request.url).pathname.split('/').at(-1)}`);
      agents.push(request.headers.get('User-Agent'));
      const reply = replies[calls.length - 1] ?? replies.at(-1);
      if (reply === 'lost') throw new RestError('read ECONNRESET', { code: 'ECONNRESET', request });
      return reply;
    });
    return { azure: open(scripted), calls, agents };
  }
  const read = (azure: Azure) => azure.compute.virtualMachineScaleSets.get('shop', 'web');
  const upgrade = (azure: Azure) =>
    azure.compute.virtualMachineScaleSets.updateInstances('shop', 'web', { instanceIds: ['1'] });
  const errorOf = (work: Promise<unknown>) =>
    at.play(work).then(
      () => assert.fail('it went well'),
      (error: unknown) => error,
    );

  it('signs in and asks Resource Manager in its own name', async () => {
    const { azure, agents } = openWith([json(200, { location: 'koreacentral', etag: '"1"' })]);
    assert.equal((await at.play(read(azure))).location, 'koreacentral');
    assert.match(agents[0] ?? '', /^phoenix-scale-sets\/1\.2\.3 /);
  });

  it('names who asks, also where the connection names no application', () => {
    const connection = { ...at.connection(), name: 'shop' };
    assert.match(open(at.httpClient, connection).account, /^service connection "shop" \(application [0-9a-f-]{36}\)$/);
    const unnamed = { ...connection, clientId: '', secret: { scheme: 'managedIdentity' } } as const;
    assert.equal(open(at.httpClient, unnamed).account, 'service connection "shop" (its agent\'s own identity)');
  });

  it('is let in by the simulated Resource Manager, and reads its words', async () => {
    const failure = armFailure(await errorOf(read(open())), 'Reading web');
    assert.match(failure.message, /404 ResourceGroupNotFound.*correlation id [0-9a-f-]{36}/);
  });

  it('looks at another subscription with the same sign-in', async () => {
    const id = '0ther000-0000-4000-a000-000000000001';
    registerSubscription(at.world, { id, name: 'Galleries', tenantId: at.directory.tenantId });
    const azure = open();
    const client = azure.inSubscription(id);
    await errorOf(client.galleries.get('g', 'x'));
    assert.ok(at.calls.some((call) => call.includes(`/subscriptions/${id}/`)));
    assert.equal(azure.inSubscription(id.toUpperCase()), client);
    assert.equal(azure.inSubscription(azure.subscriptionId), azure.compute);
  });

  it('says that a subscription is not there', async () => {
    const client = open().inSubscription('99999999-0000-4000-a000-000000000009');
    assert.equal(armFailure(await errorOf(client.galleries.get('g', 'x')), 'x').code, 'SubscriptionNotFound');
  });

  it('keeps the details of a refusal', async () => {
    const body = { error: { code: 'Outer', message: 'no', details: [{ code: 'Inner', message: 'because' }] } };
    const error = await errorOf(read(openWith([json(400, body)]).azure));
    assert.ok(isStatus(error, 400));
    assert.match(armFailure(error, 'It').message, /no \| Inner: because/);
  });

  const failed = {
    status: 'Failed',
    error: { code: 'Outer', message: 'no', details: [{ code: 'OSProvisioningTimedOut', message: 'node 3' }] },
  };
  for (const place of ['operations', 'capsOperations'])
    it(`keeps the details of an operation that was accepted and then failed, at ${place}`, async () => {
      const operation = `https://management.azure.com/subscriptions/s/providers/Microsoft.Compute/locations/l/${place}/o?api-version=1`;
      const accepted: Reply = { status: 202, headers: { 'Azure-AsyncOperation': operation, 'Retry-After': '10' } };
      const { azure, calls } = openWith([
        accepted,
        json(200, { status: 'InProgress' }, { 'Retry-After': '10' }),
        json(200, failed),
      ]);
      const error = await errorOf(upgrade(azure).pollUntilDone());
      assert.match(armFailure(error, 'It').message, /^It failed: Outer: no \| OSProvisioningTimedOut: node 3$/);
      assert.equal(isStatus(error, 200), false);
      assert.deepEqual(calls, ['POST manualupgrade', 'GET o', 'GET o']);
    });

  it('does not take a document for a failed operation that only says Failed', async () => {
    const { azure } = openWith([json(200, { status: 'Failed', location: 'x' })]);
    assert.equal((await at.play(read(azure))).location, 'x');
  });

  it('reads again what it could not read', async () => {
    const { azure, calls } = openWith([
      'lost',
      json(502, {}),
      json(429, {}, { 'Retry-After': '9' }),
      json(200, { location: 'x' }),
    ]);
    const started = at.clock.now;
    await at.play(read(azure));
    assert.equal(calls.length, 4);
    assert.ok(at.clock.now - started >= 12_000);
  });

  it('gives up reading after five calls', async () => {
    const { azure, calls } = openWith([json(500, { error: { code: 'InternalServerError', message: 'x' } })]);
    assert.equal(armFailure(await errorOf(read(azure)), 'It').code, 'AzureUnavailable');
    assert.equal(calls.length, 5);
  });

  for (const reply of ['lost', json(500, {}), json(504, {})] as const)
    it(`never repeats a write whose answer is ${reply === 'lost' ? reply : reply.status}`, async () => {
      const { azure, calls } = openWith([reply]);
      assert.ok(isLostAnswer(await errorOf(upgrade(azure).submitted())));
      assert.deepEqual(calls, ['POST manualupgrade']);
    });

  it('repeats a write that was turned away for the rate', async () => {
    const { azure, calls } = openWith([json(429, {}, { 'Retry-After': '3' }), { status: 200 }]);
    await at.play(upgrade(azure).submitted());
    assert.deepEqual(calls, ['POST manualupgrade', 'POST manualupgrade']);
  });

  it('does not wait a quarter of an hour because it is asked to', async () => {
    const { azure, calls } = openWith([json(429, {}, { 'Retry-After': '900' })]);
    const started = at.clock.now;
    const error = await errorOf(read(azure));
    assert.ok(error instanceof Failure && error.code === 'Throttled');
    assert.equal(calls.length, 1);
    assert.ok(at.clock.now - started < 5_000);
  });

  it('polls an operation at least every five minutes, whatever it is asked', async () => {
    const operation =
      'https://management.azure.com/subscriptions/s/providers/Microsoft.Compute/locations/l/operations/o?api-version=1';
    const headers = { 'Azure-AsyncOperation': operation, 'Retry-After': '999999999' };
    const busy = json(200, { status: 'InProgress' }, { 'Retry-After': '999999999' });
    const { azure } = openWith([{ status: 202, headers }, busy, json(200, { status: 'Succeeded' })]);
    const started = at.clock.now;
    await at.play(upgrade(azure).pollUntilDone());
    const waited = at.clock.now - started;
    assert.ok(waited >= 300_000 && waited < 310_000, `${waited} ms`);
  });

  it('follows no redirect with its token', async () => {
    const { azure, calls } = openWith([
      { status: 307, headers: { Location: 'https://management.azure.com/elsewhere' } },
    ]);
    await errorOf(read(azure));
    assert.equal(calls.length, 1);
  });

  it('lets a refused sign-in through as it is', async () => {
    at.world.signIn.principals.clear();
    const error = await errorOf(read(open()));
    assert.ok(error instanceof Failure && error.code === 'TenantWrong');
  });

  it('signs in again when Resource Manager asks for more', async () => {
    const claims = Buffer.from('{"access_token":{"nbf":{"essential":true}}}').toString('base64');
    const challenge = `Bearer realm="", error="insufficient_claims", claims="${claims}"`;
    const { azure, calls } = openWith([json(401, {}, { 'WWW-Authenticate': challenge }), json(200, { location: 'x' })]);
    assert.equal((await at.play(read(azure))).location, 'x');
    assert.equal(calls.length, 2);
  });
});
