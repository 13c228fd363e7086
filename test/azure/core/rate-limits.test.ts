import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet } from '../compute/builders.ts';
import { assertRefused, openStage, type Stage, shop } from '../compute/support.ts';
import { addVirtualMachine } from '../resources/virtual-machines/builder.ts';

describe('rate limits', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const open = (settings: Parameters<typeof openStage>[0] = {}) => {
    stage = openStage(settings);
    const one = addGalleryVersion(stage.world, { version: '1.0.0' });
    addScaleSet(stage.world, { name: 'shop', image: one.id, capacity: 2 });
    addScaleSet(stage.world, { name: 'other', image: one.id, capacity: 2 });
    return stage;
  };
  /** How many of `count` calls in one moment are let through. */
  const burst = (count: number, call: () => { readonly status: number }) =>
    Array.from({ length: count }, call).filter(({ status }) => status !== 429).length;
  const upgradeNothing = () => stage.call('POST', `${shop}/manualupgrade`, { instanceIds: ['0'] });

  const cases = [
    { name: 'reads of a set', method: 'GET', path: shop, size: 36, refillS: 5 },
    { name: 'lists of its instances', method: 'GET', path: `${shop}/virtualMachines`, size: 30, refillS: 6 },
    { name: 'writes of a set', method: 'PATCH', path: shop, size: 12, refillS: 15 },
    { name: 'manualupgrade', method: 'POST', path: `${shop}/manualupgrade`, size: 12, refillS: 15 },
    {
      name: 'suspensions of repairs',
      method: 'POST',
      path: `${shop}/setOrchestrationServiceState`,
      size: 12,
      refillS: 15,
    },
    { name: 'deletes of instances', method: 'POST', path: `${shop}/delete`, size: 12, refillS: 15 },
    { name: 'reads of an instance', method: 'GET', path: `${shop}/virtualMachines/0`, size: 36, refillS: 5 },
    {
      name: 'run commands on an instance',
      method: 'PUT',
      path: `${shop}/virtualMachines/0/runCommands/x`,
      size: 12,
      refillS: 15,
    },
  ];
  for (const { name, method, path, size, refillS } of cases)
    it(`lets ${size} ${name} through at once and then one every ${refillS} seconds`, async () => {
      const { call, pass } = open();
      assert.equal(
        burst(size + 5, () => call(method, path, {})),
        size,
      );
      await pass(refillS * 1000 - 1000);
      assert.equal(
        burst(2, () => call(method, path, {})),
        0,
      );
      await pass(1000);
      assert.equal(
        burst(2, () => call(method, path, {})),
        1,
      );
    });

  const machine = 'resourceGroups/web/providers/Microsoft.Compute/virtualMachines/node';
  const machineCases = [
    ['GET', machine, /VMGetResource;35,/],
    ['GET', `${machine}/instanceView`, /VMGetResource;35,/],
    ['PUT', machine, /VMCreateResource;11,/],
    ['PATCH', machine, /VMUpdateResource;11,/],
    ['PUT', `${machine}/runCommands/x`, /VMUpdateResource;11,/],
    ['POST', `${machine}/restart`, /VMUpdateResource;11,/],
    ['POST', `${machine}/deallocate`, /VMDeleteResource;11,/],
    ['DELETE', machine, /VMDeleteResource;11,/],
    ['GET', machine.replace(/\/node$/, ''), /^Microsoft\.Compute\/VMListSubscription;899$/],
    ['GET', 'providers/Microsoft.Compute/virtualMachines', /^Microsoft\.Compute\/VMListSubscription;899$/],
  ] as const;
  for (const [method, path, left] of machineCases)
    it(`counts ${method} ${path.replace(/^.*Compute/, '')} of a virtual machine in its own bucket`, () => {
      const { headers } = open().call(method, path, {});
      assert.match(headers?.['x-ms-ratelimit-remaining-resource'] ?? '', left);
    });

  it('knows a virtual machine that is there, in a Flexible set or in none', () => {
    const { call, world } = open();
    const image = addGalleryVersion(world, { version: '2.0.0' }).id;
    addVirtualMachine(world, { name: 'alone', image });
    addScaleSet(world, { name: 'flex', image, capacity: 1, orchestration: 'Flexible' });
    const member = [...world.compute.instances.values()].find(({ parts }) => parts)?.name ?? '';
    for (const name of ['alone', member]) {
      const { headers } = call('PUT', machine.replace('node', name), { location: 'koreacentral' });
      assert.match(headers?.['x-ms-ratelimit-remaining-resource'] ?? '', /VMUpdateResource;11,/);
    }
  });

  it('says how long to wait, and which bucket is empty', () => {
    const { call } = open();
    burst(12, () => call('PATCH', shop, {}));
    const refused = call('PATCH', shop, {});
    assertRefused(refused, 429, 'OperationNotAllowed', /too many requests/);
    assert.equal(refused.headers?.['Retry-After'], '15');
    assert.match(JSON.stringify(refused.body), /VMScaleSetUpdateResource/);
  });

  it('tells in headers what is left', () => {
    const { call } = open();
    call('GET', shop);
    const { headers } = call('GET', shop);
    assert.match(headers?.['x-ms-ratelimit-remaining-resource'] ?? '', /Microsoft\.Compute\/VMScaleSetGetResource;34,/);
    assert.equal(headers?.['x-ms-ratelimit-remaining-subscription-reads'], '248');
  });

  it('has a bucket for each set and each instance', () => {
    const { call } = open();
    burst(40, () => call('GET', shop));
    assert.equal(call('GET', shop.replace('shop', 'other')).status, 200);
    burst(20, () => call('PUT', `${shop}/virtualMachines/0/runCommands/x`, {}));
    assert.notEqual(call('PUT', `${shop}/virtualMachines/1/runCommands/x`, {}).status, 429);
  });

  it('shares the bucket of writes with manualupgrade, or not, as the switch says', () => {
    open({ manualUpgradeBucket: 'setUpdate' });
    burst(12, () => stage.call('PATCH', shop, {}));
    assert.equal(upgradeNothing().status, 429);
    stage.close();
    open({ manualUpgradeBucket: 'subscription' });
    burst(12, () => stage.call('PATCH', shop, {}));
    assert.notEqual(upgradeNothing().status, 429);
  });

  it('are there, or not, as the switch says', () => {
    const reads = () => burst(100, () => stage.call('GET', shop));
    open({ rateLimits: true });
    assert.equal(reads(), 36);
    stage.close();
    open({ rateLimits: false });
    assert.equal(reads(), 100);
  });

  it('takes nothing from the other buckets for a call that it refuses', () => {
    const { call, world } = open();
    burst(30, () => call('PATCH', shop, {}));
    const shared = [...world.compute.buckets].find(([key]) => key.startsWith('VMScaleSetUpdateSubscription'));
    assert.equal(shared?.[1].tokens, 1500 - 12);
  });

  it('polls an operation 45 times at once', () => {
    const { call } = open();
    const url = new URL(call('PATCH', shop, {}).headers?.['Azure-AsyncOperation'] ?? '');
    const path = url.pathname.split('/').slice(3).join('/');
    assert.equal(
      burst(60, () => call('GET', path)),
      45,
    );
  });

  it("has Resource Manager's own buckets before the provider's", () => {
    const { call } = open();
    const refused = Array.from({ length: 260 }, () => call('GET', 'resourceGroups/web')).at(-1);
    assertRefused(refused ?? { status: 0 }, 429, 'SubscriptionRequestsThrottled');
  });

  it('lets everything through when switched off', () => {
    const { call } = open({ rateLimits: false });
    assert.equal(
      burst(300, () => call('GET', shop)),
      300,
    );
  });
});
