import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../../examples/demo/traffic/request.ts';
import { type Shop, type ShopOptions, startShop } from '../support/traffic-shop.ts';

describe('examples/app', () => {
  const shops: Shop[] = [];
  const agents: Agent[] = [];
  const start = async (options?: ShopOptions) => {
    const shop = await startShop(options);
    shops.push(shop);
    return shop;
  };
  const keepAlive = () => {
    const agent = new Agent({ keepAlive: true, timeout: 60_000 });
    agents.push(agent);
    return agent;
  };
  const fetchPage = (shop: Shop, path: string, agent: Agent) =>
    ask({ target: { host: '127.0.0.1', port: shop.port }, agent, path, id: `test ${path}` });
  afterEach(async () => {
    for (const agent of agents.splice(0)) agent.destroy();
    await Promise.all(shops.splice(0).map((shop) => shop.remove()));
  });

  it('answers with its version, the id of the request and a checksum that fits', async () => {
    const shop = await start({ version: '7.0.1' });
    const outcome = await fetchPage(shop, '/', keepAlive());
    assert.equal(outcome.kind === 'answered' && outcome.version, '7.0.1');
  });

  it('takes as long as it is asked to', async () => {
    const shop = await start();
    const startedAt = performance.now();
    await fetchPage(shop, '/slow?ms=300', keepAlive());
    assert.ok(performance.now() - startedAt >= 299);
  });

  it('says that it is healthy, in status and in words', async () => {
    const shop = await start();
    assert.deepEqual(await healthOf(shop), { status: 200, state: 'Healthy' });
  });

  it('fails its health check from the start of a drain to its cancel', async () => {
    const shop = await start();
    await shop.drain('start');
    assert.deepEqual(await healthOf(shop), { status: 503, state: 'Unhealthy' });
    await shop.drain('cancel');
    assert.deepEqual(await healthOf(shop), { status: 200, state: 'Healthy' });
  });

  it('counts a connection that is kept alive until it has answered `Connection: close` on it', async () => {
    const shop = await start();
    const agent = keepAlive();
    await fetchPage(shop, '/', agent);
    assert.equal(await shop.drain('status'), '1');
    await shop.drain('start');
    assert.equal(await shop.drain('status'), '1');
    await fetchPage(shop, '/', agent);
    assert.equal(await shop.drain('status'), '0');
  });

  it('counts an answer that is on its way, and closes its connection when the drain began meanwhile', async () => {
    const shop = await start();
    const agent = keepAlive();
    const slow = fetchPage(shop, '/slow?ms=600', agent);
    await sleep(150);
    await shop.drain('start');
    assert.equal(await shop.drain('status'), '1');
    assert.equal((await slow).kind, 'answered');
    assert.equal(await shop.drain('status'), '0');
  });

  it('does not count the probes of a balancer', async () => {
    const shop = await start();
    const agent = keepAlive();
    await healthOf(shop, agent);
    assert.equal(await shop.drain('status'), '0');
  });

  it('lets go of an idle connection, but only after the time that it promised to the client', async () => {
    const shop = await start({ config: { keepAliveSeconds: 1 } });
    const visitor = connect(shop.port, '127.0.0.1');
    visitor.write('GET / HTTP/1.1\r\nHost: shop\r\n\r\n');
    await once(visitor, 'data');
    await shop.drain('start');
    await sleep(1_500);
    assert.equal(await shop.drain('status'), '1', 'still open after the promised second');
    await once(visitor.resume(), 'end');
    assert.equal(await shop.drain('status'), '0');
  });

  it('has no sessions when it is not running', async () => {
    const shop = await start();
    await shop.kill('SIGKILL');
    assert.equal(await shop.drain('status'), '0');
  });

  it('finishes its answers when the service is stopped', async () => {
    const shop = await start();
    const slow = fetchPage(shop, '/slow?ms=600', keepAlive());
    await sleep(150);
    await shop.kill('SIGTERM');
    assert.equal((await slow).kind, 'answered');
  });

  it('drain.sh ends with 0 when the last session has ended, and with 2 when one is left at the end of its time', async () => {
    const shop = await start();
    const slow = fetchPage(shop, '/slow?ms=4000', keepAlive());
    await sleep(150);
    await assert.rejects(shop.drainScript({ SETTLE_SECONDS: '1', LONGEST_SECONDS: '1' }), { code: 2 });
    assert.match(await shop.drainScript({ SETTLE_SECONDS: '1' }), /^No session is left after \d seconds$/);
    assert.equal((await slow).kind, 'answered');
  });
});

describe('examples/app without its configuration', () => {
  it('runs, answers 500 and never becomes healthy', async () => {
    const shop = await startShop({ broken: true });
    try {
      assert.deepEqual(await healthOf(shop), { status: 500, state: 'Unhealthy' });
      assert.equal(await shop.drain('status'), '0');
    } finally {
      await shop.remove();
    }
  });
});

async function healthOf(shop: Shop, agent?: Agent) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port: shop.port, path: '/health', agent: agent ?? false }, resolve).on('error', reject);
  });
  const body = (await json(response)) as { readonly ApplicationHealthState: string };
  return { status: response.statusCode, state: body.ApplicationHealthState };
}
