import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { controlSocket } from '../protocol.ts';
import type { ControlReply, ControlRequest } from './control.ts';
import { bootTarget, unitFolder } from './services.ts';
import { loadUnit, type Unit, unitFile } from './unit.ts';

/** `systemctl` of a machine: the verbs that provisioners use. Anything else is refused by name. */
const harmless = new Set([
  '-q',
  '--quiet',
  '--no-pager',
  '--no-ask-password',
  '--system',
  '-f',
  '--force',
  '--full',
  '-l',
  '--no-block',
]);
const words = process.argv.slice(2);
const options = words.filter((word) => word.startsWith('-'));
const [verb = 'list-units', ...names] = words.filter((word) => !word.startsWith('-'));
const now = options.includes('--now');
const quiet = options.includes('-q') || options.includes('--quiet');

async function main(): Promise<number> {
  const odd = options.find((option) => option !== '--now' && !harmless.has(option));
  if (odd !== undefined) throw new Error(`systemctl: this machine's systemctl does not know the option ${odd}`);
  if (verb === 'daemon-reload' || verb === 'daemon-reexec') return 0; // Unit files are read at each start.
  if (names.length === 0) throw new Error(`systemctl: ${verb} needs the name of a unit`);
  const codes: number[] = [];
  for (const name of names) codes.push(await carryOut(name.includes('.') ? name : `${name}.service`));
  return Math.max(...codes);
}

async function carryOut(unit: string): Promise<number> {
  switch (verb) {
    case 'enable':
      enable(existing(unit));
      return now ? ask('start', unit) : 0;
    case 'reenable':
      disable(unit);
      enable(existing(unit));
      return 0;
    case 'disable':
      disable(unit);
      return now ? ask('stop', unit) : 0;
    case 'start':
    case 'stop':
    case 'restart':
    case 'try-restart':
    case 'reload':
    case 'reset-failed':
      return ask(verb, unit);
    case 'is-active':
      return printState(unit);
    case 'is-failed':
      return (await tell({ verb: 'state', unit })).state === 'failed' ? 0 : 1;
    case 'is-enabled':
      return printEnabled(unit);
    case 'status':
      return printStatus(existing(unit));
    default:
      throw new Error(`systemctl: this machine's systemctl does not know ${verb}`);
  }
}

function existing(name: string): Unit {
  if (name.includes('@')) throw new Error(`systemctl: this machine's init does not know templates such as ${name}`);
  const unit = loadUnit(name);
  if (!unit) throw new Error(`Failed to ${verb} unit: Unit file ${name} does not exist.`);
  return unit;
}

function enable(unit: Unit): void {
  if (unit.wantedBy.length === 0)
    console.error(`The unit file ${unit.name} has no [Install] WantedBy=: it cannot be enabled.`);
  for (const target of unit.wantedBy) {
    if (target !== bootTarget)
      console.error(`This machine boots ${bootTarget}: ${target} will not start ${unit.name}.`);
    const link = `${unitFolder}/${target}.wants/${unit.name}`;
    const file = unitFile(unit.name) ?? `${unitFolder}/${unit.name}`;
    if (existsSync(link)) continue;
    mkdirSync(`${unitFolder}/${target}.wants`, { recursive: true });
    symlinkSync(file, link);
    if (!quiet) console.error(`Created symlink ${link} → ${file}.`);
  }
}

function disable(name: string): void {
  for (const link of wantedLinks(name)) {
    rmSync(link);
    if (!quiet) console.error(`Removed "${link}".`);
  }
}

const wantedLinks = (name: string) =>
  readdirSync(unitFolder)
    .filter((folder) => folder.endsWith('.wants') && readdirSync(`${unitFolder}/${folder}`).includes(name))
    .map((folder) => `${unitFolder}/${folder}/${name}`);

async function ask(what: ControlRequest['verb'], unit: string): Promise<number> {
  const reply = await tell({ verb: what, unit });
  if (reply.message !== undefined) console.error(reply.message);
  if (reply.unknownUnit) return 5; // As systemctl(1) exits: LSB's "program is not installed".
  return reply.ok ? 0 : 1;
}

/** is-active prints the state and exits 0 only for `active`, else 3 (systemctl(1)). */
async function printState(unit: string): Promise<number> {
  const { state } = await tell({ verb: 'state', unit });
  if (!quiet) console.log(state);
  return state === 'active' ? 0 : 3;
}

function printEnabled(name: string): number {
  const enabled = wantedLinks(existing(name).name).length > 0;
  if (!quiet) console.log(enabled ? 'enabled' : 'disabled');
  return enabled ? 0 : 1;
}

async function printStatus(unit: Unit): Promise<number> {
  const { state, mainPid } = await tell({ verb: 'state', unit: unit.name });
  console.log(
    `${unit.name} - ${unit.description}\n     Active: ${state}${mainPid === undefined ? '' : `\n   Main PID: ${mainPid}`}`,
  );
  return state === 'active' ? 0 : 3;
}

function tell(request: ControlRequest): Promise<ControlReply> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(controlSocket, () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('error', (error) => reject(new Error(`systemctl: the init does not answer: ${error.message}`)));
    createInterface({ input: socket }).once('line', (line) => resolve(JSON.parse(line) as ControlReply));
  });
}

// At the end: what stands above must be there first.
main().then(
  (exitCode) => process.exit(exitCode),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
