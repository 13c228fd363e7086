import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { names } from '../../examples/demo/infrastructure.ts';
import { Dictionary, type Value } from '../pipeline/expressions/values.ts';
import type { Stage, TaskStep } from '../pipeline/model/pipeline.ts';
import { readPipeline } from '../pipeline/model/read-pipeline.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (parameters: Readonly<Record<string, Value>>) =>
  readPipeline({
    file: join(root, 'examples/azure-pipelines.yml'),
    root,
    parameters,
    variables: new Dictionary([]),
  });

const tasksOf = ({ jobs }: Stage): readonly TaskStep[] =>
  jobs
    .flatMap(({ work }) =>
      work.kind === 'steps' ? work.steps : [...work.strategy.hooks.values(), work.strategy.onFailure ?? []].flat(),
    )
    .filter((step) => step.kind === 'task');

interface TaskJson {
  readonly inputs: readonly { readonly name: string; readonly aliases?: readonly string[] }[];
  readonly outputVariables?: readonly { readonly name: string }[];
}

const taskJson = (name: string) => JSON.parse(readFileSync(join(root, 'tasks', name, 'task.json'), 'utf8')) as TaskJson;

describe('examples/azure-pipelines.yml', () => {
  it('bakes and publishes; with deploy it goes on to one node and, after that, to all', () => {
    const stages = (deploy: boolean) => read({ deploy }).stages.map(({ name }) => name);
    assert.deepEqual(stages(false), ['Image']);
    assert.deepEqual(stages(true), ['Image', 'Canary', 'Rest']);
  });

  it('gives each task only inputs that it declares', () => {
    const steps = read({}).stages.flatMap(tasksOf);
    assert.equal(steps.length, 6);
    for (const { task, inputs } of steps) {
      const known = taskJson(task).inputs.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
      for (const { name } of inputs) assert.ok(known.includes(name), `${task} has no input ${name}`);
    }
  });

  it('reads only outputs that a task declares', () => {
    const text = readFileSync(join(root, 'examples/azure-pipelines.yml'), 'utf8');
    const steps = new Map(read({}).stages.flatMap((stage) => tasksOf(stage).map(({ name, task }) => [name, task])));
    const used = [...text.matchAll(/outputs\['(?:\w+\.)?(\w+)\.(\w+)'\]|\$\((bake)\.(\w+)\)/g)];
    assert.equal(used.length, 4);
    for (const [, one, output, other, otherOutput] of used) {
      const outputs = taskJson(steps.get(one ?? other ?? '') ?? '').outputVariables ?? [];
      assert.ok(
        outputs.some(({ name }) => name === (output ?? otherOutput)),
        `${one ?? other} has no output ${output ?? otherOutput}`,
      );
    }
  });

  it('publishes in a job of its own, which can be tried again without another bake', () => {
    const [image] = read({}).stages;
    const jobs = image?.jobs.map((job) => tasksOf({ ...image, jobs: [job] }).map(({ task }) => task));
    assert.deepEqual(jobs, [['BakeImage'], ['PublishGalleryVersion']]);
  });

  it('brings every node back when a stage fails, by the same drain', () => {
    for (const stage of read({}).stages.filter(({ name }) => name !== 'Image')) {
      const [upgrade, rollback] = tasksOf(stage);
      assert.deepEqual([upgrade?.task, rollback?.task], ['UpgradeScaleSetNodes', 'RollbackScaleSet']);
      const drain = (step: TaskStep | undefined) =>
        step?.inputs.filter(({ name }) => /drain/i.test(name)).map(({ name, value }) => `${name}=${value}`);
      assert.equal(drain(upgrade)?.length, 3);
      assert.deepEqual(drain(rollback), drain(upgrade));
      assert.equal(rollback?.inputs.find(({ name }) => name === 'to')?.value, 'thisRun');
    }
  });

  it('drains unless it is told not to', () => {
    const inputs = read({ drain: false })
      .stages.flatMap(tasksOf)
      .flatMap((step) => step.inputs);
    assert.deepEqual(
      inputs.filter(({ name }) => /drain/i.test(name)),
      [],
    );
  });

  it('means the resources that the demo makes', () => {
    const text = readFileSync(join(root, 'examples/azure-pipelines.yml'), 'utf8');
    for (const line of [
      `resourceGroupName: ${names.resourceGroup}`,
      `location: ${names.location}`,
      `vmssName: ${names.scaleSet}`,
      `galleryName: ${names.gallery}`,
      `imageDefinitionName: ${names.definition}`,
    ])
      assert.ok(text.includes(`${line}\n`), line);
  });
});
