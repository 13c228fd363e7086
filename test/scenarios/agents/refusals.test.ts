import assert from 'node:assert/strict';
import { taskNames } from '../../../build/project.ts';
import { agentNodes, nodeBinary } from '../../support/agent-nodes.ts';
import { runTask } from '../../support/run-task.ts';

describe('each bundled task, on each Node.js of the agent', function () {
  this.timeout(60_000);
  for (const task of taskNames())
    for (const major of agentNodes)
      it(`${task} says on Node ${major} what is missing, and tells the agent so`, async function () {
        const node = nodeBinary(major);
        if (node === undefined) return this.skip();
        const { exitCode, result, issues, stderr } = await runTask({ task, env: {}, node });
        assert.deepEqual([exitCode, result, stderr], [0, 'Failed', '']);
        assert.match(issues.join(), /^error: Input "\w+" is empty \(InputMissing\)$/);
      });
});
