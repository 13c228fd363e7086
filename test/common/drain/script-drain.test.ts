import assert from 'node:assert/strict';
import type { CommandStatus } from '../../../tasks/common/azure/command-status.ts';
import type { RunCommands } from '../../../tasks/common/azure/run-command.ts';
import { scriptDrain } from '../../../tasks/common/drain/script-drain.ts';
import { Failure } from '../../../tasks/common/failure.ts';

const rolloutId = '0f1e2d3c-0000';
const done: CommandStatus = { kind: 'ended', exitCode: 0, state: 'Succeeded', output: '0 sessions' };

/** Drains of one rollout on commands of node 7 that a test sets by hand. */
function bench() {
  const there = new Map<string, CommandStatus>();
  const puts: string[] = [];
  const ran: string[] = [];
  const emptied: string[] = [];
  const state = { now: 1_000, refuses: false };
  const commands: { -readonly [Call in keyof RunCommands]: RunCommands[Call] } = {
    async put(_id, { name }) {
      puts.push(name);
      if (state.refuses) throw new Error('the answer was lost');
      there.set(name, { kind: 'running' });
    },
    read: async (_id, name) => there.get(name) ?? { kind: 'none' },
    named: async (_id, prefix) => [...there.keys()].filter((name) => name.startsWith(prefix)),
    remove: async (_id, name) => void there.delete(name),
    empty: async (_id, name) => {
      emptied.push(name);
      there.delete(name);
    },
    run: async (_id, script) => void ran.push(script),
  };
  const clock = { now: () => state.now, sleep: async () => {} };
  const open = () => scriptDrain(commands, rolloutId, { drain: 'go', undrain: 'back', timeoutMs: 60_000 }, clock);
  return { open, there, puts, ran, emptied, state, commands };
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

  it('looks for what a run before has begun, where that could not be seen, before it starts', async () => {
    const { open, there, puts, commands } = bench();
    const { named } = commands;
    const drain = open();
    there.set('phoenix-drain-0f1e2d3c-b', { kind: 'running' });
    commands.named = () => Promise.reject(new Error('an outage'));
    await assert.rejects(drain.status('7'), /an outage/);
    commands.named = named;
    await drain.start('7');
    assert.deepEqual([puts, await drain.status('7')], [[], { kind: 'running' }]);
  });

  it('does not start again what a run before has begun, whose removal is put off', async () => {
    const { open, there, puts, commands } = bench();
    const { remove } = commands;
    const drain = open();
    there.set('phoenix-drain-0f1e2d3c-b', done);
    commands.remove = () => Promise.reject(new Failure('Throttled', 'TooManyRequests', 'Later.'));
    await assert.rejects(drain.status('7'), { code: 'Throttled' });
    await drain.start('7');
    commands.remove = remove;
    assert.deepEqual(await drain.status('7'), { kind: 'running' });
    assert.deepEqual([puts, await drain.status('7')], [[], { kind: 'drained', note: '0 sessions' }]);
  });

  for (const gone of ['none', 'leaving'] as const)
    it(`starts anew what a run before has begun and somebody takes away: ${gone}`, async () => {
      const { open, there, puts } = bench();
      const drain = open();
      there.set('phoenix-drain-0f1e2d3c-b', { kind: 'running' });
      assert.deepEqual(await drain.status('7'), { kind: 'running' });
      there.set('phoenix-drain-0f1e2d3c-b', { kind: gone });
      assert.deepEqual(await drain.status('7'), { kind: 'none' });
      await drain.start('7');
      assert.deepEqual(puts, ['phoenix-drain-0f1e2d3c-rs']);
    });

  it('knows that a node is drained while Azure does not remove the command, and empties it', async () => {
    const { open, there, puts, emptied, state, commands } = bench();
    commands.remove = () => Promise.reject(new Failure('AzureUnavailable', 'InternalOperationError', 'Later.'));
    const drain = open();
    await drain.start('7');
    there.set(puts[0] ?? '', done);
    for (const now of [7_000, 67_000]) {
      state.now = now;
      assert.deepEqual(await drain.status('7'), { kind: 'running' });
    }
    const note = '0 sessions; its run command stays, emptied: Azure does not remove it';
    assert.deepEqual([emptied, await drain.status('7')], [puts, { kind: 'drained', note }]);
  });

  it('puts a node back whose command Azure does not remove', async () => {
    const { open, ran, puts, emptied, commands } = bench();
    commands.remove = () => Promise.reject(new Failure('AzureUnavailable', 'InternalOperationError', 'Later.'));
    const drain = open();
    await drain.start('7');
    await drain.cancel('7');
    assert.deepEqual([emptied, ran], [puts, ['back']]);
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
