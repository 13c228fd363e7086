import assert from 'node:assert/strict';
import { createServer, get, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadBalancer, type Member, openLoadBalancer } from './load-balancer.ts';
import { eventually, freePort } from './support.ts';

/** A member's application, whose health and pace the test decides. */
interface App {
  readonly member: Member;
  healthy: boolean;
  /** So many probes fail from now on. */
  failNext: number;
  slowMs: number;
  close(): void;
}

describe('the load balancer', () => {
  const probe = { protocol: 'http', path: '/health', intervalMs: 30, numberOfProbes: 2 } as const;
  let apps: App[] = [];
  let pool: Member[] = [];
  let balancer: LoadBalancer;

  async function begin(...names: string[]): Promise<void> {
    apps = await Promise.all(names.map(startApp));
    pool = apps.map(({ member }) => member);
    balancer = await openLoadBalancer({ members: () => pool, membersMs: 20, probe });
    await eventually('all members are up', () => balancer.stats().members.every(({ up }) => up));
  }
  const app = (name: string) => apps.find(({ member }) => member.id === name) ?? assert.fail(name);
  const stats = (name: string) => balancer.stats().members.find(({ id }) => id === name) ?? assert.fail(name);
  afterEach(async () => {
    await balancer?.close();
    for (const one of apps) one.close();
  });

  it('spreads new connections evenly', async () => {
    await begin('a', 'b', 'c');
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(balancer)));
    for (const name of ['a', 'b', 'c']) assert.equal(answers.filter((answer) => answer === name).length, 10);
    await eventually('all have ended', () => stats('a').open === 0);
    assert.deepEqual(stats('a'), { id: 'a', up: true, connections: 10, open: 0, resets: 0, refused: 0 });
  });

  it('gives a member nothing new once its probe is down, and lets what is established end well', async () => {
    await begin('a', 'b');
    app('a').slowMs = 400;
    const slow = Promise.all([ask(balancer), ask(balancer)]);
    await eventually('one is at a', () => stats('a').open === 1);
    app('a').healthy = false;
    await eventually('a is down', () => !stats('a').up);
    assert.deepEqual(await Promise.all([1, 2, 3, 4].map(() => ask(balancer))), ['b', 'b', 'b', 'b']);
    assert.equal(stats('a').open, 1);
    assert.deepEqual((await slow).toSorted(), ['a', 'b']);
    assert.equal(stats('a').resets, 0);
    app('a').healthy = true;
    await eventually('a is up again', () => stats('a').up);
  });

  it('obeys an administrative state before the probe, and lets what is established end well', async () => {
    await begin('a', 'b');
    app('a').slowMs = 400;
    const slow = Promise.all([ask(balancer), ask(balancer)]);
    await eventually('one is at a', () => stats('a').open === 1);
    const admin = (adminState: 'Up' | 'Down') => {
      pool = apps.map(({ member }) => (member.id === 'a' ? { ...member, adminState } : member));
    };
    admin('Down');
    await eventually('a is down', () => !stats('a').up);
    assert.deepEqual(await Promise.all([1, 2, 3].map(() => ask(balancer))), ['b', 'b', 'b']);
    assert.deepEqual((await slow).toSorted(), ['a', 'b']);
    assert.equal(stats('a').resets, 0);
    app('a').healthy = false;
    admin('Up');
    await eventually('a is up, whatever its probe says', () => stats('a').up);
  });

  it('turns a member down only after so many failed probes in a row', async () => {
    await begin('a');
    for (let round = 0; round < 5; round += 1) {
      app('a').failNext = 1;
      await eventually('one probe has failed', () => app('a').failNext === 0);
      await sleep(20);
      assert.ok(stats('a').up);
      await sleep(80);
    }
    app('a').failNext = 2;
    await eventually('two have failed, so a is down', () => !stats('a').up);
  });

  it('resets the connections of a member that leaves the pool', async () => {
    await begin('a', 'b');
    const sockets = await Promise.all([open(balancer), open(balancer)]);
    const ends = Promise.all(sockets.map(endOf));
    await eventually('each has one', () => stats('a').open === 1 && stats('b').open === 1);
    pool = pool.filter(({ id }) => id !== 'a');
    await eventually('a has been reset', () => stats('a').resets === 1);
    assert.equal(stats('b').resets, 0);
    assert.equal(stats('b').open, 1);
    for (const socket of sockets) socket.end();
    assert.deepEqual((await ends).toSorted(), ['ECONNRESET', 'end']);
    assert.deepEqual(stats('a'), { id: 'a', up: false, connections: 1, open: 0, resets: 1, refused: 0 });
  });

  it('probes a member that joins before it gets anything', async () => {
    await begin('a');
    const late = await startApp('late');
    late.healthy = false;
    apps.push(late);
    pool = [...pool, late.member];
    await sleep(150);
    assert.deepEqual(await Promise.all([ask(balancer), ask(balancer)]), ['a', 'a']);
    late.healthy = true;
    await eventually('it is up', () => stats('late').up);
    assert.deepEqual((await Promise.all([ask(balancer), ask(balancer)])).toSorted(), ['a', 'late']);
  });

  it('tells a member that refuses from one that resets', async () => {
    await begin('a');
    const port = await freePort();
    const health = app('a').member.port;
    await balancer.close();
    balancer = await openLoadBalancer({
      members: () => [{ id: 'shut', host: '127.0.0.1', port }],
      probe: { ...probe, port: health },
    });
    await eventually('it is up', () => stats('shut').up);
    assert.equal(await endOf(await open(balancer)), 'ECONNRESET');
    assert.deepEqual(stats('shut'), { id: 'shut', up: true, connections: 1, open: 0, resets: 0, refused: 1 });
  });

  it('counts a connection that a member breaks in the middle', async () => {
    await begin('a');
    const socket = await open(balancer);
    socket.write('GET /break HTTP/1.1\r\nHost: a\r\n\r\n');
    assert.equal(await endOf(socket), 'ECONNRESET');
    assert.equal(stats('a').resets, 1);
  });

  it('does not blame a member for a client that breaks off', async () => {
    await begin('a');
    const socket = await open(balancer);
    await eventually('it is open', () => stats('a').open === 1);
    socket.resetAndDestroy();
    await eventually('it is gone', () => stats('a').open === 0);
    assert.equal(stats('a').resets, 0);
  });

  it('resets whom nobody can serve, and counts them', async () => {
    await begin('a');
    app('a').healthy = false;
    await eventually('a is down', () => !stats('a').up);
    await assert.rejects(ask(balancer), /ECONNRESET|socket hang up/);
    assert.equal(balancer.stats().unserved, 1);
  });

  it('probes by TCP as well', async () => {
    const one = await startApp('a');
    one.healthy = false;
    apps = [one];
    balancer = await openLoadBalancer({ members: () => [one.member], probe: { ...probe, protocol: 'tcp' } });
    await eventually('a is up', () => stats('a').up);
    one.close();
    await eventually('a is down', () => !stats('a').up);
  });

  it('says which port it could not have', async () => {
    await begin('a');
    await assert.rejects(
      openLoadBalancer({ port: balancer.port, members: () => [], probe }),
      new RegExp(`cannot listen on 127.0.0.1:${balancer.port}`),
    );
  });
});

async function startApp(id: string): Promise<App> {
  const app = { healthy: true, failNext: 0, slowMs: 0 };
  const server: Server = createServer((request, response) => {
    if (request.url === '/health') {
      const fails = !app.healthy || app.failNext > 0;
      if (app.failNext > 0) app.failNext -= 1;
      response.writeHead(fails ? 503 : 200).end();
    } else if (request.url === '/break') request.socket.resetAndDestroy();
    else setTimeout(() => response.setHeader('Connection', 'close').end(id), app.slowMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return Object.assign(app, { member: { id, host: '127.0.0.1', port }, close });
}

const ask = (balancer: LoadBalancer) =>
  new Promise<string>((resolve, reject) => {
    get({ host: '127.0.0.1', port: balancer.port, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk;
      });
      response.on('end', () => resolve(body));
    }).on('error', reject);
  });

const open = (balancer: LoadBalancer) =>
  new Promise<Socket>((resolve) => {
    const socket = connect(balancer.port, '127.0.0.1', () => resolve(socket));
  });

/** How a connection ended for its client. */
const endOf = (socket: Socket) =>
  new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('end', () => resolve('end'));
    socket.resume();
  });
