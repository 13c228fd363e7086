import assert from 'node:assert/strict';
import { base, eventually, withRealMachines } from './support.ts';

describe('a real machine', () => {
  const it_ = withRealMachines();
  const vm = '/subscriptions/s/vm/one';

  it('boots in less than two seconds and has the name and an address of its own', async () => {
    const begun = performance.now();
    assert.equal(await it_.create({ id: vm, name: 'web-1' }), undefined);
    const tookMs = performance.now() - begun;
    assert.ok(tookMs < 2000, `it took ${tookMs} ms`);
    assert.match(it_.machines.address(vm) ?? '', /^198\.18\.\d+\.\d+$/);
    assert.equal((await it_.script(vm, 'hostname; cat /etc/hostname')).output, 'web-1\nweb-1\n');
  });

  it('runs a script as root and tells its exit code and both streams', async () => {
    const result = await it_.script(vm, 'id -u\necho "$GREETING" >&2\nexit 3', {
      parameters: { GREETING: 'good morning' },
    });
    assert.deepEqual(result, { exitCode: 3, output: '0\n', error: 'good morning\n', timedOut: false });
  });

  it('runs a script by the program that its first line names', async () => {
    assert.equal((await it_.script(vm, '#!/usr/bin/env node\nconsole.log(6 * 7)')).output, '42\n');
  });

  it('keeps the last 4096 bytes of each stream, without half a character at the front', async () => {
    const { output, error } = await it_.script(vm, 'for i in $(seq 3000); do printf é; done; printf x; seq 3000 >&2');
    assert.equal(output, `${'é'.repeat(2047)}x`);
    assert.equal(Buffer.byteLength(error), 4096);
    assert.ok(error.endsWith('2999\n3000\n'));
  });

  it('ends a script that takes too long, with all that it has started', async () => {
    const begun = performance.now();
    const result = await it_.script(vm, 'sleep 7777 & echo begun; sleep 7777', { timeoutS: 0.4 });
    assert.ok(performance.now() - begun < 3000);
    assert.deepEqual({ ...result, exitCode: 137 }, { exitCode: 137, output: 'begun\n', error: '', timedOut: true });
    assert.equal((await it_.script(vm, 'pgrep -c -f "^sleep 7777"')).output, '0\n');
  });

  it('ends a script that is cancelled', async () => {
    const begun = performance.now();
    const result = await new Promise<{ exitCode: number; timedOut: boolean }>((resolve) => {
      const running = it_.machines.runScript(vm, { lines: 'sleep 8888', parameters: {}, timeoutS: 60 }, resolve);
      setTimeout(() => running.cancel(), 200);
    });
    assert.ok(performance.now() - begun < 3000);
    assert.equal(result.exitCode, 137);
    assert.equal(result.timedOut, false);
  });

  it('does not wait for what a script leaves in the background', async () => {
    const begun = performance.now();
    assert.equal((await it_.script(vm, 'sleep 9999 & echo left one')).output, 'left one\n');
    assert.ok(performance.now() - begun < 3000);
  });

  it('leaves no zombies of orphaned processes', async () => {
    const { output } = await it_.script(vm, 'sh -c "sleep 0.1 & sleep 0.1 &"; sleep 0.5; ps -eo stat= | grep -c ^Z');
    assert.equal(output, '0\n');
  });

  it('is found silent, well or off by a balancer that asks once', async () => {
    const spec = { protocol: 'http', port: 8123, path: '/', intervalS: 1, numberOfProbes: 1 } as const;
    const found = (id: string) => new Promise((resolve) => it_.machines.probe(id, spec, resolve));
    assert.equal(await found(vm), 'silent');
    const app = "require('http').createServer((_, answer) => answer.end()).listen(8123)";
    const serving = it_.script(vm, `#!/usr/bin/env node\n${app}; setTimeout(() => process.exit(), 1500);`);
    await eventually('the application answers', async () => (await found(vm)) === 'well');
    await serving;
    assert.equal(await found('/subscriptions/s/vm/none'), 'off');
  });

  it('keeps its disk when it is stopped and started, and loses /tmp and /run', async () => {
    await it_.script(vm, 'touch /var/lib/kept /tmp/lost /run/lost');
    assert.equal(await it_.stop(vm), undefined);
    assert.equal(it_.machines.address(vm), undefined);
    assert.equal(await it_.start(vm), undefined);
    assert.equal((await it_.script(vm, 'ls /var/lib/kept /tmp /run | tr "\\n" " "')).output.includes('lost'), false);
    assert.equal((await it_.script(vm, 'ls /var/lib/kept')).exitCode, 0);
  });

  it('tells a script that ran when the machine went off', async () => {
    const script = it_.script(vm, 'sleep 6666', { timeoutS: 60 });
    await it_.stop(vm);
    const { exitCode, error } = await script;
    assert.equal(exitCode, 137);
    assert.match(error, /went off while the script ran/);
    assert.match((await it_.script(vm, 'true')).error, /is not running/);
    await it_.start(vm);
  });

  it('goes off when it is told to from inside', async () => {
    await it_.script(vm, 'kill -TERM 1; sleep 5');
    assert.equal(it_.machines.address(vm), undefined);
    await it_.start(vm);
  });

  it('may be removed twice, and is forgotten', async () => {
    assert.equal(await it_.remove(vm), undefined);
    assert.equal(await it_.remove(vm), undefined);
    assert.equal((await it_.start(vm))?.code, 'NotFound');
  });
});

