import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../../build/project.ts';

interface Clone {
  /** Packages of the lock file, and those that are installed; undefined: nothing is. */
  readonly locked: object;
  readonly installed?: object;
  /** Programs on PATH. */
  readonly programs: readonly string[];
  /** The content of the file in which a run of the tests tells its times. */
  readonly times?: object;
}

/** Starts build/run.mjs in a pretended clone; its PATH holds programs that only write down how they were called. */
function start(
  goal: string,
  { locked, installed, programs, times }: Clone,
): { calls: readonly string[]; said: string; code: number | null } {
  const clone = mkdtempSync(join(tmpdir(), 'phoenix-clone-'));
  try {
    const [path, calls] = [join(clone, 'bin'), join(clone, 'calls')];
    for (const folder of ['bin', 'build', 'node_modules']) mkdirSync(join(clone, folder));
    cpSync(join(projectFolder, 'build', 'run.mjs'), join(clone, 'build', 'run.mjs'));
    writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...locked } }));
    if (installed)
      writeFileSync(join(clone, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
    for (const program of programs) {
      writeFileSync(join(path, program), `#!/bin/sh\necho "${program} $*" >> "${calls}"\n`);
      chmodSync(join(path, program), 0o755);
    }
    const told = join(clone, 'times.json');
    if (times) writeFileSync(told, JSON.stringify(times));
    const run = spawnSync(process.execPath, [join(clone, 'build', 'run.mjs'), goal], {
      env: { PATH: path, ...(times && { TEST_TIMES: told }) },
      encoding: 'utf8',
    });
    const written = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
    return { calls: written, said: run.stdout + run.stderr, code: run.status };
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

const locked = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/a-mac': { version: '1.0.0', optional: true } };
const installed = { 'node_modules/a': { version: '1.0.0' } };
const tools = ['packer', 'ip', 'unshare', 'nsenter', 'scp'];

describe('npm test and npm run demo from a fresh clone', () => {
  before(function () {
    if (process.platform === 'win32') this.skip(); // the pretended programs are shell scripts
  });

  it('install the packages when there are none', () =>
    assert.deepEqual(start('test', { locked, programs: ['npm'] }).calls, ['npm ci']));

  it('install them again when the lock file names another version', () => {
    const older = { 'node_modules/a': { version: '0.9.0' } };
    assert.deepEqual(start('test', { locked, installed: older, programs: ['npm'] }).calls, ['npm ci']);
  });

  it('leave them alone when they are those of the lock file, though one for another system is missing', () =>
    assert.deepEqual(start('test', { locked, installed, programs: ['npm'] }).calls, []));

  it('install what the demo needs of the system, each package once', () => {
    const { calls } = start('demo', { locked, installed, programs: ['apt-get', 'sudo', 'packer'] });
    assert.deepEqual(
      calls.map((call) => call.replace(/^sudo -n /, '')),
      ['apt-get update -q', 'apt-get install -y -q --no-install-recommends iproute2 util-linux openssh-client'],
    );
  });

  it('touch no system that has it all', () =>
    assert.deepEqual(start('demo', { locked, installed, programs: [...tools, 'apt-get', 'sudo'] }).calls, []));

  it('name what is missing where there is no apt-get', () => {
    const { said, code } = start('demo', { locked, installed, programs: ['packer', 'ip', 'scp'] });
    assert.match(said, /the demo needs unshare, nsenter: please install util-linux/);
    assert.equal(code, 1);
  });

  it('fail with the step that failed', () => {
    const { said, code } = start('test', { locked, installed, programs: [] });
    assert.match(said, /types failed/);
    assert.notEqual(code, 0);
  });

  it('tell where the time went, though a step failed', () => {
    const { said, code } = start('test', { locked, installed, programs: [], times: { 'bad input': 1500 } });
    assert.match(said, /\nWall time\n +install +\d+\.\d s\n +types +\d+\.\d s\n +all +\d+\.\d s\n/);
    assert.match(said, /types failed\n$/);
    assert.equal(code, 1);
  });

  it('know no other goal', () =>
    assert.match(
      start('publish', { locked, installed, programs: [] }).said,
      /test\|demo\|traffic \[options\]; not publish/,
    ));
});
