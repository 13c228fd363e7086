import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Dictionary } from '../pipeline/expressions/values.ts';
import type { TaskStep } from '../pipeline/model/pipeline.ts';
import { readPipeline } from '../pipeline/model/read-pipeline.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('README.md', () => {
  it('links only to what is there', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link ?? '');
    assert.ok(links.length > 5);
    for (const link of links.filter((link) => !link.startsWith('http')))
      assert.ok(existsSync(join(root, link)), `${link} is not there`);
  });

  it('shows a pipeline that can be played, with inputs that the tasks declare and files that are there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'readme-'));
    try {
      const file = join(folder, 'azure-pipelines.yml');
      writeFileSync(file, /```yaml\n(.*?)```/s.exec(readme)?.[1] ?? '');
      const { stages } = readPipeline({ file, root: folder, parameters: {}, variables: new Dictionary([]) });
      const works = stages.flatMap(({ jobs }) => jobs.map(({ work }) => work));
      const steps = works.flatMap((work) =>
        work.kind === 'steps' ? work.steps : [...work.strategy.hooks.values(), work.strategy.onFailure ?? []].flat(),
      );
      const tasks = steps.filter((step): step is TaskStep => step.kind === 'task');
      assert.equal(tasks.length, 4);
      tasks.forEach(checkInputs);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function checkInputs({ task, inputs }: TaskStep): void {
  const json = JSON.parse(readFileSync(join(root, 'tasks', task, 'task.json'), 'utf8')) as TaskJson;
  const names = inputs.map(({ name }) => name);
  const known = json.inputs.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  assert.deepEqual(
    names.filter((name) => !known.includes(name)),
    [],
    task,
  );
  for (const { name, aliases = [], required } of json.inputs)
    if (required)
      assert.ok(
        [name, ...aliases].some((known) => names.includes(known)),
        `${task} needs ${name}`,
      );
  for (const { value } of inputs) {
    const [, path] = /\$\(Build\.SourcesDirectory\)\/(\S+)/.exec(value) ?? [];
    if (path !== undefined) assert.ok(existsSync(join(root, path)), path);
  }
}

interface TaskJson {
  readonly inputs: readonly {
    readonly name: string;
    readonly aliases?: readonly string[];
    readonly required?: boolean;
  }[];
}
