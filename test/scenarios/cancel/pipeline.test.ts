import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distFolder } from '../../../build/project.ts';
import { readRecord } from '../../../tasks/common/record/codec.ts';
import { addGalleryVersion, addScaleSet, testSubscription } from '../../azure/compute/builders.ts';
import { imageReferenceOf } from '../../azure/compute/scale-sets/model.ts';
import {
  createWorld,
  registerAllJobs,
  registerDirectory,
  registerServiceConnection,
  settle,
  startAzure,
  virtualMachines,
} from '../../azure/index.ts';
import { sleep, systemClock } from '../../pipeline/clock.ts';
import { type PipelineRun, preparePipeline, type RunOptions, type RunResult } from '../../pipeline/play.ts';
import { federatedConnection } from '../../support/federated-connection.ts';
import { drainingMachines, servingNodes } from '../../support/fleet-guard.ts';

const collectionUri = 'https://dev.azure.com/contoso/';
const accessToken = 'the token of every job';
const connectionId = '33333333-3333-4333-8333-333333333333';

/**
 * The upgrade of a set whose name, scripts and connection are named by variables. What comes after it takes away all that
 * the post-job step could be tempted to read: its inputs are expanded anew.
 */
const pipeline = `
variables: { name: shop, undrain: undrain.sh }
stages:
  - stage: Rest
    jobs:
      - job: Nodes
        steps:
          - checkout: none
          - script: |
              echo 'phoenix-drain start' > drain.sh
              echo 'phoenix-drain cancel' > undrain.sh
          - task: UpgradeScaleSetNodes@0
            name: upgrade
            inputs:
              azureSubscription: shop-azure
              resourceGroupName: web
              vmssName: $(name)
              imageVersionId: $(image)
              maxUnavailable: 2
              minReadySeconds: 1
              drainScript: drain.sh
              undrainScript: $(undrain)
          - script: |
              rm drain.sh undrain.sh
              echo '##vso[task.setvariable variable=name]another'
              echo '##vso[task.setvariable variable=undrain]gone.sh'
            condition: always()
`;

/** Machines in real time: the task waits for them over HTTPS as it would for Azure. */
const settings = { retryAfterS: 1, setWriteMs: 200, instanceWriteMs: 200 };
const undrainMs = 1_500;
const machines = () => drainingMachines(undrainMs, { reimageMs: 9_000, bootMs: 700, healthyAfterMs: 300 });

type End = 'cancelled' | 'killed' | undefined;

