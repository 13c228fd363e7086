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
  type RunningAzure,
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
import {
  playPipeline,
  type RunOptions,
  type RunResult,
  type ServiceConnection,
  type StepResult,
} from '../pipeline/play.ts';
import { federatedConnection } from './federated-connection.ts';
import { drainingMachines, instancesOf } from './fleet-guard.ts';
import { type HurriedTime, hurriedTime } from './hurried-time.ts';

/** One second of a test is so many seconds of the machines and tasks in it. */
const factor = 40;
const collectionUri = 'https://dev.azure.com/contoso/';
const accessToken = 'the token of every job';
const connections = [
  ['shop-azure', '33333333-3333-4333-8333-333333333331', '22222222-2222-4222-8222-222222222221'],
  ['shop-staging', '33333333-3333-4333-8333-333333333332', '22222222-2222-4222-8222-222222222222'],
] as const;

export interface PlayedExample {
  readonly result: RunResult;
  /** What the run printed, for the message of a failed assertion. */
  readonly story: string;
}

/** The simulated Azure and Azure DevOps, in which the pipelines of examples/ play with the staged tasks. */
export class ExampleStage {
  /** `shop-production for Nodes`: environment and stage, in the order in which somebody was asked. */
  readonly asked: string[] = [];
  readonly #home = mkdtempSync(join(tmpdir(), 'examples-'));
  readonly #workspace = join(this.#home, 'repo');
  #packer: FakePacker | undefined;
  #runs = 0;

  private constructor(
    readonly world: World,
    private readonly azure: RunningAzure,
    private readonly time: HurriedTime,
    private readonly serviceConnections: readonly ServiceConnection[],
  ) {
    cpSync(join(projectFolder, 'examples'), join(this.#workspace, 'examples'), { recursive: true });
  }

  static async open(machines: VirtualOptions = {}): Promise<ExampleStage> {
    const time = hurriedTime(factor);
    const fleet = virtualMachines(drainingMachines(4_000, { ...quick, ...machines }));
    const world = createWorld({ clock: time.clock, settings, machines: fleet });
    const serviceConnections = connect(world);
    return new ExampleStage(world, await startAzure({ world }), time, serviceConnections);
  }

  /** A version of the shop in its gallery. */
  addVersion(options: GalleryVersionOptions): string {
    return addGalleryVersion(this.world, { ...shop, ...options }).id;
  }

  addSet(options: ScaleSetOptions): ScaleSet {
    return addScaleSet(this.world, { group: 'shop', ...options });
  }

  /** From now on Packer's builds make this image. `content` is how machines behave that start from it. */
  bake(name: string, content: string): void {
    this.#packer?.remove();
    const id = addImage(this.world, name, { disk: { content } }, 'shop');
    const output = managedImage(name).map((line) => line.replaceAll(imageId(name), id));
    this.#packer = fakePacker({ version: '1.12.0', build: { output } });
  }

  /** `init`, `validate`, `build`: what Packer was called for, in order. */
  baked(): readonly string[] {
    return this.#packer?.calls().map(({ command }) => command) ?? [];
  }

  /** Changes a file of the examples, as a commit would. */
  edit(file: string, change: (text: string) => string): void {
    const path = join(this.#workspace, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }

  async play(file: string, options: Partial<RunOptions> = {}): Promise<PlayedExample> {
    const lines: string[] = [];
    const output = (line: string) => void lines.push(line);
    const result = await playPipeline({ ...this.#settings(file, ++this.#runs), output, ...options });
    const story = lines.join('\n');
    assert.doesNotMatch(story, /is not an input of/);
    return { result, story };
  }

  #settings(file: string, buildId: number): Omit<RunOptions, 'output'> {
    return {
      file: join(this.#workspace, file),
      workspace: this.#workspace,
      workFolder: join(this.#home, String(buildId)),
      taskFolders: [join(distFolder, 'tasks')],
      serviceConnections: this.serviceConnections,
      collectionUri,
      accessToken,
      buildId,
      variables: this.time.environment,
      retryMs: 0,
      ...(this.#packer && { path: [this.#packer.folder] }),
      proxy: { url: this.azure.proxyUrl },
      caFile: this.azure.caFile,
      variableGroups: { shop: { subscriptionId: testSubscription } },
      approvals: async (environment, stage) => this.asked.push(`${environment} for ${stage}`) > 0,
    };
  }

  async close(): Promise<void> {
    await this.azure.close();
    this.time.remove();
    this.#packer?.remove();
    rmSync(this.#home, { recursive: true, force: true });
  }
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

/** The step of that name, wherever it ran last: not what comes after the job for it. */
export function stepOf({ result, story }: PlayedExample, name: string): StepResult {
  const steps = result.stages.flatMap(({ jobs }) => jobs.flatMap((job) => job.steps));
  const found = steps.filter((step) => step.name === name && !step.displayName.startsWith('Post-job')).at(-1);
  if (found === undefined) throw new Error(`No step ${name} ran:\n${story}`);
  return found;
}
