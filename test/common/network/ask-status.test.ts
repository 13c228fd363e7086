import assert from 'node:assert/strict';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Socket, type Server as TcpServer } from 'node:net';
import { systemClock } from '../../../tasks/common/clock.ts';
import { statusAsker } from '../../../tasks/common/network/ask-status.ts';
import { newCertificate } from '../../azure/sign-in/new-certificate.ts';

const askStatus = statusAsker(systemClock);

/** Long enough for a busy machine, short enough to be waited for. */
const patienceMs = 1_500;

describe('askStatus', () => {
  const open: TcpServer[] = [];
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of open.splice(0)) server.close();
  });

  async function listen(server: TcpServer | Server): Promise<string> {
    open.push(server);
    server.on('connection', (socket: Socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  for (const status of [200, 204, 302, 404, 503])
    it(`gives ${status} as it is, and follows nowhere`, async () => {
      let asked = 0;
      const host = await listen(
        createPlain((request, answer) => {
          asked += 1;
          answer.writeHead(request.url === '/healthz?x=1' ? status : 500, { Location: '/elsewhere' }).end();
        }),
      );
      assert.deepEqual([await askStatus(`http://${host}/healthz?x=1`, patienceMs), asked], [status, 1]);
    });

  it('does not wait for the end of an answer that has none', async () => {
    const host = await listen(createPlain((_, answer) => void answer.writeHead(200).write('well'.repeat(10_000))));
    assert.equal(await askStatus(`http://${host}/`, patienceMs), 200);
  });

  it('asks over TLS whatever name the certificate bears', async () => {
    const { certificate: cert, key } = await newCertificate({ kind: 'ec' });
    const host = await listen(createSecure({ cert, key }, (_, answer) => void answer.writeHead(200).end()));
    assert.equal(await askStatus(`https://${host}/`, patienceMs), 200);
  });

  it('knows nothing of who does not listen', async () => {
    const server = createTcp();
    const host = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    assert.equal(await askStatus(`http://${host}/`, patienceMs), undefined);
  });

  const strange = [
    {
      title: 'is silent for too long',
      answers: (socket: Socket) => void setTimeout(() => socket.end('HTTP/1.1 200 OK\r\n\r\n'), 1_000),
    },
    { title: 'speaks another protocol', answers: (socket: Socket) => void socket.end('220 mail.example ESMTP\r\n') },
    { title: 'hangs up', answers: (socket: Socket) => void socket.destroy() },
  ];
  for (const { title, answers } of strange)
    it(`knows nothing of who ${title}, in the time that it has`, async () => {
      const host = await listen(
        createTcp((socket) => {
          socket.on('error', () => {});
          answers(socket);
        }),
      );
      assert.equal(await askStatus(`http://${host}/`, 300), undefined);
    });
});
