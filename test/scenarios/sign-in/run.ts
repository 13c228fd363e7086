import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addGalleryVersion, addScaleSet, testSubscription } from '../../azure/compute/builders.ts';
import {
  createWorld,
  type NewCertificate,
  type RunningAzure,
  registerJob,
  registerSubscription,
  registerTenant,
  startAzure,
  virtualMachines,
  type World,
} from '../../azure/index.ts';
import { asEndpoint, asInputs, asVariables } from '../../support/agent-environment.ts';
import { openMetadataMachine } from '../../support/metadata-machine.ts';
import { startTask, type TaskEnd } from '../../support/run-task.ts';
import { watchFiles } from '../../support/secrets/file-watch.ts';
import { type ProcessWatch, watchProcesses } from '../../support/secrets/process-watch.ts';
import type { FoundFile } from '../../support/secrets/search.ts';
import { type CloudAddresses, publicCloud } from './clouds.ts';
import { type TokenTally, tallyTokens } from './tokens.ts';
import { type Account, connectionId, tenantId, type Way } from './ways.ts';

export interface Wishes {
  readonly way: Way;
  readonly certificate: NewCertificate;
  readonly node: string;
  /** How long access tokens live, and OIDC tokens with them; as in Azure when left out. */
  readonly tokenLifeS?: number;
  readonly cloud?: CloudAddresses;
  /** `managementGroup`: its subscription is an input. `old`: made when there were no newer fields. */
  readonly connection?: 'today' | 'managementGroup' | 'old';
  readonly nodes?: number;
}

/** All that a run of the bundled task left, to be searched. */
export interface Evidence {
  readonly end: TaskEnd;
  readonly tally: TokenTally;
  readonly secrets: ReadonlyMap<string, string>;
  readonly files: readonly FoundFile[];
  readonly processes: Pick<ProcessWatch, 'seen' | 'snapshots'>;
  readonly pid: number;
  readonly tags: string;
  /** Hosts that were asked for through the agent's proxy. */
  readonly hosts: ReadonlySet<string>;
}

export const proxy = { username: 'agent', password: 'p@ss:word/?100%' };
const collectionUri = 'https://dev.azure.com/contoso/';
const quick = { reimageMs: 700, bootMs: 700, healthyAfterMs: 300 };
const settings = { retryAfterS: 1, setWriteMs: 200, instanceWriteMs: 200 };

/** Rolls a small set by the staged task, behind the agent's proxy, with every eye open. */
export async function signInRun(wishes: Wishes): Promise<Evidence> {
  const { way, cloud = publicCloud, certificate, tokenLifeS = 3_600, nodes = 1 } = wishes;
  const world = createWorld({ clock: { now: () => Date.now() }, settings, machines: virtualMachines(quick) });
  registerTenant(world, { id: tenantId, name: 'contoso', cloud: cloud.environment });
  registerSubscription(world, { id: testSubscription, name: 'shop', tenantId });
  const account = way.register(world, certificate);
  Object.assign(world.signIn, lives(tokenLifeS));
  const tally = tallyTokens(world, tokenLifeS * 1_000);
  const azure = await startAzure({ world, proxyCredentials: proxy });
  const machine = way.tokensFrom === 'the machine' ? await openMetadataMachine(world, azure.proxyUrl) : undefined;
  try {
    const target = addGalleryVersion(world, { version: '2.0.0' }).id;
    const image = addGalleryVersion(world, { version: '1.0.0' }).id;
    const set = addScaleSet(world, { name: 'shop', image, capacity: nodes });
    const { env, secrets } = step(world, azure, account, wishes, target);
    const seen = await watched({ env, node: wishes.node, entry: machine?.entry ?? [] });
    const hosts = new Set(azure.connects.map(({ host }) => host));
    const all = new Map([...Object.entries(secrets), ...tally.secrets]);
    return { ...seen, tally, secrets: all, tags: JSON.stringify(set.tags), hosts };
  } finally {
    await azure.close();
    await machine?.close();
  }
}

const lives = (seconds: number) =>
  seconds < 3_600 ? { accessTokenLifeS: seconds, identityTokenLifeS: seconds, oidcTokenLifeS: seconds } : {};

