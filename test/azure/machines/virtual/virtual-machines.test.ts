import assert from 'node:assert/strict';
import { createWorld, settle, type World } from '../../core/world.ts';
import type { MachineSpec, ProbeState, ScriptResult } from '../machines.ts';
import type { VirtualOptions } from './options.ts';
import { type VirtualMachines, virtualMachines } from './virtual-machines.ts';

const probe = { protocol: 'http', port: 80, path: '/', intervalS: 5, numberOfProbes: 1 } as const;
const machine = (content = 'base', id = 'm'): MachineSpec => ({ id, name: id, disk: { content }, probe });

describe('virtual machines', () => {
  let now = 0;
  let world: World;
  let machines: VirtualMachines;

  const open = (options: VirtualOptions = {}) => {
    now = 0;
    const make = virtualMachines({ bootMs: 60_000, reimageMs: 30_000, healthyAfterMs: 10_000, ...options });
    world = createWorld({ clock: { now: () => now }, machines: make });
    machines = world.machines as VirtualMachines;
  };
  const pass = (ms: number) => {
    now += ms;
    settle(world);
  };
  /** Notes what a callback was given. */
  const notes = () => {
    const calls: unknown[] = [];
    return { calls, done: (...given: unknown[]) => void calls.push(given[0] ?? 'well') };
  };
  const state = (): ProbeState['state'] | undefined => machines.health('m')?.state;

  it('boot in their time, and turn healthy after it', () => {
    open();
    const { calls, done } = notes();
    machines.create(machine(), done);
    assert.deepEqual([calls.length, state()], [0, 'unknown']);
    pass(60_000);
    assert.deepEqual([calls, state()], [['well'], 'initializing']);
    pass(10_000);
    assert.deepEqual(machines.health('m'), { state: 'healthy', since: 70_000 });
  });

  it('keep exact times though nobody looked when they were due', () => {
    open();
    machines.create(machine(), () => {});
    pass(3_600_000);
    assert.deepEqual(machines.health('m'), { state: 'healthy', since: 70_000 });
  });

  it('have no health without a probe', () => {
    open();
    machines.create({ id: 'm', name: 'm', disk: { content: 'base' } }, () => {});
    pass(120_000);
    assert.equal(machines.health('m'), undefined);
  });

  it('behave as the words of their disk say', () => {
    open();
    const { calls, done } = notes();
    machines.create(machine('2.0.0 breaks'), done);
    pass(60_000);
    assert.deepEqual(
      calls.map((problem) => (problem as { code: string }).code),
      ['OSProvisioningTimedOut'],
    );
    assert.equal(state(), 'unknown');
    machines.reimage(machine('2.0.1 never-healthy'), () => {});
    pass(3_600_000);
    assert.equal(state(), 'unhealthy');
    machines.reimage(machine('2.0.2 slow'), () => {});
    pass(149_000);
    assert.equal(state(), 'unknown');
    pass(60_000);
    assert.equal(state(), 'healthy');
  });

  it('flap for ever: twenty seconds well, ten seconds sick', () => {
    open();
    machines.place(machine('2.0.0 flapping'), 0);
    const seen = Array.from({ length: 6 }, () => {
      pass(10_000);
      return state();
    });
    assert.deepEqual(seen, ['healthy', 'unhealthy', 'healthy', 'healthy', 'unhealthy', 'healthy']);
  });

  it('flap and slow down by the numbers that their word gives', () => {
    open();
    machines.place(machine('2.0.0 flapping:60:30'), 0);
    const seen = Array.from({ length: 6 }, () => {
      pass(30_000);
      return state();
    });
    assert.deepEqual(seen, ['healthy', 'unhealthy', 'healthy', 'healthy', 'unhealthy', 'healthy']);
    machines.reimage(machine('2.0.0 slow:2'), () => {});
    pass(60_000);
    assert.equal(state(), 'initializing');
  });

  it('break for good so many seconds after they became well, and anew after each boot', () => {
    open();
    machines.create(machine('2.0.0 breaks-after:600'), () => {});
    pass(60_000 + 10_000 + 599_000);
    assert.equal(state(), 'healthy');
    pass(1_000);
    assert.deepEqual(machines.health('m'), { state: 'unhealthy', since: 670_000 });
    machines.stop('m', () => machines.start('m', () => {}));
    pass(15_000 + 60_000 + 10_000);
    assert.equal(state(), 'healthy');
  });

  it('stay stuck, in no state at all, until Azure gives up after forty minutes', () => {
    open({ behaviour: ({ id }) => (id === 'm' ? 'stuck' : undefined) });
    const { calls, done } = notes();
    machines.create(machine('base'), done);
    machines.create(machine('base', 'n'), () => {});
    pass(40 * 60_000 - 1);
    assert.deepEqual([calls.length, state(), machines.health('n')?.state], [0, 'unknown', 'healthy']);
    pass(1);
    assert.equal((calls[0] as { code: string }).code, 'OSProvisioningTimedOut');
    assert.deepEqual(machines.health('m'), { state: 'unknown', since: 0 });
  });

  it('may be told to give up on stuck ones sooner', () => {
    open({ provisioningTimeoutMs: 5_000 });
    const { calls, done } = notes();
    machines.reimage(machine('2.0.0 stuck'), done);
    pass(5_000);
    assert.equal(calls.length, 1);
  });

  it('say so when they are told to behave in a way that nobody knows', () => {
    open({ behaviour: () => 'breaks-after' as never });
    assert.throws(() => machines.create(machine(), () => {}), /"breaks-after" is no behaviour/);
  });

  it('draw durations and behaviour from functions', () => {
    open({
      bootMs: (spec) => (spec.id === 'm' ? 5_000 : 50_000),
      behaviour: (spec) => (spec.id === 'n' ? 'breaks' : undefined),
    });
    const first = notes();
    const second = notes();
    machines.create(machine('x', 'm'), first.done);
    machines.create(machine('x', 'n'), second.done);
    pass(5_000);
    assert.deepEqual([first.calls, second.calls], [['well'], []]);
    pass(45_000);
    assert.equal(second.calls.length, 1);
  });

  it('run scripts to their end, to their timeout, or until cancelled', () => {
    const outcomes: Record<string, { afterMs: number; exitCode?: number; output?: string } | 'hangs'> = {
      quick: { afterMs: 1_000, exitCode: 4, output: 'out' },
      endless: 'hangs',
      long: { afterMs: 9_000 },
    };
    open({ script: (_machine, { lines }) => outcomes[lines] ?? {} });
    machines.place(machine(), 0);
    const ends: Record<string, ScriptResult> = {};
    const run = (lines: string) =>
      machines.runScript('m', { lines, parameters: {}, timeoutS: 20 }, (result) => {
        ends[lines] = result;
      });
    run('quick');
    run('endless');
    run('long').cancel();
    pass(30_000);
    assert.deepEqual(ends, {
      quick: { exitCode: 4, output: 'out', error: '', timedOut: false },
      endless: { exitCode: 124, output: '', error: '', timedOut: true },
    });
  });

  it('lose their scripts with their disk', () => {
    open();
    machines.place(machine(), 0);
    const { calls, done } = notes();
    machines.runScript('m', { lines: 'x', parameters: {}, timeoutS: 60 }, done);
    machines.reimage(machine(), () => {});
    pass(60_000);
    assert.deepEqual(calls, []);
  });

  it('stop and start again, give their disk away, and can be removed while they boot', () => {
    open();
    machines.place(machine('1.0.0'), 0);
    const { calls, done } = notes();
    machines.stop('m', done);
    pass(15_000);
    assert.equal(state(), 'unknown');
    machines.capture('m', (disk) => done(disk.content as never));
    pass(30_000);
    machines.start('m', done);
    machines.remove('m', done);
    pass(30_000);
    const codes = calls.map((call) => (typeof call === 'string' ? call : (call as { code: string }).code));
    assert.deepEqual(codes, ['well', '1.0.0', 'OperationPreempted', 'well']);
    assert.equal(machines.health('m'), undefined);
  });
});
