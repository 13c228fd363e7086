import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { addGalleryVersion, addScaleSet, testSubscription } from '../../azure/compute/builders.ts';
import type { ScaleSet } from '../../azure/compute/state.ts';
import {
  createWorld,
  registerPrincipal,
  registerSubscription,
  registerTenant,
  simulatedHttpClient,
  virtualMachines,
  type World,
} from '../../azure/index.ts';
import { play } from '../../azure/play.ts';
import { type FakePacker, fakePacker, managedImage } from '../../common/packer/fake-packer.ts';
import { addImage } from '../../PublishGalleryVersion/publish-request.ts';
import { fakeTime } from '../../support/fake-time.ts';
import { drainingMachines } from '../../support/fleet-guard.ts';

export const connectionId = '33333333-3333-4333-8333-333333333333';
export const tenantId = '11111111-1111-4111-8111-111111111111';
export const clientId = '22222222-2222-4222-8222-222222222222';
/** Nobody may ever see these. */
export const secrets = { client: 'cl1ent~secret', proxy: 'pr0xy~secret', variable: 'v4riable~secret' } as const;

type Texts = Record<string, string>;

/** A small company on the simulated Azure, and the agent of a pipeline: all of it may be changed before the task runs. */
export interface Stage {
  readonly world: World;
  readonly set: ScaleSet;
  readonly ids: Readonly<Record<'v1' | 'v2' | 'elsewhere' | 'definition' | 'image' | 'group' | 'set', string>>;
  /** Of the service connection. */
  readonly endpoint: { url: string; scheme: string; readonly parameters: Texts; readonly data: Texts };
  /** The agent's variables. */
  readonly variables: Texts;
  /** The sources: where relative paths start. */
  readonly folder: string;
  readonly tempFolder: string;
  readonly packer: FakePacker;
  /** Where the agent looks for programs. */
  path: string;
  /** Puts something between the task and Azure. */
  between(wrap: (inner: HttpClient) => HttpClient): void;
  httpClient(): HttpClient;
  file(name: string, text: string | Buffer): string;
  play<Result>(work: Promise<Result>): Promise<Result>;
  close(): void;
}

/** Time is simulated, but for a task that starts a program: that takes the time that it takes. */
export function openStage({ realTime = false } = {}): Stage {
  const clock = realTime ? undefined : fakeTime('2026-01-05T09:00:00Z');
  const world = createWorld({ clock: { now: () => Date.now() }, machines: virtualMachines(drainingMachines(2_000)) });
  registerTenant(world, { id: tenantId, name: 'contoso' });
  registerSubscription(world, { id: testSubscription, name: 'shop', tenantId });
  registerPrincipal(world, { tenantId, clientId, secret: secrets.client });
  const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
  const tempFolder = mkdtempSync(join(tmpdir(), 'bad-input-temp-'));
  const packer = fakePacker({ build: { output: managedImage('web-9') } });
  const between: ((inner: HttpClient) => HttpClient)[] = [];
  return {
    ...company(world),
    world,
    endpoint: usualEndpoint(),
    variables: usualVariables(),
    folder,
    tempFolder,
    packer,
    path: packer.path,
    between: (wrap) => void between.push(wrap),
    httpClient: () => between.reduce((client, wrap) => wrap(client), simulatedHttpClient(world)),
    file(name, text) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    play: (work) => (clock ? play(clock, work, 1_000) : work),
    close() {
      clock?.uninstall();
      packer.remove();
      for (const one of [folder, tempFolder]) rmSync(one, { recursive: true, force: true });
    },
  };
}

/** Scale set `shop` with three nodes on 1.0.0, version 2.0.0 to go to, and a managed image to publish. */
function company(world: World) {
  const v1 = addGalleryVersion(world, { version: '1.0.0' });
  const v2 = addGalleryVersion(world, { version: '2.0.0' });
  const elsewhere = addGalleryVersion(world, { version: '4.0.0', regions: ['westeurope'] });
  const set = addScaleSet(world, { name: 'shop', image: v1.id, capacity: 3 });
  const image = addImage(world, 'web-1');
  const group = set.id.split('/providers/')[0] ?? '';
  const definition = v1.id.split('/versions/')[0] ?? '';
  return { set, ids: { v1: v1.id, v2: v2.id, elsewhere: elsewhere.id, definition, image, group, set: set.id } };
}

const usualEndpoint = (): Stage['endpoint'] => ({
  url: 'https://management.azure.com/',
  scheme: 'ServicePrincipal',
  parameters: { tenantid: tenantId, serviceprincipalid: clientId, serviceprincipalkey: secrets.client },
  data: { subscriptionId: testSubscription, subscriptionName: 'shop', environment: 'AzureCloud' },
});

const usualVariables = (): Texts => ({
  'System.CollectionUri': 'https://dev.azure.com/contoso/',
  'System.TeamProjectId': '44444444-4444-4444-8444-444444444444',
  'Build.BuildId': '7',
  'Build.BuildNumber': '20260105.1',
});
