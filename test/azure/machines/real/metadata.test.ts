import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { addGalleryVersion, testSubscription } from '../../compute/builders.ts';
import { gates } from '../../core/gates.ts';
import { handle } from '../../core/handle.ts';
import type { Json } from '../../core/http.ts';
import { createWorld, type World } from '../../core/world.ts';
import type { ScriptResult } from '../machines.ts';
import { openRealMachines, type RealMachines, type RealMachinesHost } from './real-machines.ts';
import { eventually, requireRealMachines } from './support.ts';

const set = `/subscriptions/${testSubscription}/resourceGroups/web/providers/Microsoft.Compute/virtualMachineScaleSets/shop`;

/** Two real machines in a scale set whose deletions are announced. */
describe('the metadata service inside real machines', () => {
  let host: RealMachinesHost;
  let world: World;
  before(async function () {
    await requireRealMachines(this);
    host = await openRealMachines();
    world = createWorld({
      clock: { now: () => Date.now() },
      settings: { rateLimits: false, setWriteMs: 10, scheduledEventsBegin: 'atOnce' },
      machines: host.machines,
    });
    const image = addGalleryVersion(world, { group: 'web', version: '1.0.0', content: 'base' }).id;
    assert.equal(arm('PUT', set, newSet(image)).status, 201);
    await eventually('both machines run', () => states() === 'Succeeded Succeeded', 20_000);
  });
  after(() => host?.close());

  const arm = (method: string, path: string, body?: Json) => {
    const all = gates();
    const url = new URL(`https://management.azure.com${path}?api-version=2024-07-01`);
    const text = body === undefined ? '' : JSON.stringify(body);
    return handle(world, { ...all, arm: { ...all.arm, check: () => {} } }, { method, url, headers: {}, body: text });
  };
  const newSet = (image: string): Json => ({
    location: 'koreacentral',
    sku: { name: 'Standard_D2s_v5', capacity: 2 },
    properties: {
      upgradePolicy: { mode: 'Manual' },
      virtualMachineProfile: {
        storageProfile: { imageReference: { id: image }, osDisk: { createOption: 'FromImage' } },
        osProfile: { computerNamePrefix: 'shop' },
        scheduledEventsProfile: { terminateNotificationProfile: { enable: true, notBeforeTimeout: 'PT5M' } },
      },
    },
  });
  const states = () => {
    arm('GET', set);
    return [...world.compute.instances.values()].map(({ provisioningState }) => provisioningState).join(' ');
  };
  const inside = (id: string, lines: string): Promise<ScriptResult> =>
    new Promise((resolve) =>
      (world.machines as RealMachines).runScript(
        `${set}/virtualMachines/${id}`.toLowerCase(),
        { lines, parameters: {}, timeoutS: 20 },
        resolve,
      ),
    );
  /** Asks as a program in the machine does; prints status and body. */
  const ask = async (id: string, path: string, init = "{ headers: { Metadata: 'true' } }") => {
    const program = `fetch('http://169.254.169.254/metadata/${path}', ${init}).then(async (r) => console.log(r.status, await r.text()), (e) => console.log(String(e.cause)))`;
    const { output, error } = await inside(id, `#!/usr/bin/env node\n${program}`);
    assert.equal(error, '');
    return output.trim();
  };
  const events = 'scheduledevents?api-version=2020-07-01';

  it('tells each machine its own name', async () => {
    const name = 'instance/compute/name?api-version=2021-02-01&format=text';
    assert.deepEqual([await ask('0', name), await ask('1', name)], ['200 shop_0', '200 shop_1']);
  });

  it('wants its header, and has nothing else', async () => {
    assert.match(await ask('0', events, '{}'), /^400 .*metadata header/);
    assert.match(await ask('0', '../subscriptions'), /^404/);
  });

  it('leaves port 80 of the machine to the machine', async () => {
    const server =
      "require('http').createServer((q, r) => r.end('shop')).listen(80, '0.0.0.0', () => fetch('http://127.0.0.1/').then((r) => r.text()).then((t) => { console.log(t); process.exit(); }))";
    assert.equal((await inside('0', `#!/usr/bin/env node\n${server}`)).output, 'shop\n');
  });

  it('leaves the addresses and routes of the host alone, and leads nowhere else', async () => {
    assert.doesNotMatch(execFileSync('ip', ['-4', 'address'], { encoding: 'utf8' }), /169\.254\.169\.254/);
    assert.doesNotMatch(execFileSync('ip', ['-4', 'route'], { encoding: 'utf8' }), /169\.254\.169\.254/);
    const shop = "require('http').createServer((q, r) => r.end('shop')).listen(8080)";
    await inside('1', `nohup node -e "${shop}" >/dev/null 2>&1 &`);
    const address = `http://${world.machines.address(`${set}/virtualMachines/1`.toLowerCase())}:8080/`;
    const answers = () =>
      fetch(address)
        .then(({ ok }) => ok)
        .catch(() => false);
    await eventually('the host reaches it', answers);
    const neighbour = `fetch('${address}', { signal: AbortSignal.timeout(1000) }).catch(() => process.exit(7))`;
    const { exitCode } = await inside('0', `#!/usr/bin/env node\n${neighbour}`);
    assert.equal(exitCode, 7);
  });

  it('works again after the machine has been off', async () => {
    arm('POST', `${set}/restart`, { instanceIds: ['1'] });
    await eventually('it runs again', () => states() === 'Succeeded Succeeded', 20_000);
    assert.match(await ask('1', events), /^200 /);
  });

  it('tells of a deletion, and a program in the machine lets it go', async () => {
    assert.equal(arm('POST', `${set}/delete`, { instanceIds: ['1'] }).status, 202);
    const [status, ...text] = (await ask('1', events)).split(' ');
    const document = JSON.parse(text.join(' ')) as { Events: { EventId: string; Resources: string[] }[] };
    assert.deepEqual([status, document.Events[0]?.Resources], ['200', ['shop_1']]);
    assert.equal(states(), 'Succeeded Deleting');
    const body = JSON.stringify({ StartRequests: [{ EventId: document.Events[0]?.EventId }] });
    // what it is told need not arrive any more: it goes off at once
    void ask('1', events, `{ method: 'POST', headers: { Metadata: 'true' }, body: '${body}' }`).catch(() => {});
    await eventually('it is gone', () => states() === 'Succeeded', 20_000);
  });
});
