import type { World } from '../core/world.ts';
import type { Build, Federation, Principal, Subscription, Tenant } from './state.ts';

/** Adds a directory. */
export function registerTenant(world: World, tenant: Tenant): Tenant {
  world.signIn.tenants.set(tenant.id.toLowerCase(), tenant);
  return tenant;
}

/** Adds a subscription that trusts a registered tenant. */
export function registerSubscription(world: World, subscription: Subscription): Subscription {
  world.signIn.subscriptions.set(subscription.id.toLowerCase(), subscription);
  return subscription;
}

export interface NewPrincipal {
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret?: string;
  readonly federation?: Federation;
}

/** Adds an application with its service principal. */
export function registerPrincipal(world: World, principal: NewPrincipal): Principal {
  const registered = { ...principal, objectId: world.newId() };
  world.signIn.principals.set(principal.clientId.toLowerCase(), registered);
  return registered;
}

/** Registers a certificate on an application: PEM, without its key. */
export function registerCertificate(world: World, clientId: string, pem: string): void {
  const principal = world.signIn.principals.get(clientId.toLowerCase());
  if (!principal) throw new Error(`No principal ${clientId} is registered.`);
  const certificates = [...(principal.certificates ?? []), pem];
  world.signIn.principals.set(clientId.toLowerCase(), { ...principal, certificates });
}

/** Gives the machine that the agent runs on an identity, which is a principal without credentials of its own. */
export function registerMachineIdentity(
  world: World,
  kind: 'systemAssigned' | 'userAssigned',
  principal: NewPrincipal,
): Principal {
  const id = principal.clientId.toLowerCase();
  if (kind === 'systemAssigned') world.signIn.machine.systemAssigned = id;
  else world.signIn.machine.userAssigned.add(id);
  return registerPrincipal(world, principal);
}

/**
 * Adds a service connection with workload identity federation, and makes its principal trust it. The subject is opaque,
 * as in connections made since November 2025 (pipelines.md §7), so that a client that parses it is found out.
 */
export function registerServiceConnection(
  world: World,
  id: string,
  clientId: string,
  kind: 'since2025' | 'before2025' = 'since2025',
): Federation {
  const principal = world.signIn.principals.get(clientId.toLowerCase());
  if (!principal) throw new Error(`No principal ${clientId} is registered.`);
  const federation = kind === 'since2025' ? federationBy(world, principal) : olderFederation(world, id);
  world.signIn.principals.set(clientId.toLowerCase(), { ...principal, federation });
  world.signIn.connections.set(id.toLowerCase(), { id, federation });
  return federation;
}

const federationBy = (world: World, { tenantId }: Principal): Federation => ({
  issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
  subject: `/eid1/c/pub/t/${world.newId()}/a/${world.newId()}/sc/${world.newId()}/${world.newId()}`,
});

/** The issuer of connections made before November 2025, which is to retire in July 2027 (pipelines.md §7). */
const olderFederation = (world: World, id: string): Federation => ({
  issuer: `https://vstoken.dev.azure.com/${world.newId()}`,
  subject: `sc://phoenix-demo/Rehearsal/${id}`,
  thumbprint: Buffer.from(world.newId()).toString('base64url'),
});

export interface NewJob {
  /** `https://dev.azure.com/phoenix-demo/`: the agent's System.CollectionUri. */
  readonly collectionUri: string;
  readonly connectionIds: readonly string[];
  /** The id of its project; made up when not given. */
  readonly projectId?: string;
  /** The job's own token; made up when not given. */
  readonly accessToken?: string;
}

/** What the agent gives a job, by which its tasks ask for OIDC tokens. */
export interface JobAccess {
  readonly SYSTEM_OIDCREQUESTURI: string;
  /** AccessToken of the endpoint SystemVssConnection. */
  readonly accessToken: string;
}

/** Starts a pipeline job that may use the named connections. */
export function registerJob(world: World, job: NewJob): JobAccess {
  const [project, plan, id] = [job.projectId ?? world.newId(), world.newId(), world.newId()];
  const uri = `${job.collectionUri.replace(/\/$/, '')}/${project}/_apis/distributedtask/hubs/build/plans/${plan}/jobs/${id}/oidctoken`;
  const accessToken = job.accessToken ?? `job-${world.newId()}`;
  world.signIn.jobs.set(accessToken, {
    accessToken,
    requestPath: new URL(uri).pathname.toLowerCase(),
    connectionIds: new Set(job.connectionIds.map((connection) => connection.toLowerCase())),
  });
  return { SYSTEM_OIDCREQUESTURI: uri, accessToken };
}

/** Adds a run of a pipeline, or says what has become of it. */
export function registerBuild(world: World, collectionUri: string, projectId: string, build: Build): void {
  const organization = new URL(collectionUri).pathname.replaceAll('/', '');
  world.signIn.builds.set(`${organization}/${projectId}/${build.id}`.toLowerCase(), build);
}

/** Lets every job of a collection ask for tokens by one job token: the ids of jobs are the player's to make up. */
export function registerAllJobs(world: World, job: NewJob & { readonly accessToken: string }): void {
  world.signIn.jobs.set(job.accessToken, {
    accessToken: job.accessToken,
    requestPath: new URL(job.collectionUri).pathname.toLowerCase(),
    connectionIds: new Set(job.connectionIds.map((connection) => connection.toLowerCase())),
    allJobs: true,
  });
}

/** The directory that demos and tests use. */
export interface Directory {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly secret: string;
}

/** Registers one tenant, one subscription in it, and one principal; what is not given is drawn with the world's seed. */
export function registerDirectory(world: World, given: Partial<Directory> = {}, cloud = 'AzureCloud'): Directory {
  const directory = {
    tenantId: world.newId(),
    subscriptionId: world.newId(),
    clientId: world.newId(),
    secret: `${world.newId()}~${world.newId()}`,
    ...given,
  };
  const { tenantId, subscriptionId, clientId, secret } = directory;
  registerTenant(world, { id: tenantId, name: 'Phoenix Rehearsal', cloud });
  registerSubscription(world, { id: subscriptionId, name: 'Rehearsal', tenantId });
  registerPrincipal(world, { tenantId, clientId, secret });
  return directory;
}
