#!/usr/bin/env node
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createShop } from './server.js';
import { draining, paths, readConfig, readRelease } from './settings.js';

const longestStopMs = 25_000;
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

/** When systemd stops the service it drains first: a stop by hand must not cut anybody off either. */
function stop() {
  const wasDraining = draining();
  writeFileSync(paths.drainFlag, '');
  const leave = () => {
    if (!wasDraining) rmSync(paths.drainFlag, { force: true });
    process.exit(0);
  };
  setInterval(() => sessions.live() === 0 && leave(), 200);
  setTimeout(leave, longestStopMs);
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
