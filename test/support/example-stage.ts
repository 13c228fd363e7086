import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distFolder, projectFolder } from '../../build/project.ts';
import {
  addGalleryVersion,
  addScaleSet,
  type GalleryVersionOptions,
  type ScaleSetOptions,
  testSubscription,
} from '../azure/compute/builders.ts';
import type { ScaleSet } from '../azure/compute/state.ts';
import {
  createWorld,
  registerAllJobs,
  registerDirectory,
  registerPrincipal,
  registerServiceConnection,
  startAzure,
  virtualMachines,
  type World,
} from '../azure/index.ts';
import type { VirtualOptions } from '../azure/machines/virtual/options.ts';
import { type FakePacker, fakePacker, imageId, managedImage } from '../common/packer/fake-packer.ts';
import { addImage } from '../PublishGalleryVersion/publish-request.ts';
import { playPipeline, type RunOptions, type RunResult, type StepResult } from '../pipeline/play.ts';
import { federatedConnection } from './federated-connection.ts';
import { drainingMachines, instancesOf } from './fleet-guard.ts';
import { hurriedTime } from './hurried-time.ts';

/** One second of a test is so many seconds of the machines and tasks in it. */
const factor = 40;
const collectionUri = 'https://dev.azure.com/contoso/';
const accessToken = 'the token of every job';
const connections = [
  ['shop-azure', '33333333-3333-4333-8333-333333333331', '22222222-2222-4222-8222-222222222221'],
  ['shop-staging', '33333333-3333-4333-8333-333333333332', '22222222-2222-4222-8222-222222222222'],
] as const;

/** The simulated Azure and Azure DevOps, in which the pipelines of examples/ play with the staged tasks. */
export interface ExampleStage {
  readonly world: World;
  /** `shop-production for Nodes`: environment and stage, in the order in which somebody was asked. */
  readonly asked: string[];
  /** A version of the shop in its gallery. */
  addVersion(options: GalleryVersionOptions): string;
  addSet(options: ScaleSetOptions): ScaleSet;
  /** From now on Packer's builds make this image. `content` is how machines behave that start from it. */
  bake(name: string, content: string): void;
  /** Changes a file of the examples, as a commit would. */
  edit(file: string, change: (text: string) => string): void;
  play(file: string, options?: Partial<RunOptions>): Promise<PlayedExample>;
  close(): Promise<void>;
}

export interface PlayedExample {
  readonly result: RunResult;
  /** What the run printed, for the message of a failed assertion. */
  readonly story: string;
}

export async function openExamples(machines: VirtualOptions = {}): Promise<ExampleStage> {
  const hurried = hurriedTime(factor);
  const home = mkdtempSync(join(tmpdir(), 'examples-'));
  const [workspace, asked] = [join(home, 'repo'), [] as string[]];
  cpSync(join(projectFolder, 'examples'), join(workspace, 'examples'), { recursive: true });
  const world = createWorld({
    clock: hurried.clock,
    settings,
    machines: virtualMachines(drainingMachines(4_000, { ...quick, ...machines })),
  });
  const serviceConnections = connect(world);
  const azure = await startAzure({ world });
  let runs = 0;
  let packer: FakePacker | undefined;
  return {
    world,
    asked,
    addVersion: (options) => addGalleryVersion(world, { ...shop, ...options }).id,
    addSet: (options) => addScaleSet(world, { group: 'shop', ...options }),
    bake: (name, content) => {
      packer?.remove();
      const id = addImage(world, name, { disk: { content } }, 'shop');
      packer = fakePacker({ build: { output: managedImage(name).map((line) => line.replaceAll(imageId(name), id)) } });
    },
    edit: (file, change) => {
      const path = join(workspace, file);
      writeFileSync(path, change(readFileSync(path, 'utf8')));
    },
    play: async (file, options = {}) => {
      const lines: string[] = [];
      const result = await playPipeline({
        file: join(workspace, file),
        workspace,
        workFolder: join(home, String(++runs)),
        taskFolders: [join(distFolder, 'tasks')],
        serviceConnections,
        collectionUri,
        accessToken,
        buildId: runs,
        variables: hurried.environment,
        retryMs: 0,
        ...(packer && { path: [packer.folder] }),
        proxy: { url: azure.proxyUrl },
        caFile: azure.caFile,
        variableGroups: { shop: { subscriptionId: testSubscription } },
        approvals: async (environment, stage) => asked.push(`${environment} for ${stage}`) > 0,
        output: (line) => lines.push(line),
        ...options,
      });
      const story = lines.join('\n');
      assert.doesNotMatch(story, /is not an input of/);
      return { result, story };
    },
    close: async () => {
      await azure.close();
      hurried.remove();
      packer?.remove();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const shop = { group: 'shop', gallery: 'shop_gallery', definition: 'shop' };
const settings = { retryAfterS: 5, replicationMs: 20_000 };

/** Machines that need seconds where others need minutes. */
const quick: VirtualOptions = { reimageMs: 15_000, bootMs: 10_000, healthyAfterMs: 5_000 };

/** Each connection has an identity of its own, which may do everything. */
function connect(world: World) {
  const { tenantId, subscriptionId } = registerDirectory(world, { subscriptionId: testSubscription });
  registerAllJobs(world, { collectionUri, accessToken, connectionIds: connections.map(([, id]) => id) });
  return connections.map(([name, id, clientId]) => {
    registerPrincipal(world, { tenantId, clientId });
    registerServiceConnection(world, id, clientId);
    return federatedConnection(id, name, { tenantId, clientId, subscriptionId });
  });
}

/** `1.0.0 2.0.0`: the version that each node of a set runs, in order. */
export const versionsOf = ({ world }: ExampleStage, set: ScaleSet): string =>
  instancesOf(world, set)
    .map(({ image }) => String(image.reference['id']).split('/').at(-1))
    .join(' ');

/** The step of that name, wherever it ran last. */
export function stepOf({ result, story }: PlayedExample, name: string): StepResult {
  const steps = result.stages.flatMap(({ jobs }) => jobs.flatMap((job) => job.steps));
  const found = steps.filter((step) => step.name === name).at(-1);
  if (found === undefined) throw new Error(`No step ${name} ran:\n${story}`);
  return found;
}
