import { testSubscription } from '../../azure/compute/builders.ts';
import { type RunningAzure, registerJob, type World } from '../../azure/index.ts';
import { asEndpoint, asInputs, asVariables } from '../../support/agent-environment.ts';
import { type CloudAddresses, publicCloud } from './clouds.ts';
import { type Account, connectionId } from './ways.ts';

export const proxy = { username: 'agent', password: 'p@ss:word/?100%' };
const collectionUri = 'https://dev.azure.com/contoso/';

/** How the connection came to be. */
export interface ConnectionKind {
  readonly cloud?: CloudAddresses;
  /** `managementGroup`: its subscription is an input. `old`: made when there were no newer fields. */
  readonly connection?: 'today' | 'managementGroup' | 'old';
}

/** What the agent sets for the step, and which of it is secret. */
export function stepEnvironment(
  world: World,
  azure: RunningAzure,
  account: Account,
  wishes: ConnectionKind,
  inputs: Readonly<Record<string, string>>,
) {
  const { cloud = publicCloud, connection = 'today' } = wishes;
  const job = registerJob(world, { collectionUri, connectionIds: [connectionId] });
  const own = connection === 'managementGroup' ? { subscriptionId: testSubscription } : {};
  const env = {
    ...asInputs({ azureSubscription: connectionId, ...own, ...inputs }),
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
function ageOf({ scheme, parameters }: Account, age: ConnectionKind['connection']) {
  const { authenticationType, ...older } = parameters;
  return { scheme, parameters: age === 'old' || !authenticationType ? older : parameters };
}

function dataOf(
  { cloud = publicCloud, connection = 'today' }: ConnectionKind,
  { data = {} }: Account,
): Record<string, string> {
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
