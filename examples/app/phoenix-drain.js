#!/usr/bin/env node
/**
 * The drain contract of this node: `phoenix-drain start | status | cancel`.
 *
 *   start   the health check fails from now on, and every answer closes its connection
 *   status  prints the number of live sessions; 0 means that the node may leave
 *   cancel  the node serves again as before
 *
 * Each may be called again and again, by anybody who can run a command here as root.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { paths } from './settings.js';

const commands = { start, status, cancel };
const command = commands[process.argv[2]];
if (!command) {
  console.error('Usage: phoenix-drain start | status | cancel');
  process.exit(64);
}
command();

function start() {
  mkdirSync(paths.runFolder, { recursive: true });
  writeFileSync(paths.drainFlag, '');
  console.log('draining');
}

function cancel() {
  rmSync(paths.drainFlag, { force: true });
  console.log('serving');
}

function status() {
  const socket = connect(paths.sessionsSocket).setTimeout(5_000).setEncoding('utf8');
  let answer = '';
  socket.on('data', (part) => {
    answer += part;
  });
  socket.on('end', () => console.log(answer.trim()));
  socket.on('timeout', () => fail('The shop did not say within 5 seconds how many sessions it has'));
  socket.on('error', (error) => (notRunning(error) ? console.log('0') : fail(error.message)));
}

/** Nobody listens: the app is not running, and the kernel has closed what it held. */
const notRunning = (error) => error.code === 'ENOENT' || error.code === 'ECONNREFUSED';

function fail(message) {
  console.error(message);
  process.exit(1);
}
