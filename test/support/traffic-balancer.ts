import { once } from 'node:events';
import { get } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A balancer on the level of TCP, as small as can be: probes decide about new connections, old ones stay. */
export interface SmallBalancer {
  readonly port: number;
  close(): Promise<void>;
}

const probeMs = 100;

export async function startSmallBalancer(ports: readonly number[]): Promise<SmallBalancer> {
  const healthy = new Set<number>();
  const probe = () =>
    Promise.all(ports.map(async (port) => ((await isHealthy(port)) ? healthy.add(port) : healthy.delete(port))));
  await probe();
  const timer = setInterval(probe, probeMs);
  let turn = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const [...up] = healthy;
    const port = up[turn++ % up.length];
    if (port === undefined) client.resetAndDestroy();
    else forward(client, connect({ port, host: '127.0.0.1', allowHalfOpen: true }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => close(server, timer) };
}

function forward(client: Socket, node: Socket): void {
  client.pipe(node);
  node.pipe(client);
  client.on('error', () => node.resetAndDestroy());
  node.on('error', () => client.resetAndDestroy());
}

function isHealthy(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = get({ port, host: '127.0.0.1', path: '/health', agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    probe.on('error', () => resolve(false));
  });
}

async function close(server: Server, timer: NodeJS.Timeout): Promise<void> {
  clearInterval(timer);
  server.close();
}