/** Plays the stage; ends its main step at a line of the log; then plays it again. */
async function playCut(moment: RegExp, how: End) {
  const home = mkdtempSync(join(tmpdir(), 'phoenix-post-job-'));
  const world = createWorld({ clock: { now: () => Date.now() }, settings, machines: virtualMachines(machines()) });
  const directory = registerDirectory(world, { subscriptionId: testSubscription });
  registerAllJobs(world, { collectionUri, accessToken, connectionIds: [connectionId] });
  registerServiceConnection(world, connectionId, directory.clientId);
  const [v1, v2] = ['1.0.0', '2.0.0'].map((version) => addGalleryVersion(world, { version }).id) as [string, string];
  const set = addScaleSet(world, { name: 'shop', image: v1, capacity: 2, zones: ['1', '2'] });
  const azure = await startAzure({ world });
  const cancel = new AbortController();
  const log: string[] = [];
  let run: PipelineRun | undefined;
  let isCut = how === undefined;
  const output = (line: string) => {
    log.push(line);
    if (isCut || !moment.test(line)) return;
    isCut = true;
    const pid = run?.running()?.processId;
    if (how === 'cancelled') cancel.abort();
    else if (pid !== undefined) process.kill(pid, 'SIGKILL');
  };
  try {
    const connection = federatedConnection(connectionId, 'shop-azure', directory);
    run = prepare(
      home,
      { proxy: { url: azure.proxyUrl }, caFile: azure.caFile },
      connection,
      v2,
      output,
      cancel.signal,
    );
    const first = await run.play();
    await sleep(systemClock, 2 * undrainMs); // the script that puts a node back is at work when its call is answered
    settle(world);
    const between = {
      record: readRecord(set.tags)?.state,
      model: imageReferenceOf(set.model.profile)['id'] === v1 ? '1.0.0' : '2.0.0',
      serving: servingNodes(world, set).length,
    };
    const again = how && (await run.rerunStage('Rest'));
    const end = { record: readRecord(set.tags)?.state, serving: servingNodes(world, set).length };
    return { first, between, again, end, log: log.join('\n') };
  } finally {
    await azure.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function prepare(
  home: string,
  network: Pick<RunOptions, 'proxy' | 'caFile'>,
  connection: NonNullable<RunOptions['serviceConnections']>[number],
  image: string,
  output: (line: string) => void,
  cancel: AbortSignal,
): PipelineRun {
  const workspace = join(home, 'repo');
  mkdirSync(workspace);
  writeFileSync(join(workspace, 'cut.yml'), pipeline);
  return preparePipeline({
    file: join(workspace, 'cut.yml'),
    workspace,
    workFolder: join(home, 'work'),
    taskFolders: [join(distFolder, 'tasks')],
    serviceConnections: [connection],
    collectionUri,
    accessToken,
    ...network,
    variables: { image },
    buildId: 7,
    output,
    cancel,
    verbose: true,
  });
}

const stepsOf = ({ stages }: RunResult) => stages.flatMap(({ jobs }) => jobs.flatMap(({ steps }) => steps));
const postJobOf = (result: RunResult) => stepsOf(result).find(({ displayName }) => displayName.startsWith('Post-job'));

const cases: readonly { readonly name: string; readonly moment: RegExp; readonly how: End; readonly ends: string }[] = [
  { name: 'cancelled while it drains', moment: / drain +shop/, how: 'cancelled', ends: 'canceled' },
  { name: 'cancelled while it replaces', moment: / replace +shop/, how: 'cancelled', ends: 'canceled' },
  { name: 'killed while it drains', moment: /to finish their requests/, how: 'killed', ends: 'failed' },
];

describe('the staged UpgradeScaleSetNodes and its post-job step, as the agent runs them', function () {
  this.timeout(180_000);
  const runs = new Map<string, ReturnType<typeof playCut>>();
  before(() => {
    // All at once: they mostly wait, each for its own Azure.
    for (const { name, moment, how } of cases) runs.set(name, playCut(moment, how));
    runs.set('whole', playCut(/./, undefined));
    for (const run of runs.values()) run.catch(() => {}); // its own test waits for it
  });

  for (const { name, ends } of cases)
    it(`${name}: the post-job step puts all back, and the next run finishes`, async () => {
      const { first, between, again, end, log } = (await runs.get(name)) ?? assert.fail();
      assert.equal(first.result, ends, log);
      assert.equal(postJobOf(first)?.result, 'succeeded', log);
      assert.deepEqual(between, { record: 'stopped', model: '1.0.0', serving: 2 }, log);
      assert.equal(again?.result, 'succeeded', log);
      assert.deepEqual(end, { record: 'whole', serving: 2 }, log);
    });

  it('has nothing to do after a step that ended by itself, and does not even sign in', async () => {
    const { first, log } = (await runs.get('whole')) ?? assert.fail();
    assert.equal(first.result, 'succeeded', log);
    const postJob = postJobOf(first);
    assert.deepEqual([postJob?.result, postJob?.summaries], ['succeeded', []]);
    assert.equal(postJob?.progress.at(-1)?.text, 'Nothing is left to put back', log);
  });

  it('says on the page of the run what it did', async () => {
    const { first, log } = (await runs.get('killed while it drains')) ?? assert.fail();
    const [summary] = postJobOf(first)?.summaries ?? [];
    assert.equal(summary?.title, 'After the rollout of shop', log);
    assert.match(summary?.markdown ?? '', /shop_\d stays: put back into service/);
  });
});
