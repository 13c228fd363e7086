import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import type { Agent } from '../../../../tasks/common/agent/agent.ts';
import { stepMemory } from '../../../../tasks/common/agent/step-memory.ts';
import type { Left } from '../../../../tasks/common/execute/ending/handover.ts';
import { leaveIn, readLegacy } from '../../../../tasks/common/execute/ending/left-note.ts';
import { runPostJob } from '../../../../tasks/common/execute/ending/post-job.ts';
import { suiteFolder } from '../../../support/suite-folder.ts';

const left: Left = {
  set: { resourceGroup: 'web', name: 'shop' },
  rolloutId: 'r',
  token: 't',
  drained: ['3', '12'],
  lifted: [],
  asked: [],
  askedAt: 0,
};
const connection = { id: 'c', subscriptionId: 's' };

describe('what a step leaves in the agent’s memory', () => {
  const tempFolder = suiteFolder('phoenix-memory');
  /** Keeps what it is told, as the agent does; the next part of the step gets it by its environment. */
  function agentMemory() {
    const kept = new Map<string, string>();
    const told: string[] = [];
    const tell = (name: string, value: string) => {
      told.push(value);
      kept.set(name, value);
    };
    const part = () => stepMemory({ tell, ask: (name) => kept.get(name), tempFolder });
    return { part, told };
  }

  it('is what its post-job step reads, with the script as it was then', () => {
    const { part, told } = agentMemory();
    const script = `curl -X POST http://127.0.0.1/undrain\n${'# '.repeat(100_000)}`;
    leaveIn(part(), connection)({ ...left, undrain: script });
    assert.deepEqual(readLegacy(part()), { connection, left: { ...left, undrain: script } });
    assert.ok((told[0] ?? '').length < 1_000, 'a long script would make an environment too large to start with');
  });

  it('is told once as long as it stays the same, and taken back when nothing is left', () => {
    const { part, told } = agentMemory();
    const leave = leaveIn(part(), connection);
    for (const now of [left, left, { ...left, drained: [] }, undefined, undefined]) leave(now);
    assert.equal(told.length, 3);
    assert.equal(readLegacy(part()), undefined);
  });

  it('leaves no file when nothing is left', () => {
    const before = readdirSync(tempFolder);
    const leave = leaveIn(agentMemory().part(), connection);
    leave({ ...left, undrain: 'undrain' });
    assert.equal(readdirSync(tempFolder).length, before.length + 1);
    leave(undefined);
    assert.deepEqual(readdirSync(tempFolder), before);
  });

  it('is another script in another step of the same job', () => {
    const [one, other] = [agentMemory(), agentMemory()];
    leaveIn(one.part(), connection)({ ...left, undrain: 'one' });
    leaveIn(other.part(), connection)({ ...left, undrain: 'other' });
    assert.deepEqual(
      [one, other].map(({ part }) => readLegacy(part())?.left.undrain),
      ['one', 'other'],
    );
  });

  it('is refused with what to do when a step of the job has emptied the temporary folder', async () => {
    const { part } = agentMemory();
    leaveIn(part(), connection)({ ...left, undrain: 'undrain' });
    rmSync(tempFolder, { recursive: true });
    const lines: string[] = [];
    const log = { line: (text: string) => void lines.push(text) } as Agent['log'];
    const { result, message, code } = await runPostJob({ log, memory: part() } as Agent);
    assert.deepEqual([result, code], ['succeededWithIssues', 'FileUnusable']);
    assert.match(message, /^What the step had left is not put back: The undrain script/);
    assert.match(lines.join(), /^What to do: /);
  });

  it('is nothing to the post-job step of a step that left nothing: it asks the agent for no connection', async () => {
    const agent = { memory: agentMemory().part() } as Agent;
    assert.deepEqual(await runPostJob(agent), { result: 'succeeded', message: 'Nothing is left to put back' });
  });
});