async function watched({ env, node, entry }: { env: Record<string, string>; node: string; entry: readonly string[] }) {
  const home = mkdtempSync(join(tmpdir(), 'phoenix-sign-in-'));
  for (const name of ['user', 'tmp']) mkdirSync(join(home, name));
  const own = { HOME: join(home, 'user'), TMPDIR: join(home, 'tmp'), SYSTEM_DEBUG: 'true' };
  try {
    const task = startTask({ task: 'UpgradeScaleSetNodes', env: { ...env, ...own }, node, entry, home });
    const pid = task.process.pid ?? 0;
    const processes = watchProcesses(pid, 250);
    const files = watchFiles([home], 1_000);
    const end = await task.ended.finally(processes.stop).finally(files.stop);
    return { end, pid, processes, files: files.seen };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** What the agent sets for the step, and which of it is secret. */
function step(world: World, azure: RunningAzure, account: Account, wishes: Wishes, imageVersionId: string) {
  const { cloud = publicCloud, connection = 'today' } = wishes;
  const job = registerJob(world, { collectionUri, connectionIds: [connectionId] });
  const own = connection === 'managementGroup' ? { subscriptionId: testSubscription } : {};
  const set = { resourceGroupName: 'web', vmssName: 'shop', imageVersionId, maxUnavailable: '1', minReadySeconds: '1' };
  const env = {
    ...asInputs({ azureSubscription: connectionId, ...own, ...set }),
    ...asEndpoint({
      ...ageOf(account, connection),
      id: connectionId,
      url: cloud.resourceManager,
      data: dataOf(wishes, account),
    }),
    ...jobConnection(job.accessToken),
    ...asVariables({ ...runVariables, 'Agent.ProxyUrl': azure.proxyUrl, 'Agent.CAInfo': azure.caFile }),
    SECRET_AGENT_PROXYPASSWORD: proxy.password,
    SECRET_SYSTEM_ACCESSTOKEN: job.accessToken,
    VSTS_SECRET_VARIABLES: JSON.stringify(['agent.proxypassword', 'system.accesstoken']),
    SYSTEM_OIDCREQUESTURI: job.SYSTEM_OIDCREQUESTURI,
  };
  return { env, secrets: { ...account.secrets, 'job token': job.accessToken, 'proxy password': proxy.password } };
}

/** Connections of old do not even say what kind of secret they have. */
function ageOf({ scheme, parameters }: Account, age: Wishes['connection']) {
  const { authenticationType, ...older } = parameters;
  return { scheme, parameters: age === 'old' || !authenticationType ? older : parameters };
}

function dataOf({ cloud = publicCloud, connection = 'today' }: Wishes, { data = {} }: Account): Record<string, string> {
  const { environment, authority, audience } = cloud;
  const scope: Record<string, string> =
    connection === 'managementGroup'
      ? { ScopeLevel: 'ManagementGroup', managementGroupId: 'shops', managementGroupName: 'Shops' }
      : { subscriptionId: testSubscription, subscriptionName: 'shop' };
  if (connection === 'old') return scope;
  const named = connection === 'today' ? { ScopeLevel: 'Subscription' } : {};
  return {
    ...scope,
    ...named,
    ...data,
    environment,
    activeDirectoryAuthority: authority,
    activeDirectoryServiceEndpointResourceId: audience,
  };
}

const jobConnection = (accessToken: string) =>
  asEndpoint({
    id: 'SYSTEMVSSCONNECTION',
    url: collectionUri,
    scheme: 'OAuth',
    parameters: { AccessToken: accessToken },
  });

const runVariables = {
  'System.CollectionUri': collectionUri,
  'System.TeamProject': 'shop',
  'System.TeamProjectId': '44444444-4444-4444-8444-444444444444',
  'System.HostType': 'build',
  'System.StageAttempt': '1',
  'System.JobAttempt': '1',
  'Build.BuildId': '7',
  'Build.BuildNumber': '20260105.1',
  'Agent.ProxyUsername': proxy.username,
};
