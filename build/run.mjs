// `npm test`, `npm run demo` and `npm run soak:traffic` from a fresh clone: gets what is missing and then starts the real thing.
// Plain JavaScript, since nothing is installed yet when it runs.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const bin = (path) => join(project, 'node_modules', path);
const tsx = bin('tsx/dist/cli.mjs');

/** Debian's and Ubuntu's packages that the demo needs: the command that must be there, and the package that has it. */
const tools = {
  packer: 'packer',
  ip: 'iproute2',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  scp: 'openssh-client',
};

/** What `npm test` has done so far, in order, with its milliseconds. */
const times = [];

const [goal, ...rest] = process.argv.slice(2);
const goals = { test, demo, traffic };
if (!Object.hasOwn(goals, goal)) stop(`node build/run.mjs test|demo|traffic [options]; not ${goal}`);
await goals[goal](rest);

/**
 * Types, lint, a built and packed extension, then mocha: with no arguments all tests, else those files or options. Where
 * everything real is required (CI), each guard is taken away besides, to see that a test notices: the tests wait more
 * than they work, so that is done meanwhile, and told after them.
 */
async function test(options) {
  process.on('exit', printTimes);
  timed('install', installPackages);
  step('types', bin('typescript/bin/tsc'), ['--noEmit', '-p', project]);
  step('lint', bin('@biomejs/biome/bin/biome'), ['check']);
  step('build and package', tsx, ['build/package.ts']);
  const isWhole = options.length === 0 && process.env.REQUIRE_REAL === '1';
  const mutations = isWhole ? meanwhile('mutations', tsx, ['test/mutations/main.ts', '--workers', '1']) : undefined;
  mocha(options);
  await mutations?.end();
}

/** Starts one thing beside the others, which go first; `end` waits for it, shows what it said, and where it fails, so do we. */
function meanwhile(name, program, args) {
  const folder = mkdtempSync(join(tmpdir(), 'phoenix-meanwhile-'));
  const output = openSync(join(folder, 'output'), 'w');
  const child = spawn(process.execPath, [program, ...args], { cwd: project, stdio: ['ignore', output, output] });
  closeSync(output);
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const ended = new Promise((resolve) => {
    child.on('error', resolve);
    child.on('close', resolve);
  });
  process.on('exit', () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    async end() {
      console.log(`\n▸ ${name}`);
      const startedAt = Date.now();
      const code = await ended;
      times.push([`${name}, what was left of them`, Date.now() - startedAt]);
      console.log(readFileSync(join(folder, 'output'), 'utf8'));
      if (code !== 0) stop(`${name} failed: ${code instanceof Error ? code.message : `exit code ${code}`}`);
    },
  };
}

/** The tests; their reporter tells how long each part of them took (test/support/timed-spec.ts). */
function mocha(options) {
  const folder = mkdtempSync(join(tmpdir(), 'phoenix-times-'));
  process.env.TEST_TIMES = join(folder, 'times.json');
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  step('tests', bin('mocha/bin/mocha.js'), options);
}

function demo(options) {
  prepareRealMachines();
  step('demo', tsx, ['examples/demo/main.ts', ...options]);
}

/** The demo's fleet under traffic for longer. */
function traffic(options) {
  prepareRealMachines();
  step('traffic', tsx, ['examples/demo/soak.ts', ...options]);
}

function prepareRealMachines() {
  installPackages();
  installTools();
  step('build and package', tsx, ['build/package.ts']);
}

/** Runs one thing to its end; where it fails, so do we, and with its exit code. */
function step(name, program, args) {
  console.log(`\n▸ ${name}`);
  const run = timed(name, () => spawnSync(process.execPath, [program, ...args], { cwd: project, stdio: 'inherit' }));
  if (run.error) stop(`${name}: ${run.error.message}`);
  if (run.status !== 0) stop(`${name} failed`, run.status ?? 1);
}

function timed(name, work) {
  const startedAt = Date.now();
  try {
    return work();
  } finally {
    times.push([name, Date.now() - startedAt]);
  }
}

/** Wall time by part, that of the tests by area; what is left of them is loading. */
function printTimes() {
  const areas = existsSync(process.env.TEST_TIMES ?? '') ? readAreas(process.env.TEST_TIMES) : [];
  const rows = times.flatMap((row) => (row[0] === 'tests' ? [row, ...areas] : [row]));
  const width = Math.max(...rows.map(([name]) => name.length));
  const all = times.reduce((sum, [, ms]) => sum + ms, 0);
  console.log('\nWall time');
  for (const [name, ms] of [...rows, ['all', all]])
    console.log(`  ${name.padEnd(width)}  ${(ms / 1000).toFixed(1).padStart(7)} s`);
}

function readAreas(file) {
  return Object.entries(JSON.parse(readFileSync(file, 'utf8')))
    .sort(([, one], [, other]) => other - one)
    .map(([name, ms]) => [`  ${name}`, ms]);
}

/** `npm ci`, unless what is installed is already what the lock file names. */
function installPackages() {
  if (isInstalled()) return;
  console.log('Installing the npm packages of package-lock.json …');
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm ? [process.execPath, npm] : ['npm'];
  const run = spawnSync(command, [...first, 'ci'], {
    cwd: project,
    stdio: 'inherit',
    shell: !npm && process.platform === 'win32',
  });
  if (run.status !== 0) stop('npm ci failed: see above', run.status ?? 1);
}

/** npm writes down what it installed; packages for other systems are optional and left out there. */
function isInstalled() {
  const installed = bin('.package-lock.json');
  if (!existsSync(installed)) return false;
  const found = readPackages(installed);
  return Object.entries(readPackages(join(project, 'package-lock.json')))
    .filter(([path, { optional }]) => path !== '' && !optional)
    .every(([path, { version }]) => found[path]?.version === version);
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/** Real Packer and real network namespaces come from the system, by apt where that is there and allowed. */
function installTools() {
  const missing = Object.keys(tools).filter((tool) => !onPath(tool));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => tools[tool]))];
  if (!onPath('apt-get')) stop(`the demo needs ${missing.join(', ')}: please install ${packages.join(', ')}`);
  console.log(`Installing ${packages.join(', ')} …`);
  asRoot('apt-get', ['update', '-q']);
  asRoot('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages]);
}

function asRoot(command, args) {
  const root = process.getuid?.() === 0;
  const [first, ...before] = root ? [command] : ['sudo', '-n', command];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = spawnSync(first, [...before, ...args], { stdio: 'inherit', env });
  if (run.status !== 0) stop(`please run as root: ${command} ${args.join(' ')}`);
}

function onPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));
}

function stop(message, code = 1) {
  console.error(message);
  process.exit(code);
}
