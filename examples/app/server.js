import { createServer } from 'node:http';
import { health, page, think, thinkingTimeMs } from './answers.js';
import { countSessions } from './sessions.js';
import { draining } from './settings.js';

/**
 * How long after its promise the server really closes an idle connection. Clients are told `Keep-Alive: timeout=4` and
 * leave a connection alone after that; a server that closed at the very same moment would sometimes cut off a request
 * that was already on its way.
 */
const patienceMs = 2_000;
const longestIdle = (config) => config.keepAliveSeconds * 1_000 + patienceMs;

/** The shop: an HTTP server that can be drained, and the count of its live sessions. */
export function createShop(release, config) {
  const server = createServer({ connectionsCheckingInterval: 1_000, headersTimeout: longestIdle(config) });
  server.keepAliveTimeout = longestIdle(config);
  const sessions = countSessions(server);
  server.on('request', (request, response) => {
    sessions.seen(request);
    const say = (answer) => write(response, config, answer);
    answer(request, release, config).then(say, (error) => say({ status: 500, body: { error: error.message } }));
  });
  return { server, sessions };
}

async function answer(request, release, config) {
  const url = new URL(request.url, 'http://shop');
  if (url.pathname === '/health') return health(config.problem, draining());
  if (config.problem) return { status: 500, body: { error: config.problem } };
  if (url.pathname !== '/' && url.pathname !== '/slow') return { status: 404, body: { error: 'No such page' } };
  await think(thinkingTimeMs(url));
  return page(release, config, request.headers['x-request-id'] ?? '');
}

/** Whether the connection is kept is decided here, at the last moment: a drain may have begun while we were thinking. */
function write(response, config, { status, body }) {
  const content = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(content),
    ...(draining() || !response.shouldKeepAlive ? { Connection: 'close' } : keepAlive(config)),
  });
  response.end(content);
}

const keepAlive = (config) => ({ Connection: 'keep-alive', 'Keep-Alive': `timeout=${config.keepAliveSeconds}` });