describe('disks of real machines', () => {
  const it_ = withRealMachines();
  const read = async (id: string) => (await it_.script(id, 'cat /opt/*.txt 2>/dev/null')).output;

  it('an image holds what was written, and machines made from it do not share what they write', async () => {
    await it_.create({ id: 'builder' });
    await it_.script(
      'builder',
      'echo one >/opt/1.txt; rm -rf /usr/share/doc; mkdir /usr/share/doc; echo new >/usr/share/doc/only',
    );
    await it_.stop('builder');
    const { disk, problem } = await it_.capture('builder');
    assert.equal(problem, undefined);
    await Promise.all([it_.create({ id: 'a', disk }), it_.create({ id: 'b', disk })]);
    assert.equal((await it_.script('a', 'ls /usr/share/doc; echo changed >/opt/1.txt')).output, 'only\n');
    assert.equal(await read('a'), 'changed\n');
    assert.equal(await read('b'), 'one\n');
    assert.notEqual(it_.machines.address('a'), it_.machines.address('b'));
  });

  it('images stand on images, thirty deep', async () => {
    let disk = base;
    for (let layer = 1; layer <= 30; layer += 1) {
      await it_.create({ id: 'tower', disk });
      await it_.script(
        'tower',
        `echo ${layer} >/opt/$(printf %02d ${layer}).txt; rm -f /opt/${String(layer - 5).padStart(2, '0')}.txt`,
      );
      await it_.stop('tower');
      ({ disk } = await it_.capture('tower'));
      await it_.remove('tower');
    }
    await it_.create({ id: 'top', disk });
    assert.equal(await read('top'), '26\n27\n28\n29\n30\n');
  });

  it('reimage brings the other image and nothing of the old disk', async () => {
    await it_.create({ id: 'node' });
    await it_.script('node', 'echo v2 >/opt/app.txt');
    await it_.stop('node');
    const { disk: v2 } = await it_.capture('node');
    await it_.create({ id: 'fleet-0' });
    await it_.script('fleet-0', 'echo scratch >/opt/scratch.txt');
    const before = it_.machines.address('fleet-0');
    assert.equal(await it_.reimage({ id: 'fleet-0', disk: v2 }), undefined);
    assert.equal(await read('fleet-0'), 'v2\n');
    assert.equal(it_.machines.address('fleet-0'), before);
    await it_.reimage({ id: 'fleet-0', disk: base });
    assert.equal(await read('fleet-0'), '');
  });

  it('a captured machine can go on, and what it writes then is not in the image', async () => {
    await it_.create({ id: 'again' });
    await it_.script('again', 'echo first >/opt/x.txt');
    await it_.stop('again');
    const { disk } = await it_.capture('again');
    await it_.start('again');
    assert.equal(await read('again'), 'first\n');
    await it_.script('again', 'echo second >/opt/x.txt');
    await it_.create({ id: 'from-image', disk });
    assert.equal(await read('from-image'), 'first\n');
  });

  it('a running machine cannot be captured, and an unknown image cannot be booted', async () => {
    await it_.create({ id: 'running' });
    assert.equal((await it_.capture('running')).problem?.code, 'OperationNotAllowed');
    assert.match(
      (await it_.create({ id: 'odd', disk: { content: 'nowhere' } }))?.message ?? '',
      /No image has the content nowhere/,
    );
  });

  it('an image that cannot boot is told as such', async () => {
    await it_.create({ id: 'breaker' });
    await it_.script('breaker', 'rm /usr/lib/machine/init.cjs');
    await it_.stop('breaker');
    const { disk } = await it_.capture('breaker');
    const problem = await it_.create({ id: 'broken', disk });
    assert.equal(problem?.code, 'VMStartTimedOut');
    assert.match(problem?.message ?? '', /Cannot find module/);
    assert.equal(it_.machines.address('broken'), undefined);
  });
});
