import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleTask } from '../../build/bundle.ts';
import { bundledPackages } from '../../build/notices.ts';
import { distFolder, projectFolder, projectVersion, readTask, taskNames } from '../../build/project.ts';
import { readVsix, unpackVsix } from '../../build/vsix.ts';
import { asInputs } from '../support/agent-environment.ts';
import { agentNodes, nodeBinary } from '../support/agent-nodes.ts';
import { runTask } from '../support/run-task.ts';

const vsix = join(distFolder, `phoenix-scale-sets-${projectVersion()}.vsix`);

describe('the packed extension (npm run package)', () => {
  let folder = '';

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'phoenix-vsix-'));
    await unpackVsix(vsix, folder);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the tasks that were staged, byte for byte', async () => {
    const files = [...(await readVsix(vsix)).keys()].filter((name) => name.startsWith('tasks/'));
    const withPostJob = taskNames().filter((name) => readTask(distFolder, name).json.postjobexecution);
    assert.deepEqual(withPostJob, ['RollbackScaleSet', 'UpgradeScaleSetNodes']);
    assert.equal(files.length, taskNames().length * 3 + withPostJob.length);
    for (const name of files)
      assert.deepEqual(readFileSync(join(folder, name)), readFileSync(join(distFolder, name)), name);
  });

  it('asks for no scopes, and is for the cloud and for servers', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'extension.vsomanifest'), 'utf8'));
    assert.deepEqual(manifest.scopes ?? [], []);
    assert.match(
      readFileSync(join(folder, 'extension.vsixmanifest'), 'utf8'),
      /InstallationTarget Id="Microsoft\.VisualStudio\.Services"/,
    );
  });

  it('has the version of package.json', () =>
    assert.match(
      readFileSync(join(folder, 'extension.vsixmanifest'), 'utf8'),
      new RegExp(`Version="${projectVersion()}"`),
    ));

  for (const major of agentNodes)
    for (const task of taskNames())
      it(`starts ${task} on Node ${major}: without inputs it names the first that is missing`, async function () {
        this.timeout(120_000); // the first one may have to fetch that Node
        const node = nodeBinary(major);
        if (!node) this.skip();
        const end = await runTask({ task, node, staged: folder, env: asInputs({}) });
        assert.equal(end.result, 'Failed', end.stdout + end.stderr);
        assert.match(end.issues.join('\n'), /Input "(azureSubscription|resourceGroupName)" is empty/);
        assert.deepEqual([end.exitCode, end.stderr], [0, '']);
      });
});

describe('a post-job step that was packed', () => {
  for (const major of agentNodes)
    for (const task of ['UpgradeScaleSetNodes', 'RollbackScaleSet'])
      it(`of ${task} has nothing to do and asks for nothing, not even an input, where its step left nothing, on Node ${major}`, async function () {
        this.timeout(120_000);
        const node = nodeBinary(major);
        if (!node) this.skip();
        const end = await runTask({ task, node, phase: 'postjobexecution', env: asInputs({}) });
        assert.deepEqual([end.exitCode, end.result, end.issues, end.stderr], [0, 'Succeeded', [], '']);
        assert.match(end.stdout, /Nothing is left to put back/);
      });
});

describe('a bundle', () => {
  it('holds one copy of task-lib only: a second one would see no inputs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'phoenix-bundle-'));
    try {
      const inputs = await bundleTask('tasks/UpgradeScaleSetNodes/index.ts', join(folder, 'index.js'), projectFolder);
      const copies = bundledPackages(inputs).filter((name) => name.endsWith('/azure-pipelines-task-lib'));
      assert.deepEqual(copies, ['node_modules/azure-pipelines-task-lib']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('knows a package inside a package, and one with a scope', () =>
    assert.deepEqual(bundledPackages(['tasks/a.ts', 'node_modules/a/node_modules/@b/c/d.js', 'node_modules/a/e.js']), [
      'node_modules/a',
      'node_modules/a/node_modules/@b/c',
    ]));
});
