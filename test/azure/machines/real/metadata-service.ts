import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Server as Listener, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Answer, Call } from '../../core/http.ts';
import { metadataHost } from '../../metadata/header.ts';
import { bodyText } from '../../server/body.ts';
import { run } from './commands.ts';
import { type Ground, hostPath } from './ground.ts';

/** Answers a call of the machine that has this address. */
export type MetadataAnswers = (address: string, call: Call) => Answer;

/**
 * 169.254.169.254 for all machines of one owner. It lives in a network namespace of its own, of which this process holds
 * nothing but the listening socket; every machine has a link to it. The host's own addresses and routes do not change.
 */
export interface MetadataService {
  /** Links a machine's network namespace, that of the process `pid`. The machine's own end is `md0`. */
  connect(pid: number, address: string): Promise<void>;
  close(): Promise<void>;
}

const mostBytes = 65_536;

export async function openMetadataService(ground: Ground, answers: MetadataAnswers): Promise<MetadataService> {
  const keeper = startKeeper(ground);
  const listener = await listenerOf(keeper);
  const web = createServer((incoming, outgoing) => void serve(answers, incoming, outgoing));
  listener.on('connection', (socket: Socket) => web.emit('connection', socket));
  let links = 0;
  return {
    async connect(pid, address) {
      links += 1;
      const link = `md${links}`;
      const batch = [
        `link add ${link} type veth peer name md0 netns ${pid}`,
        `link set ${link} up`,
        `route replace ${address}/32 dev ${link}\n`,
      ];
      await run('nsenter', [`--net=/proc/${keeper.pid}/ns/net`, 'ip', '-batch', '-'], batch.join('\n'));
    },
    close: () => close(keeper, listener, web),
  };
}

/** Makes the namespace and listens in it; the folder among its arguments says whose it is (owner.ts). */
function startKeeper({ owner }: Ground): ChildProcess {
  const script = fileURLToPath(new URL('metadata-keeper.sh', import.meta.url));
  return spawn('unshare', ['--net', 'sh', script, owner.folder, metadataHost, process.execPath], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { PATH: hostPath },
    detached: true,
  });
}

async function listenerOf(keeper: ChildProcess): Promise<Listener> {
  const error: Buffer[] = [];
  keeper.stderr?.on('data', (chunk: Buffer) => error.push(chunk));
  return new Promise((resolve, reject) => {
    keeper.once('message', (_said, listener) => resolve(listener as Listener));
    keeper.once('exit', () =>
      reject(new Error(`The metadata service cannot be opened: ${Buffer.concat(error).toString().trim()}`)),
    );
  });
}

/** What a machine sends is read as data: a method, a path of this one host, headers and a short body. */
async function serve(answers: MetadataAnswers, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await readBody(incoming);
  const address = incoming.socket.remoteAddress;
  if (body === undefined || address === undefined) {
    incoming.socket.destroy();
    return;
  }
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const url = new URL(`http://${metadataHost}`);
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2);
  Object.assign(url, { pathname: path, search: query });
  const answer = answers(address, { method: incoming.method ?? 'GET', url, headers, body });
  const { text, type } = bodyText(answer);
  outgoing.writeHead(answer.status, { ...(type !== undefined && { 'Content-Type': type }), ...answer.headers });
  outgoing.end(text);
}

/** Undefined when it is too long, or breaks off. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString();
}

async function close(keeper: ChildProcess, listener: Listener, web: Server): Promise<void> {
  listener.close();
  web.closeAllConnections();
  if (!keeper.connected) return;
  const ended = once(keeper, 'exit');
  keeper.disconnect();
  await ended;
}
