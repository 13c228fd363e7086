import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createWorld } from '../../core/world.ts';
import { openRealMachines } from './real-machines.ts';
import { eventually, requireRealMachines } from './support.ts';

describe('what real machines leave on the host', () => {
  before(function () {
    return requireRealMachines(this);
  });

  it('is nothing after close, with machines running', async () => {
    const before = remains(process.pid);
    const host = await openRealMachines();
    const { machines } = createWorld({ clock: { now: () => Date.now() }, machines: host.machines });
    for (const id of ['one', 'two'])
      await new Promise((resolve) => machines.create({ id, name: id, disk: { content: 'base' } }, resolve));
    assert.deepEqual(remains(process.pid).mounts, before.mounts, 'not even while they run');
    assert.equal(remains(process.pid).links.length, before.links.length + 2);
    await host.close();
    assert.deepEqual(remains(process.pid), before);
  });

  it('is nothing but a folder when their owner is killed, and the next owner removes that', async () => {
    const owner = spawn(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('support-owner.ts', import.meta.url))],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const { folder, address } = JSON.parse(line.toString()) as { folder: string; address: string };
    assert.ok(processesWith(folder).length >= 2);
    assert.equal(readFileSync(`${folder}/owner`, 'utf8').split(' ')[0], String(owner.pid));
    owner.kill('SIGKILL');
    await eventually('its processes have ended', () => processesWith(folder).length === 0);
    await eventually('its links have gone', () => linksOf(address).length === 0);
    const next = await openRealMachines();
    await next.close();
    assert.deepEqual(
      readdirSync('/run/phoenix-machines').filter((name) => folder.endsWith(`/${name}`)),
      [],
    );
  });
});

/** What this process's machines would leave: others may have machines on this host too. */
function remains(owner: number) {
  const folders = readdirSafe('/run/phoenix-machines').filter((name) => readOwner(name) === String(owner));
  const links = readdirSync('/sys/class/net').filter((name) =>
    folders.some((folder) => name.startsWith(`phx${folder}m`)),
  );
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((mount) => /phoenix|overlay/.test(mount));
  const processes = folders.flatMap((folder) => processesWith(`/run/phoenix-machines/${folder}`));
  return { folders, links, mounts, processes };
}

const readOwner = (name: string) => readFileSync(`/run/phoenix-machines/${name}/owner`, 'utf8').split(' ')[0];
const readdirSafe = (folder: string) =>
  readdirSync('/run').includes(folder.split('/').at(-1) ?? '')
    ? readdirSync(folder).filter((name) => /^\d+$/.test(name))
    : [];
const linksOf = (address: string) =>
  readdirSync('/sys/class/net').filter((name) => name.startsWith(`phx${address.split('.')[2]}m`));

function processesWith(argument: string): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandLine(name).includes(argument));
}

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // It has ended meanwhile.
  }
}
