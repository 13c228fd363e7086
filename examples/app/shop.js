#!/usr/bin/env node
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createShop } from './server.js';
import { paths, readConfig, readRelease } from './settings.js';

const longestStopMs = 8_000;
const release = readRelease();
const config = readConfig();
const { server, sessions } = createShop(release, config);

mkdirSync(paths.runFolder, { recursive: true });
rmSync(paths.sessionsSocket, { force: true });
createServer((socket) => socket.on('error', () => {}).end(`${sessions.live()}\n`)).listen(paths.sessionsSocket);
server.listen(config.port, config.address, () => {
  console.log(`shop ${release.version} listens on port ${server.address().port}`);
  if (config.problem) console.error(config.problem);
});

/**
 * A stop finishes the answers that are under way, as services do. Who comes next finds nobody: that is what draining is
 * for, and it has to happen before.
 */
function stop() {
  server.close();
  setInterval(() => {
    server.closeIdleConnections();
    if (sessions.live() === 0) process.exit(0);
  }, 100);
  setTimeout(() => process.exit(0), longestStopMs);
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
