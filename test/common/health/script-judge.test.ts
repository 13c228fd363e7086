import assert from 'node:assert/strict';
import type { CommandStatus } from '../../../tasks/common/azure/command-status.ts';
import { scriptJudge } from '../../../tasks/common/health/script-judge.ts';
import type { Node } from '../../../tasks/common/rollout/node.ts';

const target = '/versions/2.0.0';
const nodeOn = (id: string, image = target): Node => ({
  id,
  name: `web_${id}`,
  zone: '',
  faultDomain: '',
  image,
  provisioning: 'succeeded',
  running: true,
  health: 'unknown',
  protected: false,
  leaveOut: false,
  problem: '',
});
const ended = (exitCode: number): CommandStatus => ({ kind: 'ended', exitCode, state: 'Succeeded', output: '' });

/** A judge of the script on commands that a test sets by hand. */
function court() {
  const state = { now: 0 };
  const there = new Map<string, CommandStatus>();
  const puts: string[] = [];
  const judge = scriptJudge('is it well', {
    commands: {
      async put(id) {
        puts.push(id);
        there.set(id, { kind: 'running' });
      },
      named: async (id) => (there.has(id) ? ['phoenix-health-0f1e2d3c-1'] : []),
      read: async (id) => there.get(id) ?? { kind: 'none' },
      remove: async (id) => void there.delete(id),
      empty: async () => assert.fail('nothing had to be emptied'),
    },
    rolloutId: '0f1e2d3c-0000',
    target,
    clock: { now: () => state.now, sleep: async () => {} },
    minReadyMs: 30_000,
    sweeps: false,
    remark: assert.fail,
  });
  const look = async (now: number, nodes: readonly Node[]) => {
    state.now = now;
    return (await judge.judge(nodes)).map(({ health }) => health);
  };
  return { judge, there, puts, look };
}

describe('scriptJudge', () => {
  it('takes nothing for an answer that it has not asked for', async () => {
    const { there, puts, look } = court();
    there.set('1', ended(0));
    assert.deepEqual([await look(0, [nodeOn('1')]), puts, there.size], [['initializing'], [], 0]);
    await look(6_000, [nodeOn('1')]);
    assert.deepEqual(puts, ['1']);
    there.set('1', ended(0));
    assert.deepEqual([await look(12_000, [nodeOn('1')]), there.size], [['healthy'], 0]);
  });

  it('forgets what it knew of a node that gets another disk', async () => {
    const { there, look } = court();
    await look(0, [nodeOn('1')]);
    there.set('1', ended(0));
    assert.deepEqual(await look(6_000, [nodeOn('1')]), ['healthy']);
    await look(12_000, [{ ...nodeOn('1'), provisioning: 'working', running: false }]);
    assert.deepEqual(await look(18_000, [nodeOn('1')]), ['initializing']);
  });

  it('keeps its word until the next check has ended', async () => {
    const { there, puts, look } = court();
    await look(0, [nodeOn('1')]);
    there.set('1', ended(0));
    for (const now of [6_000, 12_000, 70_000]) assert.deepEqual(await look(now, [nodeOn('1')]), ['healthy']);
    assert.equal(puts.length, 2);
    there.set('1', ended(1));
    assert.deepEqual(await look(76_000, [nodeOn('1')]), ['unhealthy']);
  });

  it('begins so many checks as a subscription has room for, the nodes first that are not well', async () => {
    const { there, puts, look } = court();
    const nodes = Array.from({ length: 1_000 }, (_, index) => nodeOn(String(index)));
    await look(0, nodes);
    assert.equal(puts.length, 300);
    for (const id of puts) there.set(id, ended(0));
    await look(60_000, nodes);
    assert.equal(puts.length, 400);
    assert.equal(new Set(puts).size, 400, 'those that nobody has checked yet come before those that are well');
  });

  it('checks nobody on another image', async () => {
    const { puts, look } = court();
    assert.deepEqual([await look(0, [nodeOn('1', '/versions/1.0.0')]), puts], [['healthy'], []]);
  });

  it('takes away what still runs when it is closed', async () => {
    const { judge, there, look } = court();
    await look(0, [nodeOn('1'), nodeOn('2')]);
    assert.equal(there.size, 2);
    await judge.close();
    assert.equal(there.size, 0);
  });
});
