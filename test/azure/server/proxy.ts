import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ProxyOptions {
  /** Where every tunnel ends, whatever host it was asked for. */
  readonly targetPort: number;
  /** Hosts that the simulated Azure speaks for; all others are refused, so that nothing reaches the network. */
  readonly isKnown: (host: string) => boolean;
  readonly credentials?: ProxyCredentials;
  readonly onConnect: (connect: ProxyConnect) => void;
}

export interface ProxyCredentials {
  readonly username: string;
  readonly password: string;
}

export interface ProxyConnect {
  readonly host: string;
  readonly outcome: 'tunnelled' | 'unknown host' | 'not authorized';
}

export interface Proxy {
  readonly server: Server;
  /** Breaks every open tunnel. */
  breakTunnels(): void;
}

/** A proxy that answers CONNECT alone. */
export function createProxy(options: ProxyOptions): Proxy {
  const open = new Set<Duplex>();
  const server = createServer((request, response) => {
    options.onConnect({ host: request.headers.host ?? '', outcome: 'unknown host' });
    response.writeHead(403, { 'Content-Type': 'text/plain' }).end('This proxy tunnels CONNECT requests only.\n');
  });
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const host = (request.url ?? '').replace(/:\d+$/, '').toLowerCase();
    const outcome = judge(options, request, host);
    options.onConnect({ host, outcome });
    client.on('error', () => client.destroy());
    if (outcome === 'tunnelled') tunnel(options.targetPort, client, head, open);
    else client.end(refusal[outcome]);
  });
  return {
    server,
    breakTunnels() {
      for (const socket of open) socket.destroy();
    },
  };
}

function judge(options: ProxyOptions, request: IncomingMessage, host: string): ProxyConnect['outcome'] {
  const { credentials } = options;
  if (credentials && request.headers['proxy-authorization'] !== basic(credentials)) return 'not authorized';
  return options.isKnown(host) ? 'tunnelled' : 'unknown host';
}

const basic = ({ username, password }: ProxyCredentials) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const refusal = {
  'not authorized':
    'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="rehearsal"\r\nContent-Length: 0\r\n\r\n',
  'unknown host': 'HTTP/1.1 502 Host Is Not Simulated\r\nContent-Length: 0\r\n\r\n',
};

/** Both ends live and die together, so that a broken answer is seen as a broken connection on the other side. */
function tunnel(port: number, client: Duplex, head: Buffer, open: Set<Duplex>): void {
  const target: Socket = connect(port, '127.0.0.1', () => {
    // Small pieces go at once: a held back request body would cost each POST 40 ms.
    target.setNoDelay(true);
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    target.write(head);
    client.pipe(target).pipe(client);
  });
  for (const [here, there] of [
    [client, target],
    [target, client],
  ] as const) {
    open.add(here);
    here.on('error', () => there.destroy());
    here.on('close', () => {
      open.delete(here);
      there.destroy();
    });
  }
}
