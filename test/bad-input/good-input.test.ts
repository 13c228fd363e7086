import assert from 'node:assert/strict';
import { cases } from './cases/good.ts';
import { runOn } from './support/run-case.ts';
import { openStage } from './support/stage.ts';

describe('values that people do write', () => {
  for (const { task, good, inputs, prepare } of cases)
    it(`${task} takes ${good}`, async () => {
      const stage = openStage({ realTime: task === 'BakeImage' });
      try {
        stage.file('web.json', '{}');
        await prepare?.(stage);
        const ending = await runOn(stage, task, inputs);
        assert.equal(ending.result, 'Succeeded', ending.lines.join('\n'));
        assert.deepEqual(ending.errors, []);
        // A bake is Packer's work, and this Packer only says that it was done.
        if (task === 'BakeImage') assert.equal(stage.packer.calls().at(-1)?.command, 'build');
        else assert.notEqual(ending.after, ending.before, 'nothing was done');
      } finally {
        stage.close();
      }
    });
});
