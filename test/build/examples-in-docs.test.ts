import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectFolder, readTask, taskNames } from '../../build/project.ts';

interface Step {
  readonly task: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** Every step of ours in the YAML that a page shows, however deep. */
function stepsIn(page: string): readonly Step[] {
  const blocks = [...page.matchAll(/```ya?ml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
  return blocks.flatMap((yaml) => find(parse(yaml))).filter(({ task }) => taskNames().includes(nameOf(task)));
}

function find(value: unknown): readonly Step[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'task' in value ? [value as Step] : Object.values(value).flatMap(find);
}

function nameOf(task: string): string {
  return task.slice(0, task.indexOf('@'));
}

/** What a reader who pastes this step would be told. */
function stepFindings({ task, inputs = {} }: Step): readonly string[] {
  const { version, inputs: declared = [] } = readTask(projectFolder, nameOf(task)).json;
  const names = declared.map(({ name }) => name);
  const required = declared.filter((input) => input.required && !input.defaultValue).map(({ name }) => name);
  return [
    ...(task.endsWith(`@${version?.Major}`) ? [] : [`${task} is not version ${version?.Major}`]),
    ...Object.keys(inputs)
      .filter((name) => !names.includes(name))
      .map((name) => `${task} has no input ${name}`),
    ...required.filter((name) => !(name in inputs)).map((name) => `${task} needs the input ${name}`),
  ];
}

describe('the YAML that a page shows', () => {
  for (const path of ['README.md', 'docs/overview.md', ...taskNames().map((name) => `docs/tasks/${name}.md`)])
    it(`works when it is pasted: ${path}`, () => {
      assert.ok(existsSync(join(projectFolder, path)), `${path} is missing`);
      const steps = stepsIn(readFileSync(join(projectFolder, path), 'utf8'));
      assert.ok(steps.length > 0);
      assert.deepEqual(steps.flatMap(stepFindings), []);
    });

  it('would be found out', () => {
    const page = '```yaml\nsteps:\n- task: RollbackScaleSet@9\n  inputs:\n    vmss: web\n```';
    const findings = stepsIn(page).flatMap(stepFindings);
    for (const words of ['is not version', 'has no input vmss', 'needs the input vmssName'])
      assert.ok(
        findings.some((finding) => finding.includes(words)),
        words,
      );
  });
});
