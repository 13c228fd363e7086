import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createDefaultHttpClient, createEmptyPipeline, createPipelineRequest } from '@azure/core-rest-pipeline';
import { armFailure } from '../../../tasks/common/azure/arm-failure.ts';
import type { Failure } from '../../../tasks/common/failure.ts';
import { networkPolicy } from '../../../tasks/common/network/network-policy.ts';

const page = '<html><title>Blocked by the web filter</title></html>';
const reply = (status: string) =>
  `HTTP/1.1 ${status}\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`;

describe('a proxy that opens no way', () => {
  let server: Server;
  let proxy = '';
  let seen = '';
  let answer: (socket: Socket) => void = () => {};
  before(async () => {
    server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        seen = data.toString();
        answer(socket);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  const ask = (): Promise<Failure> => {
    const pipeline = createEmptyPipeline();
    pipeline.addPolicy(
      networkPolicy({ proxy: { url: `http://${proxy}`, bypass: [] } }, { answerMs: 2_000, silenceMs: 2_000 }),
    );
    const request = createPipelineRequest({ url: 'https://management.azure.com/subscriptions' });
    request.headers.set('Authorization', 'Bearer t0ken');
    return pipeline.sendRequest(createDefaultHttpClient(), request).then(
      ({ status }) => assert.fail(`its answer was taken for Azure's: ${status}`),
      (error: unknown) => armFailure(error, 'Asking'),
    );
  };

  const cases = [
    {
      name: 'forbids the host',
      says: reply('403 Forbidden'),
      code: 'ProxyBlocked',
      message: /proxy 127\.0\.0\.1:\d+ does not open the way to management\.azure\.com \(403\)/,
    },
    { name: 'does not find the way', says: reply('404 Not Found'), code: 'ProxyBlocked', message: /\(404\)/ },
    {
      name: 'wants a sign-in',
      says: reply('407 Proxy Authentication Required'),
      code: 'ProxyRefused',
      message: /wants a sign-in \(407\)/,
    },
    {
      name: 'does not reach the host',
      says: reply('502 Bad Gateway'),
      code: 'ProxyUnreachable',
      message: /the proxy answered CONNECT with 502/,
    },
    {
      name: 'is no proxy',
      says: 'SSH-2.0-OpenSSH_9.6\r\n\r\n',
      code: 'ProxyUnreachable',
      message: /what answers at the address of the proxy is none/,
    },
  ];
  for (const { name, says, code, message } of cases)
    it(`because it ${name} is ${code}`, async () => {
      answer = (socket) => socket.end(says);
      const failure = await ask();
      assert.equal(failure.code, code);
      assert.match(failure.message, message);
      assert.doesNotMatch(seen, /t0ken/);
    });

  it('because it hangs up is ProxyUnreachable', async () => {
    answer = (socket) => socket.destroy();
    assert.equal((await ask()).code, 'ProxyUnreachable');
  });

  it('because it says nothing is given up', async () => {
    answer = () => {};
    assert.equal((await ask()).code, 'NetworkUnreachable');
  });

  it('because what lies behind speaks no TLS is SecureConnectionFailed', async () => {
    answer = (socket) => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\nno TLS here'));
    };
    assert.equal((await ask()).code, 'SecureConnectionFailed');
  });
});
