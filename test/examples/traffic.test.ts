import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { ask, judge } from '../../examples/demo/traffic/request.ts';
import { count, emptyTally, percentile } from '../../examples/demo/traffic/tally.ts';

const page = (content: object) =>
  JSON.stringify({ ...content, sha256: createHash('sha256').update(JSON.stringify(content)).digest('hex') });
const good = page({ version: '1.0.0', node: 'n0', requestId: 'r1' });

describe('the traffic client', () => {
  const cases = [
    { name: 'a whole page of its own', status: 200, body: good, kind: 'answered' },
    { name: 'a page with one changed letter', status: 200, body: good.replace('n0', 'n1'), kind: 'failed' },
    { name: 'half a page', status: 200, body: good.slice(0, 30), kind: 'failed' },
    {
      name: "another request's page",
      status: 200,
      body: page({ version: '1.0.0', node: 'n0', requestId: 'r2' }),
      kind: 'failed',
    },
    { name: 'a page with an error status', status: 503, body: good, kind: 'failed' },
  ];
  for (const { name, status, body, kind } of cases)
    it(`takes ${name} for ${kind}`, () => assert.equal(judge({ statusCode: status }, body, 'r1').kind, kind));

  const servers = [
    {
      name: 'a connection that is reset',
      serve: (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy()),
    },
    {
      name: 'a connection that is closed without an answer',
      serve: (socket: Socket) => void socket.once('data', () => socket.end()),
    },
    {
      name: 'an answer that is cut off in the middle',
      serve: (socket: Socket) =>
        void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ver')),
    },
  ];
  for (const { name, serve } of servers)
    it(`counts ${name} as reset`, async () => {
      const server = createServer(serve).listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const { port } = server.address() as AddressInfo;
        const outcome = await ask({ target: { host: '127.0.0.1', port }, agent: new Agent(), path: '/', id: 'r1' });
        assert.equal(outcome.kind, 'reset', JSON.stringify(outcome));
      } finally {
        server.close();
      }
    });

  it('keeps answers by version, and the first few problems in words', () => {
    const tally = emptyTally(0);
    for (const version of ['1.0.0', '2.0.0', '2.0.0']) count(tally, { kind: 'answered', version, node: 'n0' }, 5);
    count(tally, { kind: 'reset', why: 'gone' }, 5);
    assert.deepEqual(
      [...tally.answered],
      [
        ['1.0.0', 1],
        ['2.0.0', 2],
      ],
    );
    assert.deepEqual(
      { reset: tally.reset, failed: tally.failed, problems: tally.problems },
      { reset: 1, failed: 0, problems: ['gone'] },
    );
  });

  it('gives the delay under which a share of the answers stayed', () => {
    const tally = { ...emptyTally(0), delays: Array.from({ length: 100 }, (_, n) => 100 - n) };
    assert.deepEqual([percentile(tally, 0.5), percentile(tally, 0.99), percentile(emptyTally(0), 0.5)], [50, 99, 0]);
  });
});
