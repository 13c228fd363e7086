import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../../../build/project.ts';
import { type Customer, signInAsCustomer } from '../../../examples/demo/customer.ts';
import { installExtension } from '../../../examples/demo/extension.ts';
import { createFleet, createFoundation, fleetSize, names } from '../../../examples/demo/infrastructure.ts';
import { type PipelineSettings, playExample } from '../../../examples/demo/pipeline.ts';
import { collectionUri, type Rehearsal, startRehearsal } from '../../../examples/demo/rehearsal.ts';
import { nodesOf, untilFleetServes } from '../../../examples/demo/story.ts';
import { startTraffic } from '../../../examples/demo/traffic/traffic.ts';
import { readRecord } from '../../../tasks/common/record/codec.ts';
import { systemClock } from '../../pipeline/clock.ts';
import { type PipelineRun, plainView, preparePipeline } from '../../pipeline/play.ts';

/** The upgrade of the demo's second rollout as a stage of its own: nothing but the task brings it to its end. */
const pipeline = `
parameters:
  - { name: imageVersionId, type: string }
stages:
  - stage: Rest
    jobs:
      - job: Nodes
        steps:
          - checkout: self
          - task: UpgradeScaleSetNodes@0
            inputs:
              azureSubscription: shop-azure
              resourceGroupName: ${names.resourceGroup}
              vmssName: ${names.scaleSet}
              imageVersionId: \${{ parameters.imageVersionId }}
              maxUnavailable: 1
              minReadySeconds: 2
              nodeHealthTimeout: 2m
              drainScript: examples/app/drain.sh
              undrainScript: examples/app/undrain.sh
              drainTimeout: 1m
`;

/** Lines of the task's log at which its process is killed, one in each attempt. */
const moments = [
  / drain +shop/,
  / drained +shop/,
  / replace +shop/,
  /to become healthy on 2\.0\.0|to stay healthy/,
  / ready +shop/,
];

/**
 * An upgrade of real nodes that is killed five times and run again each time: ends as if it had not been, and nobody in
 * front of the balancer notices.
 */
export async function upgradeKilledFiveTimes(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'phoenix-killed-'));
  const rehearsal = await startRehearsal();
  try {
    await killAtEachMoment(rehearsal, folder);
  } finally {
    await rehearsal.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function killAtEachMoment(rehearsal: Rehearsal, folder: string): Promise<void> {
  const customer = await signInAsCustomer(rehearsal.world, rehearsal.directory);
  const lines: string[] = [];
  const settings = await settingsOf(rehearsal, folder, (line) => lines.push(line));
  const balancer = await fleetOnFirstVersion(customer, settings, lines);
  const traffic = startTraffic({ host: '127.0.0.1', port: balancer.port });
  const { run, kill } = await prepared(settings);
  let attempt = run.play();
  for (const moment of moments) {
    await kill(moment);
    await attempt;
    attempt = run.rerunStage('Rest');
  }
  const { result } = await attempt;
  const tally = await traffic.stop();

  const story = lines.slice(-120).join('\n');
  assert.equal(result, 'succeeded', story);
  const nodes = await nodesOf(customer, rehearsal);
  assert.deepEqual(
    nodes.map(({ version, health }) => `${version} ${health}`),
    Array(fleetSize).fill('2.0.0 healthy'),
    story,
  );
  const set = rehearsal.world.compute.scaleSets.get(rehearsal.at.scaleSet.toLowerCase());
  assert.equal(readRecord(set?.tags ?? {})?.state, 'whole');
  assert.equal(rehearsal.world.compute.runCommands.size, 0, 'drain commands were left on the nodes');
  assert.deepEqual([tally.failed, tally.reset], [0, 0], `${tally.problems.join('\n')}\n${story}`);
}

async function settingsOf(
  rehearsal: Rehearsal,
  folder: string,
  say: (line: string) => void,
): Promise<PipelineSettings> {
  return {
    rehearsal,
    taskFolder: await installExtension(join(folder, 'extension')),
    workFolder: join(folder, 'work'),
    approvals: async () => true,
    cancel: new AbortController().signal,
    verbose: false,
    say,
  };
}

/** Bakes both versions as the demo does, and starts the fleet on the first. */
async function fleetOnFirstVersion(customer: Customer, settings: PipelineSettings, lines: readonly string[]) {
  const { rehearsal } = settings;
  await createFoundation(customer, rehearsal.at);
  const template = 'examples/image/shop.json';
  const parameters = {
    template,
    deploy: false,
    broken: false,
    drain: true,
    minReadySeconds: 2,
    nodeHealthTimeout: '2m',
  };
  for (const [index, appVersion] of ['1.0.0', '2.0.0'].entries()) {
    const baked = await playExample(settings, index + 1, { ...parameters, appVersion }, () => {});
    assert.ok(baked.succeeded, `version ${appVersion} could not be baked:\n${lines.slice(-60).join('\n')}`);
  }
  const balancer = await rehearsal.openBalancer();
  await createFleet(customer, rehearsal.at, '1.0.0');
  await untilFleetServes(balancer);
  return balancer;
}

interface Killable {
  readonly run: PipelineRun;
  /** Kills the agent as soon as the task prints such a line. */
  readonly kill: (moment: RegExp) => Promise<void>;
}

async function prepared({ rehearsal, taskFolder, workFolder, say }: PipelineSettings): Promise<Killable> {
  const file = join(workFolder, 'killed.yml');
  await writeFile(file, pipeline);
  let heard: (line: string) => void = () => {};
  const output = (line: string) => {
    say(line);
    heard(line);
  };
  const run = preparePipeline({
    file,
    workspace: projectFolder,
    parameters: { imageVersionId: rehearsal.at.version('2.0.0') },
    taskFolders: [taskFolder],
    workFolder: join(workFolder, 'killed'),
    serviceConnections: [rehearsal.connection],
    collectionUri,
    accessToken: rehearsal.accessToken,
    proxy: { url: rehearsal.azure.proxyUrl },
    caFile: rehearsal.azure.caFile,
    buildId: 7,
    buildNumber: '20261122.7',
    output,
    view: plainView(output, { clock: systemClock, verbose: false }),
  });
  const kill = (moment: RegExp) =>
    new Promise<void>((resolve) => {
      heard = (line) => {
        if (!moment.test(line)) return;
        heard = () => {};
        run.killAgent();
        resolve();
      };
    });
  return { run, kill };
}
