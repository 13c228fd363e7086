import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createVsix, readVsix, unpackVsix } from '../../build/vsix.ts';
import { sampleTask } from './sample-task.ts';

const manifest = {
  manifestVersion: 1,
  id: 'sample',
  publisher: 'sample',
  version: '1.2.3',
  name: 'Sample',
  categories: ['Azure Pipelines'],
  targets: [{ id: 'Microsoft.VisualStudio.Services' }],
  files: [{ path: 'tasks/SampleTask' }],
  contributions: [
    {
      id: 'sample-task',
      type: 'ms.vss-distributed-task.task',
      targets: ['ms.vss-distributed-task.tasks'],
      properties: { name: 'tasks/SampleTask' },
    },
  ],
};

describe('packing with tfx', function () {
  this.timeout(60_000);
  let folder = '';
  let vsix = '';

  function write(name: string, content: object | string): void {
    const path = join(folder, 'dist', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'phoenix-pack-'));
    vsix = join(folder, 'sample.vsix');
    write('vss-extension.json', manifest);
    write('tasks/SampleTask/task.json', sampleTask);
    write('tasks/SampleTask/index.js', 'console.log("hello")');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('makes a package that holds what was staged', async () => {
    createVsix(join(folder, 'dist'), vsix);
    const tasks = [...(await readVsix(vsix)).keys()].filter((name) => name.startsWith('tasks/'));
    assert.deepEqual(tasks.sort(), ['tasks/SampleTask/index.js', 'tasks/SampleTask/task.json']);
    await unpackVsix(vsix, join(folder, 'out'));
    assert.equal(readFileSync(join(folder, 'out', 'tasks/SampleTask/index.js'), 'utf8'), 'console.log("hello")');
  });

  it('fails where tfx only warns: of a task.json that it does not take', () => {
    write('tasks/SampleTask/task.json', { ...sampleTask, friendlyName: undefined });
    assert.throws(() => createVsix(join(folder, 'dist'), vsix), /tfx warned:[\s\S]*friendlyName is a required string/);
  });

  it('fails where tfx only warns: of a contribution without a task', () => {
    write('vss-extension.json', {
      ...manifest,
      contributions: [{ ...manifest.contributions[0], properties: { name: 'tasks/None' } }],
    });
    assert.throws(() => createVsix(join(folder, 'dist'), vsix), /tfx warned:[\s\S]*does not have a task\.json/);
  });

  it('fails where tfx does', () => {
    write('vss-extension.json', { ...manifest, publisher: undefined });
    assert.throws(() => createVsix(join(folder, 'dist'), vsix), /tfx failed/);
  });

  it('says what to do when there is no package to read', () =>
    assert.rejects(() => readVsix(vsix), /run `npm run package` first/));
});
