import assert from 'node:assert/strict';
import { eventually, withRealMachines } from './support.ts';

describe('the health of a real machine', () => {
  const it_ = withRealMachines();
  const probe = { protocol: 'http', port: 80, path: '/health', intervalS: 0.1, numberOfProbes: 3 } as const;
  const state = (id: string) => it_.machines.health(id)?.state;
  const server = `require('http').createServer((q, r) => { r.statusCode = require('fs').existsSync('/run/sick') ? 503 : 200; r.end(); }).listen(80)`;

  it('is what its application answers, after so many equal answers', async () => {
    await it_.create({ id: 'web', probe });
    assert.equal(state('web'), 'initializing');
    await it_.script('web', `cat >/opt/web.js <<'END'\n${server}\nEND\nnode /opt/web.js >/dev/null 2>&1 &`);
    await eventually('healthy', () => state('web') === 'healthy');
    const since = it_.machines.health('web')?.since ?? 0;
    assert.ok(Math.abs(Date.now() - since) < 5000);
    const begun = Date.now();
    await it_.script('web', 'touch /run/sick');
    await eventually('unhealthy', () => state('web') === 'unhealthy');
    assert.ok((it_.machines.health('web')?.since ?? 0) >= begun);
    await it_.script('web', 'rm /run/sick');
    await eventually('healthy again', () => state('web') === 'healthy');
  });

  it('is unknown while the machine is off, and begins anew when it boots', async () => {
    await it_.stop('web');
    assert.equal(state('web'), 'unknown');
    await it_.start('web');
    assert.equal(state('web'), 'initializing');
    await eventually('unhealthy, since nobody has started the application', () => state('web') === 'unhealthy');
  });

  it('is undefined without a probe', async () => {
    await it_.create({ id: 'plain' });
    assert.equal(it_.machines.health('plain'), undefined);
  });

  it('can be asked by TCP', async () => {
    await it_.create({ id: 'tcp', probe: { ...probe, protocol: 'tcp', port: 22 } });
    await eventually('unhealthy without an administrator: nobody listens', () => state('tcp') === 'unhealthy');
    await it_.reimage({
      id: 'tcp',
      probe: { ...probe, protocol: 'tcp', port: 22 },
      admin: { user: 'ops', password: 'x' },
    });
    await eventually('healthy', () => state('tcp') === 'healthy');
  });
});
