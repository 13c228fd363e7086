import assert from 'node:assert/strict';
import type { CommandStatus, RunCommands } from '../../../tasks/common/azure/run-command.ts';
import { scriptDrain } from '../../../tasks/common/drain/script-drain.ts';

const rolloutId = '0f1e2d3c-0000';
const done: CommandStatus = { kind: 'ended', exitCode: 0, state: 'Succeeded', output: '0 sessions' };

/** Drains of one rollout on commands of node 7 that a test sets by hand. */
function bench() {
  const there = new Map<string, CommandStatus>();
  const puts: string[] = [];
  const ran: string[] = [];
  const state = { now: 1_000, refuses: false };
  const commands: RunCommands = {
    async put(_id, { name }) {
      puts.push(name);
      if (state.refuses) throw new Error('the answer was lost');
      there.set(name, { kind: 'running' });
    },
    read: async (_id, name) => there.get(name) ?? { kind: 'none' },
    named: async (_id, prefix) => [...there.keys()].filter((name) => name.startsWith(prefix)),
    remove: async (_id, name) => void there.delete(name),
    run: async (_id, script) => void ran.push(script),
  };
  const clock = { now: () => state.now, sleep: async () => {} };
  const open = () => scriptDrain(commands, rolloutId, { drain: 'go', undrain: 'back', timeoutMs: 60_000 }, clock);
  return { open, there, puts, ran, state };
}

describe('scriptDrain', () => {
  it('gives each drain of a node a name of its own', async () => {
    const { open, puts, ran, state } = bench();
    const drain = open();
    await drain.start('7');
    await drain.cancel('7');
    state.now += 6_000;
    await drain.start('7');
    assert.deepEqual([puts, ran], [['phoenix-drain-0f1e2d3c-rs', 'phoenix-drain-0f1e2d3c-5eg'], ['back']]);
  });

  it('gives a node that was drained and replaced another name too', async () => {
    const { open, there, puts, state } = bench();
    const drain = open();
    await drain.start('7');
    there.set(puts[0] ?? '', done);
    assert.deepEqual(await drain.status('7'), { kind: 'running' });
    assert.deepEqual(await drain.status('7'), { kind: 'drained', note: '0 sessions' });
    state.now += 6_000;
    await drain.start('7');
    assert.equal(new Set(puts).size, 2);
  });

  it('starts one whose answer was lost by the same name', async () => {
    const { open, puts, state } = bench();
    const drain = open();
    state.refuses = true;
    await assert.rejects(drain.start('7'), /the answer was lost/);
    Object.assign(state, { refuses: false, now: 60_000 });
    assert.deepEqual(await drain.status('7'), { kind: 'none' });
    await drain.start('7');
    assert.equal(new Set(puts).size, 1);
  });

  it('takes over the last drain of a run before, and none of another rollout', async () => {
    const { open, there } = bench();
    there.set('phoenix-drain-ffffffff-zz', { kind: 'running' });
    assert.deepEqual(await open().status('7'), { kind: 'none' });
    there.set('phoenix-drain-0f1e2d3c-b', done).set('phoenix-drain-0f1e2d3c-a', { kind: 'running' });
    const drain = open();
    assert.deepEqual(await drain.status('7'), { kind: 'running' });
    assert.deepEqual(await drain.status('7'), { kind: 'drained', note: '0 sessions' });
    assert.deepEqual([...there.keys()], ['phoenix-drain-ffffffff-zz']);
  });

  it('takes back what a run before has begun, all of it', async () => {
    const { open, there, ran } = bench();
    there.set('phoenix-drain-0f1e2d3c-b', done).set('phoenix-drain-0f1e2d3c-a', done);
    await open().cancel('7');
    assert.deepEqual([there.size, ran], [0, ['back']]);
  });

  it('is none where its command is being removed by somebody else', async () => {
    const { open, there, puts } = bench();
    const drain = open();
    await drain.start('7');
    there.set(puts[0] ?? '', { kind: 'leaving' });
    assert.deepEqual(await drain.status('7'), { kind: 'none' });
  });
});
