import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectFolder, readTask, taskNames } from '../../build/project.ts';
import type { TaskJson } from '../../build/task-json.ts';
import { taskPage } from '../../build/task-page.ts';
import { sampleTask } from './sample-task.ts';

const folder = join(projectFolder, 'docs', 'tasks');

describe('the reference pages of the tasks', () => {
  for (const name of taskNames())
    it(`are those of task.json as it is now: ${name} (npm run docs)`, () => {
      const page = join(folder, `${name}.md`);
      assert.ok(existsSync(page), `${page} is missing`);
      assert.equal(readFileSync(page, 'utf8'), taskPage(readTask(projectFolder, name).json as TaskJson));
    });

  it('are there for no task that is gone', () =>
    assert.deepEqual(
      readdirSync(folder).sort(),
      taskNames().map((name) => `${name}.md`),
    ));

  it('show a step that YAML reads, with what must be given', () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(taskPage(sampleTask)) ?? [];
    assert.deepEqual(parse(yaml), [{ task: 'SampleTask@1', name: 'sampleTask', inputs: { azureSubscription: '' } }]);
  });

  it('show every other input with its default and its choices', () => {
    const page = taskPage(sampleTask);
    assert.match(page, /^ {4}# mode: fast # fast \| slow$/m);
    assert.match(page, /^\| `mode` \| Mode\. How fast\. One of `fast`, `slow`\. Default: `fast`\. \|$/m);
    assert.match(page, /^### Advanced\n\nUsed where `mode = slow`\./m);
  });

  it('keep a table a table, whatever a text holds', () => {
    const description = 'a | b\nc';
    const page = taskPage({ ...sampleTask, outputVariables: [{ name: 'outcome', description }] });
    assert.match(page, /^\| `outcome` \| a \\\| b c \|$/m);
  });
});
