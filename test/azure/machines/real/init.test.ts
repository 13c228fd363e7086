import assert from 'node:assert/strict';
import { eventually, withRealMachines } from './support.ts';

describe('the init of a real machine', () => {
  const it_ = withRealMachines();
  const vm = 'box';
  const script = (lines: string) => it_.script(vm, lines);
  const unit = (name: string, service: string, rest = '[Install]\nWantedBy=multi-user.target') =>
    script(
      `cat >/etc/systemd/system/${name} <<'END'\n[Unit]\nDescription=Test\nAfter=network.target\n[Service]\n${service}\n${rest}\nEND`,
    );
  const consoleHas = (text: string) =>
    eventually(`console: ${text}`, () => it_.machines.console(vm).some((line) => line.includes(text)));
  const server = `require('http').createServer((q, r) => r.end([process.env.GREETING, process.env.PLACE, process.cwd(), process.getuid()].join())).listen(8080, '0.0.0.0', () => console.log('listening'))`;
  before(async () => {
    await it_.create({ id: vm });
    await script(
      `cat >/opt/server.js <<'END'\n${server}\nEND\nprintf 'PLACE="the shop"\\n# a comment\\n' >/etc/default/shop`,
    );
  });

  it('starts an enabled service at boot, with its environment, folder and user', async () => {
    await script('useradd --system shop');
    await unit(
      'shop.service',
      'ExecStart=/usr/bin/env node /opt/server.js\nEnvironment="GREETING=good day"\nEnvironmentFile=/etc/default/shop\nWorkingDirectory=/opt\nUser=shop',
    );
    const enabled = await script(
      'systemctl daemon-reload && systemctl enable shop && systemctl is-enabled shop && systemctl is-active shop',
    );
    assert.equal(enabled.output, 'enabled\ninactive\n');
    assert.match(enabled.error, /Created symlink .*multi-user\.target\.wants\/shop\.service/);
    await it_.stop(vm);
    await it_.start(vm);
    const uid = (await script('id -u shop')).output.trim();
    await eventually('the shop answers', async () => (await ask()) === `good day,the shop,/opt,${uid}`);
    await consoleHas('shop.service: listening');
  });

  const ask = () =>
    fetch(`http://${it_.machines.address(vm)}:8080/`).then(
      (response) => response.text(),
      () => '',
    );

  it('restarts a service that always runs, and stops it for good when told to', async () => {
    await unit('loop.service', 'ExecStart=/bin/sleep 1000\nRestart=always\nRestartSec=50ms');
    const pid = async () => (await script('pgrep -f "^/bin/sleep 1000"')).output.trim();
    assert.equal((await script('systemctl start loop.service')).exitCode, 0);
    const first = await pid();
    await script(`kill -9 ${first}`);
    await eventually('another process', async () => !['', first].includes(await pid()));
    assert.equal((await script('systemctl stop loop')).exitCode, 0);
    assert.deepEqual(await script('systemctl is-active loop; pgrep -f "^/bin/sleep 1000"'), {
      exitCode: 1,
      output: 'inactive\n',
      error: '',
      timedOut: false,
    });
  });

  it('gives a service up that fails at every start, after five within ten seconds', async () => {
    await unit('bad.service', `ExecStart=/bin/sh -c "echo trying $$$$; exit 1"\nRestart=on-failure\nRestartSec=10ms`);
    await script('systemctl start bad');
    await consoleHas('bad.service: start request repeated too quickly');
    assert.equal((await script('systemctl is-active bad; systemctl is-failed bad')).output, 'failed\n');
    assert.equal(it_.machines.console(vm).filter((line) => /^bad\.service: trying \d+$/.test(line)).length, 5);
  });

  it('stops a service by SIGTERM, and by SIGKILL when TimeoutStopSec= is over', async () => {
    await unit(
      'polite.service',
      `ExecStart=/bin/sh -c "trap 'echo goodbye; exit 0' TERM; while :; do sleep 0.05; done"`,
    );
    await unit(
      'stubborn.service',
      `ExecStart=/bin/sh -c "trap '' TERM; while :; do sleep 0.05; done"\nTimeoutStopSec=300ms`,
    );
    await script('systemctl start polite stubborn; sleep 0.2');
    const begun = performance.now();
    await script('systemctl stop polite stubborn');
    assert.ok(performance.now() - begun >= 300);
    await consoleHas('polite.service: goodbye');
    await consoleHas('stubborn.service: did not stop in time: killed');
    assert.equal((await script('pgrep -c -f "trap .. TERM"')).output, '0\n');
  });

  const shutdowns: readonly (readonly [how: string, go: () => Promise<unknown>])[] = [
    ['by its host', () => it_.stop(vm)],
    ['from inside', () => script('kill -TERM 1; sleep 5')],
  ];
  for (const [how, go] of shutdowns) {
    it(`lets its services end in order when the machine is shut down ${how}`, async () => {
      await unit(
        'last.service',
        `ExecStart=/bin/sh -c "trap 'sleep 0.3; echo ${how} >/var/lib/saved; exit 0' TERM; while :; do sleep 0.05; done"`,
      );
      await script('systemctl start last; sleep 0.2');
      await go();
      await it_.start(vm);
      assert.equal((await script('cat /var/lib/saved')).output, `${how}\n`);
    });
  }

  it('runs oneshots to their end before start returns, and commands before the main one', async () => {
    await unit(
      'once.service',
      'Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep 0.2\nExecStart=/bin/touch /run/once',
    );
    assert.equal(
      (await script('systemctl start once && ls /run/once && systemctl is-active once')).output,
      '/run/once\nactive\n',
    );
    await unit('prepared.service', 'ExecStartPre=-/bin/false\nExecStartPre=/bin/false\nExecStart=/bin/sleep 100');
    assert.equal((await script('systemctl start prepared')).exitCode, 1);
    await consoleHas('prepared.service: /bin/false of ExecStartPre= failed');
  });

  it('gives a dynamic user and folders under /run, which outlive a restart when the unit says so', async () => {
    await unit(
      'dynamic.service',
      'ExecStart=/bin/sleep 2000\nDynamicUser=yes\nRuntimeDirectory=dynamic\nRuntimeDirectoryPreserve=restart\nRestart=always\nRestartSec=10ms',
    );
    await script('systemctl start dynamic; touch /run/dynamic/flag');
    const { output } = await script('stat -c %u:%a /run/dynamic; ps -o uid= -p $(pgrep -f "^/bin/sleep 2000")');
    const [folder, process = ''] = output.split('\n');
    assert.ok(Number(process) >= 61_184 && Number(process) <= 65_519, process);
    assert.equal(folder, `${process.trim()}:755`);
    const flag = async () => (await script('sleep 0.2; systemctl is-active dynamic; ls /run/dynamic/flag')).output;
    await script('pkill -f "^/bin/sleep 2000"');
    assert.equal(await flag(), 'active\n/run/dynamic/flag\n');
    await script('systemctl restart dynamic');
    assert.equal(await flag(), 'active\n/run/dynamic/flag\n');
    await script('systemctl stop dynamic');
    assert.equal((await script('ls -d /run/dynamic')).exitCode, 2);
  });

  it('says what of a unit has no effect, and refuses what it cannot do as written', async () => {
    await unit('fancy.service', 'ExecStart=/bin/sleep 100\nMemoryMax=100M');
    await script('systemctl start fancy');
    await consoleHas('fancy.service: MemoryMax=100M has no effect in this machine');
    await unit('forking.service', 'Type=forking\nExecStart=/bin/true');
    const { exitCode, error } = await script('systemctl start forking');
    assert.equal(exitCode, 1);
    assert.match(error, /does not know Type=forking/);
  });

  it('knows what systemctl is asked for, and refuses the rest by name', async () => {
    assert.match((await script('systemctl hibernate now')).error, /does not know hibernate/);
    assert.match((await script('systemctl --user start shop')).error, /does not know the option --user/);
    assert.equal((await script('systemctl start nothing')).exitCode, 5);
    assert.equal(
      (await script('systemctl disable --now shop; systemctl is-enabled shop; systemctl is-active shop')).output,
      'disabled\ninactive\n',
    );
    assert.equal(await ask(), '');
  });
});
