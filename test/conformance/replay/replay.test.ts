import assert from 'node:assert/strict';
import type { ErrorDetail } from '../../azure/core/arm-errors.ts';
import type { Answer } from '../../azure/core/http.ts';
import { conclude } from '../conclude.ts';
import { findDocuments, whereDocumentsAre } from '../documents.ts';
import { openJudge } from '../judge.ts';
import { Recorder } from '../recorder.ts';
import { type Example, readExamples, requestOf } from './examples.ts';
import { refused, unsupported } from './expected.ts';
import { stageFor } from './stage.ts';

describe('Microsoft’s stored examples, asked of the simulated Azure', function () {
  this.timeout(60_000);
  const folder = findDocuments();
  const recorder = new Recorder();
  const replayed: { readonly example: Example; readonly answer: Answer }[] = [];

  before(function () {
    if (!folder) {
      console.log(`    skipped: ${whereDocumentsAre}`);
      return this.skip();
    }
    const { documents, examples } = readExamples(folder);
    for (const example of examples) {
      const stage = stageFor(example);
      recorder.hear(stage.world);
      try {
        const { method, url, body } = requestOf(documents, example);
        replayed.push({ example, answer: stage.callAt(method, url, body) });
        if (method === 'PUT') stage.callAt('GET', url, '');
      } finally {
        stage.close();
      }
    }
  });

  it('have answers with a declared status and a valid body, all of them', async () => {
    const { pairs, operations, deviations } = await conclude(await openJudge(folder ?? ''), recorder.pairs.values());
    const files = new Set(replayed.map(({ example }) => example.name));
    const succeeded = replayed.filter(({ answer }) => answer.status < 400).length;
    console.log(
      `    ${replayed.length} requests from ${files.size} examples: ${succeeded} succeed in ${operations.size} operations, ` +
        `${withoutRoute().length} ask for ${unsupported.length} operations that are not there, ` +
        `${withRoute().length} are refused; ${pairs} different pairs`,
    );
    assert.equal(files.size, 202);
    assert.deepEqual(deviations, []);
  });

  it('are refused for a known reason, if they are', () =>
    assert.deepEqual(Object.fromEntries(withRoute().map(({ example, code }) => [example.name, code])), refused));

  it('ask for operations that the simulated Azure has, or is known not to have', () =>
    assert.deepEqual([...new Set(withoutRoute().map(({ example }) => example.operation.id))].sort(), unsupported));

  const failed = () =>
    replayed
      .filter(({ answer }) => answer.status >= 400)
      .map(({ example, answer }) => ({ example, ...(answer.body as { readonly error: ErrorDetail }).error }));
  const withoutRoute = () => failed().filter(({ message }) => message.startsWith('The simulated Azure has no route'));
  const withRoute = () => failed().filter(({ message }) => !message.startsWith('The simulated Azure has no route'));
});
