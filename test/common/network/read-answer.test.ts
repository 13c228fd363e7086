import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { armFailure } from '../../../tasks/common/azure/arm-failure.ts';
import { networkPolicy } from '../../../tasks/common/network/network-policy.ts';
import type { AnswerBounds } from '../../../tasks/common/network/read-answer.ts';
import { type Authority, createAuthority } from '../../azure/server/authority.ts';

const megabyte = Buffer.alloc(1024 * 1024, 'x');

describe('an answer over the wire', () => {
  let authority: Authority;
  let server: Server;
  let origin = '';
  let sent = 0;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  before(async () => {
    authority = await createAuthority();
    server = createServer({
      SNICallback: (host, done) => void authority.contextFor(host).then((context) => done(null, context), done),
    });
    server.on('request', (request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    sent = 0;
  });

  /** As the product asks, with bounds of its own: nobody waits for minutes here. */
  function ask(bounds: Partial<AnswerBounds> = {}): Promise<PipelineResponse> {
    const pipeline = createEmptyPipeline();
    const patience = { answerMs: 60_000, silenceMs: 60_000, longest: 4 * 1024 * 1024, ...bounds };
    pipeline.addPolicy(networkPolicy({ caPem: authority.caPem }, patience));
    const request = createPipelineRequest({ url: `${origin}/` });
    request.headers.set('Accept-Encoding', 'gzip');
    return pipeline.sendRequest(createDefaultHttpClient(), request);
  }
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'an answer',
      (error: unknown) => armFailure(error, 'Asking').code,
    );

  it('is read whole, compressed or not', async () => {
    answer = (_request, response) => response.end('{"a":1}');
    assert.equal((await ask()).bodyAsText, '{"a":1}');
    answer = (_request, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('{"b":2}'));
    const { bodyAsText, readableStreamBody } = await ask();
    assert.deepEqual([bodyAsText, readableStreamBody], ['{"b":2}', undefined]);
  });

  it('is cut when it is too long, although it would never end', async () => {
    answer = (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(megabyte)) sent += 1;
        sent += 1;
      };
      response.on('drain', more);
      more();
    };
    assert.equal(await codeOf(ask()), 'AnswerTooLarge');
    assert.ok(sent < 20, `${sent} MB were taken before it was cut`);
  });

  it('is cut by what it is when it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    answer = (_request, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
    const before = process.memoryUsage().rss;
    assert.equal(await codeOf(ask()), 'AnswerTooLarge');
    const grown = (process.memoryUsage().rss - before) / 1024 / 1024;
    assert.ok(grown < 150, `it took ${Math.round(grown)} MB of memory`);
  });

  const torn: readonly { name: string; bounds?: Partial<AnswerBounds>; answer: typeof answer }[] = [
    {
      name: 'that breaks off',
      answer(request, response) {
        response.writeHead(200, { 'Content-Length': 100 }).write('{"a":');
        setTimeout(() => request.socket.destroy(), 50);
      },
    },
    {
      name: 'that breaks off while it is compressed, where the SDK would wait for ever',
      bounds: { silenceMs: 300 },
      answer(request, response) {
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).write(gzipSync('{"a":1}').subarray(0, 12));
        setTimeout(() => request.socket.destroy(), 50);
      },
    },
    {
      name: 'that says it is compressed and is not',
      answer: (_request, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('{"a":1}'),
    },
    {
      name: 'that goes silent',
      bounds: { silenceMs: 100 },
      answer: (_request, response) => void response.write('{"a":'),
    },
    {
      name: 'that drips for ever',
      bounds: { silenceMs: 100, wholeMs: 400 },
      answer(_request, response) {
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
      },
    },
  ];
  for (const { name, bounds: changes, answer: play } of torn)
    it(`${name} is given up`, async () => {
      answer = play;
      assert.equal(await codeOf(ask(changes)), 'AnswerBrokeOff');
    });
});
