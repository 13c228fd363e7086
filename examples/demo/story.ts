import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadBalancer } from '../../test/azure/machines/real/load-balancer.ts';
import { type Customer, signInAsCustomer } from './customer.ts';
import type { DryRunFinding } from './dry-run.ts';
import { versionOf, watchFleet } from './fleet-watch.ts';
import { createFleet, createFoundation, fleetSize, listNodes } from './infrastructure.ts';
import { type Parameters, type PipelineSettings, type Played, playDryRun, playExample } from './pipeline.ts';
import { planFirst } from './plan-first.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { Findings, NodeFinding, StageFinding } from './report.ts';
import type { Target } from './traffic/request.ts';
import { startTraffic } from './traffic/traffic.ts';
import { duringRollouts } from './verdict.ts';
import { Visits } from './visits.ts';

export interface StorySettings extends PipelineSettings {
  readonly drain: boolean;
  readonly minReadySeconds: number;
  readonly nodeHealthTimeout: string;
}

const calmMs = 4_000;
const fleetUpMs = 60_000;

/** What happens to the shop while visitors are in it. */
type Releases = (settings: StorySettings, visits: Visits, play: Play) => Promise<void>;

/** From an empty subscription to a release that was stopped: all that the demo shows, in order. */
export const tellStory = (settings: StorySettings): Promise<Findings> => tell(settings, goodAndBroken);

/** The same shop, with good releases until so many requests were made while nodes left and came back. */
export const tellLongStory =
  (requests: number) =>
  (settings: StorySettings): Promise<Findings> =>
    tell(settings, goodOnes(requests));

async function tell(settings: StorySettings, releases: Releases): Promise<Findings> {
  const { rehearsal } = settings;
  const customer = await signInAsCustomer(rehearsal.world, rehearsal.directory);
  const stages: StageFinding[] = [];
  const dryRuns: DryRunFinding[] = [];
  const play: Play = async (run, parameters, onStage = () => {}) => {
    const all = { ...common(settings), ...parameters };
    const { approvals, finding } = planFirst(settings, (stage) => playDryRun(settings, run, all, stage));
    const played = await playExample({ ...settings, approvals }, run, all, onStage);
    stages.push(...played.stages);
    dryRuns.push(...finding());
    return played;
  };
  const visits = new Visits(startTraffic(await openShop(settings, customer, play)));
  const watch = watchFleet(rehearsal.world);
  try {
    await releases(settings, visits, play);
    return {
      stages,
      traffic: await visits.end(),
      nodes: await nodesOf(customer, rehearsal),
      nodesOnBrokenVersion: watch.nodesEverOn('3.0.0'),
      dryRuns,
    };
  } finally {
    watch.stop();
    await visits.end();
  }
}

type Play = (run: number, parameters: Partial<Parameters>, onStage?: (name: string) => void) => Promise<Played>;

/** The shop's first day: 1.0.0 is baked and published, and runs on a fleet; gives the address for its visitors. */
async function openShop({ rehearsal, say, cancel }: StorySettings, customer: Customer, play: Play): Promise<Target> {
  say('** A subscription with a network, a load balancer and an image gallery');
  await createFoundation(customer, rehearsal.at);
  say('** Version 1.0.0: bake and publish');
  mustSucceed(await play(1, { appVersion: '1.0.0', deploy: false }), cancel);
  say(`** A scale set of ${fleetSize} nodes from it, behind the balancer; visitors come`);
  const balancer = await rehearsal.openBalancer();
  await createFleet(customer, rehearsal.at, '1.0.0');
  await untilFleetServes(balancer);
  return { host: '127.0.0.1', port: balancer.port };
}

/** A good release and a broken one, while the shop is open. */
async function goodAndBroken({ say }: StorySettings, visits: Visits, play: Play): Promise<void> {
  await sleep(calmMs);
  say('** Version 2.0.0: bake, publish, one node, approval, the rest');
  const second = await play(2, { appVersion: '2.0.0' }, partsOf(visits, '2.0.0'));
  await sleep(calmMs);
  if (!second.succeeded) return;
  say('** Version 3.0.0, which never becomes healthy: its canary must stop it');
  await play(3, { appVersion: '3.0.0', broken: true }, partsOf(visits, '3.0.0'));
  await sleep(calmMs);
}

/** More than a soak of any length needs: one rollout sees about two thousand requests. */
const mostReleases = 500;

const goodOnes =
  (enough: number): Releases =>
  async ({ say }, visits, play) => {
    for (let run = 2; run <= mostReleases && duringRollouts(visits.ended) < enough; run += 1) {
      const version = `${run}.0.0`;
      say(`** Version ${version}; ${duringRollouts(visits.ended)} of ${enough} requests so far`);
      const { succeeded } = await play(run, { appVersion: version }, partsOf(visits, version));
      await sleep(calmMs);
      visits.next('between releases');
      if (!succeeded) return;
    }
  };

const partsOf = (visits: Visits, version: string) => (stage: string) => {
  if (stage === 'Image') visits.next(`baking ${version}`);
  if (stage === 'Canary') visits.next(`rollout of ${version}`);
};

const common = ({ drain, minReadySeconds, nodeHealthTimeout }: StorySettings): Parameters => ({
  appVersion: '',
  template: 'examples/image/shop.json', // for Debian's Packer 1.6, which has no packer init
  deploy: true,
  broken: false,
  drain,
  minReadySeconds,
  nodeHealthTimeout,
});

function mustSucceed(played: Played, cancel: AbortSignal): void {
  if (cancel.aborted) throw new Error('The demo was interrupted');
  if (!played.succeeded) throw new Error('The first run has failed, so there is nothing to roll out: see above');
}

/** Visitors come when every node is in rotation, as on any ordinary day. */
export async function untilFleetServes(balancer: LoadBalancer): Promise<void> {
  for (let waitedMs = 0; waitedMs < fleetUpMs; waitedMs += 200) {
    if (balancer.stats().members.filter(({ up }) => up).length === fleetSize) return;
    await sleep(200);
  }
  throw new Error(`Not all ${fleetSize} nodes serve after ${fleetUpMs / 1_000} seconds`);
}

export async function nodesOf(customer: Customer, { at }: Rehearsal): Promise<readonly NodeFinding[]> {
  const { value } = (await listNodes(customer, at)) as unknown as { readonly value: readonly ListedNode[] };
  return value.map(({ name, properties }) => ({
    name,
    version: versionOf(properties.storageProfile.imageReference),
    health: properties.instanceView.vmHealth?.status.code.replace('HealthState/', '') ?? 'unknown',
  }));
}

interface ListedNode {
  readonly name: string;
  readonly properties: {
    readonly storageProfile: { readonly imageReference: { readonly id: string } };
    readonly instanceView: { readonly vmHealth?: { readonly status: { readonly code: string } } };
  };
}
