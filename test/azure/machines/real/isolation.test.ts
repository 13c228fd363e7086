import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { run } from './commands.ts';
import { withRealMachines } from './support.ts';

/**
 * Each attempt is one that would do no harm to the host if it succeeded: a test of walls must not be what breaks the
 * house when a wall is missing.
 */
describe('what runs inside a real machine cannot change the host', () => {
  const it_ = withRealMachines();
  const vm = 'cell';
  const script = (lines: string) => it_.script(vm, lines);
  before(() => it_.create({ id: vm }));

  const forbidden = [
    ['set a kernel parameter', 'file=/proc/sys/vm/swappiness; now=$(cat $file); echo $now >$file'],
    ['press a magic key', 'echo h >/proc/sysrq-trigger'],
    ['mount a file system', 'mount -t tmpfs tmpfs /mnt'],
    ['make the kernel parameters writable', 'mount -o remount,rw /proc/sys'],
    ['take a mount away to see what is under it', 'umount /proc/sys'],
    ['write to sysfs', 'test -w /sys/class/net/lo/mtu'],
    ['make a device', 'mknod /tmp/disk b 8 0'],
    ['set the clock', 'date -s "@$(date +%s.%N)"'],
    ['take another name', 'hostname other'],
    ['change its network', 'ip address add 10.9.8.7/24 dev eth0'],
    ['make new namespaces', 'unshare --mount true'],
  ] as const;
  for (const [what, attempt] of forbidden) {
    it(`root cannot ${what}`, async () => {
      const { exitCode, output, error } = await script(`${attempt}`);
      assert.notEqual(exitCode, 0, `${attempt}: ${output}${error}`);
    });
  }

  it('the forbidden attempts were real ones: an allowed one of the same kind works', async () => {
    assert.equal(
      (await script('cat /proc/sys/kernel/hostname && ls /sys/class && date && mkdir /mnt/x && hostname')).exitCode,
      0,
    );
  });

  it('processes of the host cannot be seen or killed', async () => {
    // One process of ours, by its number: were this to fail, nothing else may come to harm.
    const bystander = spawn('sleep', ['600']);
    try {
      const { output } = await script(`kill -9 ${bystander.pid}; ps -e -o args=; echo`);
      assert.doesNotMatch(output, /sleep 600/);
      assert.equal(bystander.exitCode ?? bystander.signalCode, null);
    } finally {
      bystander.kill('SIGKILL');
    }
  });

  it('the namespaces are not those of the host', async () => {
    const kinds = ['mnt', 'pid', 'net', 'ipc', 'uts'];
    const { output } = await script(`for kind in ${kinds.join(' ')}; do readlink /proc/self/ns/$kind; done`);
    const inside = output.trim().split('\n');
    for (const [index, kind] of kinds.entries()) assert.notEqual(inside[index], readlinkSync(`/proc/self/ns/${kind}`));
  });

  it('files of the host stay as they are', async () => {
    const hostFile = `/usr/local/share/machine-test-${process.pid}`;
    writeFileSync(hostFile, 'of the host\n');
    try {
      const { output } = await script(
        `cat ${hostFile}; echo changed >${hostFile}; cat ${hostFile}; rm -rf /usr/share/man; touch /etc/from-inside`,
      );
      assert.equal(output, 'of the host\nchanged\n');
      assert.equal(readFileSync(hostFile, 'utf8'), 'of the host\n');
      assert.equal(existsSync('/etc/from-inside'), false);
    } finally {
      rmSync(hostFile);
    }
  });

  it('homes, workspaces, temporary files and passwords of the host cannot be read', async () => {
    const secret = mkdtempSync(`${tmpdir()}/machine-test-`);
    try {
      for (const path of [secret, process.cwd()]) assert.notEqual((await script(`ls -d ${path}`)).exitCode, 0, path);
      assert.equal((await script('ls -A /root /home /mnt /srv /media | grep -v :')).output.trim(), 'x');
      const shadow = (await script('cat /etc/shadow')).output;
      assert.notEqual(shadow, readFileSync('/etc/shadow', 'utf8'));
      for (const row of shadow.trim().split('\n')) assert.equal(row.split(':')[1], '*', row);
      assert.equal((await script('env; tr "\\0" "\\n" </proc/1/environ')).output.includes(process.cwd()), false);
    } finally {
      rmSync(secret, { recursive: true });
    }
  });

  it('its root lacks the rights over the kernel, also in what it starts', async () => {
    const { output } = await script('grep CapBnd /proc/self/status');
    const bounding = BigInt(`0x${output.split(/\s+/)[1]}`);
    const numbers = {
      sys_module: 16,
      sys_rawio: 17,
      sys_ptrace: 19,
      sys_admin: 21,
      sys_boot: 22,
      sys_time: 25,
      mknod: 27,
      net_admin: 12,
    };
    for (const [name, bit] of Object.entries(numbers)) assert.equal((bounding >> BigInt(bit)) & 1n, 0n, name);
  });

  it('a program that the image has replaced runs without rights as well', async () => {
    // Were rights dropped by a program of the machine's own disk, this one would run with all of them.
    await script(
      [
        'cp /usr/bin/setpriv /usr/bin/setpriv.real',
        "cat >/usr/bin/setpriv <<'END'",
        '#!/bin/sh',
        'grep CapEff /proc/self/status >>/var/lib/rights',
        'exec setpriv.real "$@"',
        'END',
      ].join('\n'),
    );
    await it_.stop(vm);
    await it_.start(vm);
    const rows = (await script('cat /var/lib/rights')).output.trim().split('\n');
    assert.ok(rows.length > 0);
    for (const row of rows) assert.equal((BigInt(`0x${row.split(/\s+/)[1]}`) >> 21n) & 1n, 0n, row);
    await it_.reimage({ id: vm });
  });

  it('is not even built where a namespace is missing', async () => {
    // The folder does not exist, so that nothing could happen here either if the first lines of boot.sh were gone.
    const boot = [fileURLToPath(new URL('boot.sh', import.meta.url)), String(process.pid), '/nowhere/at/all'];
    await assert.rejects(run('sh', boot), /not in a mnt namespace of its own/);
    await assert.rejects(
      run('unshare', ['--mount', '--net', '--ipc', '--uts', 'sh', ...boot]),
      /not in a pid namespace/,
    );
    await assert.rejects(
      run('unshare', ['--mount', '--pid', '--fork', '--ipc', '--uts', 'sh', ...boot]),
      /not in a net namespace/,
    );
  });

  it('reaches the host and nothing beyond', async () => {
    const address = it_.machines.address(vm) ?? '';
    const gateway = address.replace(/\d+$/, '1');
    const server = createServer((_, response) => response.end('the host'));
    await new Promise<void>((resolve) => server.listen(0, gateway, resolve));
    try {
      const { port } = server.address() as AddressInfo;
      assert.equal((await script(`curl -s --max-time 5 http://${gateway}:${port}/`)).output, 'the host');
      assert.notEqual((await script('curl -s --max-time 3 http://192.0.2.1/')).exitCode, 0);
      assert.equal((await script('ip route show default')).output, '');
    } finally {
      server.close();
    }
  });
});
