import assert from 'node:assert/strict';
import type { Settings } from '../../core/settings.ts';
import type { VirtualOptions } from '../../machines/virtual/options.ts';
import { addGalleryVersion, addScaleSet, type ScaleSetOptions } from '../builders.ts';
import { instancesOf } from '../lookup.ts';
import type { Instance, ScaleSet } from '../state.ts';
import { assertRefused, bodyOf, openStage, type Stage, shop } from '../support.ts';

const minute = 60_000;

describe('automatic repairs', () => {
  let stage: Stage;
  let set: ScaleSet;
  /** Ids of the instances that are sick; who is repaired is well again, unless it is told otherwise. */
  let sick: Set<string>;
  afterEach(() => stage.close());

  interface Options extends Partial<ScaleSetOptions> {
    readonly settings?: Partial<Settings>;
    readonly machines?: VirtualOptions;
    readonly content?: string;
  }
  const open = ({ settings, machines, content = '1.0.0', ...options }: Options = {}) => {
    sick = new Set();
    const health: VirtualOptions['health'] = ({ id }, now) =>
      sick.has(id.slice(id.lastIndexOf('/') + 1)) ? { state: 'unhealthy', since: now } : undefined;
    stage = openStage({ rateLimits: false, ...settings }, { health, ...machines });
    const image = addGalleryVersion(stage.world, { version: '1.0.0', content }).id;
    set = addScaleSet(stage.world, { name: 'shop', image, capacity: 4, automaticRepairs: true, ...options });
  };
  const pass = async (ms: number) => {
    await stage.pass(ms);
    stage.call('GET', shop);
  };
  const told = () =>
    set.repairWork.done.map(({ action, instanceId, replacementId }) =>
      [action, instanceId, ...(replacementId === undefined ? [] : [`by ${replacementId}`])].join(' '),
    );
  const versions = () =>
    instancesOf(stage.world, set).map(({ instanceId, image }) => `${instanceId}:${image.reference['exactVersion']}`);
  const instance = (id: string): Instance => {
    const found = instancesOf(stage.world, set).find(({ instanceId }) => instanceId === id);
    assert.ok(found);
    return found;
  };
  const state = () => {
    const services = bodyOf(stage.call('GET', `${shop}/instanceView`))['orchestrationServices'];
    return (services as { serviceState: string }[])[0]?.serviceState;
  };
  const order = (action: string) =>
    stage.call('POST', `${shop}/setOrchestrationServiceState`, { serviceName: 'AutomaticRepairs', action });

  it('replace a sick instance by one of the model of that moment, and keep the capacity', async () => {
    open();
    const { id } = addGalleryVersion(stage.world, { version: '2.0.0' });
    stage.call('PATCH', shop, {
      properties: { virtualMachineProfile: { storageProfile: { imageReference: { id } } } },
    });
    await pass(10_000);
    sick.add('1');
    await pass(30_000);
    assert.deepEqual([told(), set.provisioningState], [['Replace 1 by 4'], 'Updating']);
    await pass(5 * minute);
    assert.deepEqual([versions(), set.sku.capacity], [['0:1.0.0', '2:1.0.0', '3:1.0.0', '4:2.0.0'], 4]);
    assert.deepEqual([told(), set.provisioningState], [['Replace 1 by 4'], 'Succeeded']);
  });

  it('restart it when the policy says so: disk and id stay', async () => {
    open({ automaticRepairs: 'Restart', content: '1.0.0 breaks-after:3600' });
    await pass(10 * minute); // they have been up for a day: all are sick
    assert.match(told().join(), /^Restart 0/);
    assert.deepEqual(versions(), ['0:1.0.0', '1:1.0.0', '2:1.0.0', '3:1.0.0']);
    assert.equal(stage.world.machines.health(`${set.id}/virtualMachines/0`.toLowerCase())?.state, 'healthy');
  });

  it('reimage it when the policy says so: its own image, not that of the model', async () => {
    open({ automaticRepairs: 'Reimage' });
    const { id } = addGalleryVersion(stage.world, { version: '2.0.0' });
    stage.call('PATCH', shop, {
      properties: { virtualMachineProfile: { storageProfile: { imageReference: { id } } } },
    });
    await pass(10_000);
    sick.add('1');
    await pass(30_000);
    sick.clear();
    await pass(5 * minute);
    assert.deepEqual([told(), versions()[1]], [['Reimage 1'], '1:1.0.0']);
    assert.ok(instance('1').stateSince > Date.parse('2026-01-01T00:01:00Z'));
  });

  it('wait for the grace period after each change of the instance', async () => {
    open();
    stage.call('POST', `${shop}/restart`, { instanceIds: ['1'] });
    await pass(2 * minute);
    sick.add('1');
    const changed = instance('1').stateSince;
    await pass(9 * minute - 30_000);
    assert.deepEqual(told(), []);
    await pass(minute);
    assert.ok((set.repairWork.done[0]?.at ?? 0) - changed >= 10 * minute);
  });

  for (const [repairGrace, afterMs] of [
    ['afterStateChange', 30_000],
    ['whileUnhealthy', 10 * minute],
  ] as const)
    it(`begin ${afterMs / 1000} s after an old instance became sick when the switch says ${repairGrace}`, async () => {
      const at = Date.parse('2026-01-01T00:00:00Z');
      open({
        settings: { repairGrace },
        machines: { health: ({ id }) => (id.endsWith('/1') ? { state: 'unhealthy', since: at } : undefined) },
      });
      await pass(afterMs - 1000);
      assert.deepEqual(told(), []);
      await pass(1000);
      assert.deepEqual(told(), ['Replace 1 by 4']);
    });

  const shares = [
    { capacity: 4, at: 1 },
    { capacity: 19, at: 1 },
    { capacity: 39, at: 1 },
    { capacity: 40, at: 2 },
    { capacity: 100, at: 5 },
  ];
  for (const { capacity, at } of shares)
    it(`take ${at} of ${capacity} at a time, and all in the end`, async () => {
      open({ capacity });
      for (const id of ['0', '1', '2', '3', '4', '5', '6'].slice(0, capacity)) sick.add(id);
      await pass(30_000);
      assert.equal(told().length, at);
      await pass(30_000); // the next look: these are still under way
      assert.equal(told().length, at);
      await pass(30 * minute);
      assert.equal(told().length, Math.min(7, capacity));
      assert.equal(instancesOf(stage.world, set).length, capacity);
    });

  for (const protection of [{ protectFromScaleIn: true }, { protectFromScaleSetActions: true }])
    it(`leave out who has ${Object.keys(protection)[0]}`, async () => {
      open();
      stage.call('PUT', `${shop}/virtualMachines/1`, {
        location: 'koreacentral',
        properties: { protectionPolicy: protection },
      });
      await pass(10_000);
      sick.add('1').add('2');
      await pass(30 * minute);
      assert.deepEqual(told(), ['Replace 2 by 4']);
    });

  const sparing: readonly { readonly name: string; readonly change: () => void }[] = [
    { name: 'is off', change: () => stage.call('POST', `${shop}/poweroff`, { instanceIds: ['1'] }) },
    { name: 'failed to come up', change: () => Object.assign(instance('1'), { provisioningState: 'Failed' }) },
    { name: 'is being deleted', change: () => stage.call('POST', `${shop}/delete`, { instanceIds: ['1'] }) },
  ];
  for (const { name, change } of sparing)
    it(`leave out who ${name}`, async () => {
      open();
      change();
      sick.add('1');
      await pass(30 * minute);
      assert.deepEqual(told(), []);
    });

  it('leave out who is still initializing, and take who is unknown', async () => {
    const states = { '1': 'initializing', '2': 'unknown' } as const;
    open({
      machines: {
        health: ({ id }) => {
          const seen = states[id.slice(-1) as keyof typeof states];
          return seen && { state: seen, since: 0 };
        },
      },
    });
    await pass(30 * minute);
    assert.deepEqual(told(), ['Replace 2 by 4']);
  });

  it('do nothing without a health signal, nor when they are off', async () => {
    open({ health: 'none' });
    sick.add('1');
    await pass(30 * minute);
    assert.deepEqual(told(), []);
    stage.close();
    open({ automaticRepairs: false });
    sick.add('1');
    await pass(30 * minute);
    assert.deepEqual([told(), state()], [[], 'NotRunning']);
  });

  it('are suspended and resumed by order', async () => {
    open();
    assert.equal(state(), 'Running');
    order('Suspend');
    await pass(5_000);
    sick.add('1');
    await pass(30 * minute);
    assert.deepEqual([told(), state()], [[], 'Suspended']);
    order('Resume');
    await pass(minute);
    assert.deepEqual([told(), state()], [['Replace 1 by 4'], 'Running']);
  });

  it('begin when a write turns the policy on, and end when one turns it off', async () => {
    open({ automaticRepairs: false });
    sick.add('1').add('2');
    const turn = (enabled: boolean) =>
      stage.call('PATCH', shop, { properties: { automaticRepairsPolicy: { enabled } } });
    turn(true);
    await pass(40_000);
    assert.deepEqual([told(), state()], [['Replace 1 by 4'], 'Running']);
    await pass(5 * minute);
    turn(false);
    const before = told().length;
    await pass(30 * minute);
    assert.deepEqual([told().length, state()], [before, 'NotRunning']);
  });

  it('suspend themselves after three repairs in a row that do not help, and resume by order', async () => {
    open({ capacity: 2, content: '1.0.0 never-healthy' });
    await pass(3 * 60 * minute);
    assert.equal(state(), 'Suspended');
    const chain = told();
    assert.deepEqual(chain.slice(0, 1), ['Replace 0 by 2']);
    const ended = chain.length;
    await pass(60 * minute);
    assert.equal(told().length, ended);
    order('Resume');
    await pass(20 * minute);
    assert.ok(told().length > ended);
  });

  it('count anew who has been well in between', async () => {
    open({ automaticRepairs: 'Restart', content: '1.0.0 breaks-after:600', capacity: 1 });
    await pass(5 * 60 * minute);
    assert.equal(state(), 'Running');
    assert.ok(told().length > 5, String(told().length));
  });

  it('wait while the set is busy with another write', async () => {
    open();
    stage.call('PATCH', shop, { sku: { capacity: 5 } }); // a minute of booting
    sick.add('1');
    await pass(45_000);
    assert.deepEqual(told(), []);
    await pass(minute);
    assert.deepEqual(told(), ['Replace 1 by 5']);
  });

  it('send a notice before they replace, and do not wait with the new one', async () => {
    open({ terminateNotification: 'PT5M' });
    sick.add('1');
    await pass(3 * minute);
    assert.deepEqual([instance('1').provisioningState, instance('4').provisioningState], ['Deleting', 'Succeeded']);
    await pass(3 * minute);
    assert.deepEqual(versions().length, 4);
  });

  const bad = [
    { policy: { gracePeriod: 'PT9M' }, says: /PT10M to PT90M/ },
    { policy: { gracePeriod: 'PT91M' }, says: /PT10M to PT90M/ },
    { policy: { gracePeriod: 'ten minutes' }, says: /PT10M to PT90M/ },
    { policy: { repairAction: 'Repaint' }, says: /Replace, Restart, Reimage/ },
  ];
  for (const { policy, says } of bad)
    it(`are refused with ${JSON.stringify(policy)}`, () => {
      open();
      const properties = { automaticRepairsPolicy: { enabled: true, ...policy } };
      assertRefused(stage.call('PATCH', shop, { properties }), 400, 'InvalidParameter', says);
    });

  it('take another action only while they are off', async () => {
    open();
    const patch = (automaticRepairsPolicy: Record<string, unknown>) =>
      stage.call('PATCH', shop, { properties: { automaticRepairsPolicy } });
    assertRefused(patch({ repairAction: 'Reimage' }), 409, 'OperationNotAllowed', /while .* disabled/);
    assert.equal(patch({ enabled: false }).status, 200);
    await pass(10_000);
    assert.equal(patch({ enabled: true, repairAction: 'Reimage' }).status, 200);
  });

  it('say nothing of a set that is gone', async () => {
    open();
    sick.add('1');
    stage.call('DELETE', shop);
    await pass(30 * minute);
    assert.deepEqual([told(), set.repairWork.watched], [[], false]);
  });
});
