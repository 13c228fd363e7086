import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { performance } from 'node:perf_hooks';
import { type Gates, handle } from '../core/handle.ts';
import type { Answer, Call } from '../core/http.ts';
import type { World } from '../core/world.ts';
import type { Authority } from './authority.ts';
import { bodyText } from './body.ts';

/** One answered request, as the log gets it: never a header, a query or a body. */
export interface RequestLine {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  /** The connection was broken instead of answering. */
  readonly lost: boolean;
}

export interface ServeOptions {
  readonly world: World;
  readonly gates: Gates;
  readonly onRequest?: (line: RequestLine) => void;
}

export interface HttpsServerOptions extends ServeOptions {
  readonly authority: Authority;
}

/** Puts HTTPS around `handle`, under whatever host name the client asks for. */
export function createHttpsServer(options: HttpsServerOptions): Server {
  const server = createServer(
    {
      SNICallback: (host, done) => {
        options.authority.contextFor(host).then((context) => done(null, context), done);
      },
    },
    listener(options),
  );
  // Longer than clients keep an idle connection, so that none is closed under a request on its way.
  server.keepAliveTimeout = 120_000;
  return server;
}

/** Answers requests of any server of Node's. */
export const listener = (options: ServeOptions) => (incoming: IncomingMessage, outgoing: ServerResponse) =>
  void serve(options, incoming, outgoing);

async function serve(options: ServeOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const started = performance.now();
  const body = await readBody(incoming);
  if (body === undefined) return;
  const call = callOf(incoming, body);
  const answer = handle(options.world, options.gates, call);
  options.onRequest?.({
    method: call.method,
    host: call.url.hostname,
    path: call.url.pathname,
    status: answer.status,
    ms: Math.round(performance.now() - started),
    lost: answer.lost === true,
  });
  if (answer.lost) incoming.socket.destroy();
  else send(outgoing, answer, call.method);
}

/** Undefined when the client went away in the middle of its request: there is nobody to answer. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString();
}

function callOf(incoming: IncomingMessage, body: string): Call {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  const url = new URL(incoming.url ?? '/', `https://${incoming.headers.host ?? 'management.azure.com'}`);
  return { method: incoming.method ?? 'GET', url, headers, body };
}

function send(outgoing: ServerResponse, answer: Answer, method: string): void {
  const { text, type } = bodyText(answer);
  const body = Buffer.from(text);
  outgoing.writeHead(answer.status, {
    ...(type !== undefined && { 'Content-Type': type }),
    ...(answer.status !== 204 && { 'Content-Length': body.length }),
    ...answer.headers,
  });
  outgoing.end(method === 'HEAD' || answer.status === 204 ? undefined : body);
}
