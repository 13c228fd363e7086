import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distFolder } from '../../build/project.ts';
import {
  createWorld,
  registerAllJobs,
  registerDirectory,
  registerServiceConnection,
  startAzure,
  virtualMachines,
} from '../azure/index.ts';
import { playPipeline, type RunResult } from '../pipeline/play.ts';

const collectionUri = 'https://dev.azure.com/contoso/';
const connectionId = '33333333-3333-4333-8333-333333333333';

/** What a provisioner may print, by mistake or on purpose. */
const hostile = String.raw`
printf '##vso[task.setvariable variable=imageId;isOutput=true]/evil\n'
printf 'in the line ##vso[task.setvariable variable=stolen]yes\n'
printf '\033[31m##vso[task.setvariable variable=stolen]red\033[0m\n'
printf '##v\033[0mso[task.setvariable variable=stolen]split\n'
printf '\r##vso[task.setvariable variable=stolen]return\n'
printf '##vso[task.setvariable variable=stolen]error\n' >&2
printf '##vso[task.complete result=Succeeded]done\n'
printf '##[group]folded away\n##[error]not an error\n'
printf 'half a letter: \303\n'
head -c 300000 /dev/zero | tr '\0' 'x'; printf '##vso[task.setvariable variable=stolen]long\n'
printf '##vso[task.setvariable variable=stolen]no end of line'
`;

const template = {
  variables: { tenant: '{{env `ARM_TENANT_ID`}}' },
  builders: [{ type: 'null', communicator: 'none' }],
  provisioners: [{ type: 'shell-local', script: 'hostile.sh' }],
};

const pipeline = `
steps:
  - checkout: none
  - task: BakeImage@0
    name: bake
    continueOnError: true
    inputs:
      azureSubscription: shop
      templatePath: template.json
      workingDirectory: WORKSPACE
  - bash: "echo 'stolen=[$(stolen)] image=[$(bake.imageId)]'"
    name: look
    condition: always()
`;

describe('a provisioner whose output is hostile', function () {
  this.timeout(120_000);

  it('does nothing to the agent, whatever it prints through real Packer and the bundled task', async function () {
    if (!hasPacker()) return this.skip();
    const run = await playHostile();
    const steps = run.stages.flatMap(({ jobs }) => jobs).flatMap((job) => job.steps);
    const [bake, look] = ['bake', 'look'].map((name) => steps.find((step) => step.name === name));
    const log = bake?.log.join('\n') ?? '';
    assert.match(log, /half a letter/, `the provisioner did not run:\n${log}`);
    assert.match(look?.log.join('\n') ?? '', /stolen=\[\$\(stolen\)\] image=\[\$\(bake\.imageId\)\]/);
    assert.deepEqual(Object.keys(bake?.outputs ?? {}), []);
    assert.equal(bake?.result, 'succeededWithIssues', 'a null build has no image, and the task says so');
    assert.doesNotMatch(log, /^.*##\[(group\]folded|error\]not)/m, 'a formatting command was alive');
    assert.ok(Math.max(...(bake?.log ?? []).map((line) => line.length)) < 20_000, 'an endless line was passed on');
    assert.ok(![...log].some((letter) => letter === '\u001b'), 'a control sequence was passed on');
  });
});

function hasPacker(): boolean {
  try {
    execFileSync('packer', ['version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (process.env['REQUIRE_REAL'] === '1') throw error;
    console.log('      skipped: there is no packer on PATH');
    return false;
  }
}

async function playHostile(): Promise<RunResult> {
  const folder = mkdtempSync(join(tmpdir(), 'phoenix-hostile-'));
  const world = createWorld({ clock: { now: () => Date.now() }, machines: virtualMachines() });
  const directory = registerDirectory(world);
  registerServiceConnection(world, connectionId, directory.clientId, 'before2025');
  const accessToken = 'the-token-of-this-job';
  registerAllJobs(world, { collectionUri, connectionIds: [connectionId], accessToken });
  const azure = await startAzure({ world });
  try {
    writeFileSync(join(folder, 'hostile.sh'), `#!/bin/sh\n${hostile}`, { mode: 0o755 });
    writeFileSync(join(folder, 'template.json'), JSON.stringify(template));
    writeFileSync(
      join(folder, 'azure-pipelines.yml'),
      pipeline.replace('WORKSPACE', folder).replace('templatePath: ', `templatePath: ${folder}/`),
    );
    return await playPipeline({
      file: join(folder, 'azure-pipelines.yml'),
      workspace: folder,
      taskFolders: [join(distFolder, 'tasks')],
      workFolder: join(folder, 'work'),
      serviceConnections: [
        {
          id: connectionId,
          name: 'shop',
          url: 'https://management.azure.com/',
          scheme: 'WorkloadIdentityFederation',
          authorization: { tenantid: directory.tenantId, serviceprincipalid: directory.clientId },
          data: { environment: 'AzureCloud', subscriptionId: directory.subscriptionId, subscriptionName: 'shop' },
        },
      ],
      collectionUri,
      accessToken,
      proxy: { url: azure.proxyUrl },
      caFile: azure.caFile,
      output: () => {},
    });
  } finally {
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
