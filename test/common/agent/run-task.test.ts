import assert from 'node:assert/strict';
import type { Agent } from '../../../tasks/common/agent/agent.ts';
import { type Conclusion, runTask } from '../../../tasks/common/agent/run-task.ts';
import type { TaskProcess } from '../../../tasks/common/agent/task-process.ts';
import { Failure } from '../../../tasks/common/failure.ts';

/** A body under test never asks its agent for anything. */
const agent = {} as Agent;

/** What the agent would read, once the task has ended. */
async function ending(body: () => Promise<Conclusion>, from: Agent | (() => Agent) = agent) {
  const endings: (readonly string[])[] = [];
  const unhandled: ((error: unknown) => void)[] = [];
  const host: TaskProcess = {
    end: async (lines) => void endings.push(lines),
    onUnhandled: (handler) => unhandled.push(handler),
  };
  const ended = runTask(from, body, host);
  return { ended, endings, unhandled };
}

const linesOf = async (...run: Parameters<typeof ending>) => {
  const { ended, endings } = await ending(...run);
  await ended;
  assert.equal(endings.length, 1, 'a task ends once');
  return endings[0] ?? [];
};

describe('runTask', () => {
  const conclusions: readonly { conclusion: Conclusion; lines: readonly string[] }[] = [
    { conclusion: { result: 'succeeded', message: 'done' }, lines: ['##vso[task.complete result=Succeeded;]done'] },
    {
      conclusion: { result: 'succeededWithIssues', message: 'nearly' },
      lines: ['##vso[task.logissue type=warning;]nearly', '##vso[task.complete result=SucceededWithIssues;]nearly'],
    },
    {
      conclusion: { result: 'failed', message: 'not done' },
      lines: ['##vso[task.logissue type=error;]not done', '##vso[task.complete result=Failed;]not done'],
    },
  ];
  for (const { conclusion, lines } of conclusions)
    it(`tells the agent that the task ${conclusion.result}`, async () =>
      assert.deepEqual(await linesOf(async () => conclusion), lines));

  it('prints a failure for people: what happened, its code, what to do', async () =>
    assert.deepEqual(
      await linesOf(async () => {
        throw new Failure('ScopeLocked', 'Writing web failed', 'Remove the lock.\nThen run again.');
      }),
      [
        '##vso[task.logissue type=error;code=ScopeLocked;]Writing web failed (ScopeLocked)',
        'What to do: Remove the lock.',
        'Then run again.',
        '##vso[task.complete result=Failed;]Writing web failed',
      ],
    ));

  it('keeps where a failure came from for those who look', async () => {
    const lines = await linesOf(async () => {
      throw new Failure('X', 'x', 'y', { cause: new Error('deep below') });
    });
    assert.match(lines.join('\n'), /^##vso\[task\.debug\]Error: deep below$/m);
  });

  it('makes foreign words in a failure harmless', async () => {
    const lines = await linesOf(async () => {
      throw new Failure('X', 'a ##vso[task.complete result=Succeeded] b', '##vso[x.y]');
    });
    assert.doesNotMatch(lines.join('\n').replaceAll(/^##vso\[(task\.logissue|task\.complete)/gm, ''), /##vso\[/);
  });

  it('reports anything else that is thrown as a defect of its own, with the stack', async () => {
    const text = (await linesOf(async () => JSON.parse('{'))).join('\n');
    assert.match(
      text,
      /^##vso\[task\.logissue type=error;code=Defect;\]This is a defect of the task itself\. SyntaxError/,
    );
    assert.match(text, /^ {4}at .*run-task\.test\.ts/m);
    assert.match(text, /##vso\[task\.complete result=Failed;\]/);
  });

  it('reports even what is no error at all', async () =>
    assert.match((await linesOf(() => Promise.reject('just words'))).join('\n'), /defect.*just words/));

  it('reports a failure of finding out about the agent', async () => {
    const broken = () => {
      throw new Failure('InvalidProxy', 'no such proxy', 'set it right');
    };
    assert.match(
      (await linesOf(async () => ({ result: 'succeeded', message: '' }), broken)).join('\n'),
      /InvalidProxy/,
    );
  });

  it('hands the agent to the body', async () => {
    const { ended, endings } = await ending(
      async () => ({ result: 'succeeded', message: 'x' }),
      () => agent,
    );
    await ended;
    assert.equal(endings.length, 1);
  });

  it('fails when an error was thrown where nobody waited, and ends once', async () => {
    let finish = (_: Conclusion) => {};
    const { ended, endings, unhandled } = await ending(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    assert.equal(unhandled.length, 1);
    unhandled[0]?.(new Failure('Late', 'it broke behind our back', 'look'));
    finish({ result: 'succeeded', message: 'all well' });
    await ended;
    assert.equal(endings.length, 1);
    assert.match(endings[0]?.join('\n') ?? '', /Late.*\n[\s\S]*result=Failed/);
  });
});
