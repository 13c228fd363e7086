import { randomBytes } from 'node:crypto';

/** What the sign-in service and the pipeline service know. Ids are keys in lower case. */
export interface SignInState {
  readonly tenants: Map<string, Tenant>;
  readonly subscriptions: Map<string, Subscription>;
  /** By client id: an application and its service principal in one. */
  readonly principals: Map<string, Principal>;
  readonly connections: Map<string, RegisteredConnection>;
  /** Pipeline jobs by the job's own token, which may ask for OIDC tokens. */
  readonly jobs: Map<string, PipelineJob>;
  /** Runs of pipelines by `organization/project/id`, lower case. */
  readonly builds: Map<string, Build>;
  /** May jobs read the runs of their project? An administrator can deny "View builds" to the build service. */
  jobsSeeBuilds: boolean;
  /** Identities of the virtual machine that the agent runs on, by client id. */
  readonly machine: MachineIdentities;
  /** OIDC tokens and certificate assertions that have been exchanged, as `{jti} {audience}`. */
  readonly usedAssertions: Set<string>;
  /** Signs what this world issues, so that a token made up elsewhere is refused. */
  readonly signingKey: Buffer;
  /** Seconds that access tokens live; a test shortens them to see a client ask again. */
  accessTokenLifeS: number;
  /** Seconds that tokens of managed identities live, a day. */
  identityTokenLifeS: number;
  /** Seconds that OIDC tokens of the pipeline service live (pipelines.md §7). */
  oidcTokenLifeS: number;
  /** May an OIDC token be exchanged again for the same audience? Entra tolerates it; a product that relies on it breaks. */
  oidcTokenReuse: 'refused' | 'tolerated';
}

export interface Tenant {
  readonly id: string;
  readonly name: string;
  /** `AzureUSGovernment`, …; AzureCloud when not given. */
  readonly cloud?: string;
}

export interface Subscription {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
}

export interface Principal {
  readonly tenantId: string;
  readonly clientId: string;
  readonly objectId: string;
  /** Undefined for a principal that can only sign in by federation. */
  readonly secret?: string;
  /** Certificates registered on the application, as PEM, without their keys. */
  readonly certificates?: readonly string[];
  /** Who may stand for this principal: issuer and subject of an OIDC token. */
  readonly federation?: Federation;
}

export interface MachineIdentities {
  systemAssigned?: string;
  readonly userAssigned: Set<string>;
}

export interface Federation {
  readonly issuer: string;
  readonly subject: string;
  /** The header `x5t`: tokens of the older issuer have it, and older clients such as Packer 1.6 insist on it. */
  readonly thumbprint?: string;
}

export interface RegisteredConnection {
  readonly id: string;
  readonly federation: Federation;
}

export interface PipelineJob {
  readonly accessToken: string;
  /** Path of the request URI, in lower case and without query; with `allJobs` what the paths of all jobs begin with. */
  readonly requestPath: string;
  /** The token stands for every job of a project, as a player hands one out that makes up the ids of its jobs. */
  readonly allJobs?: boolean;
  /** Connections that this job has been allowed to use, lower case. */
  readonly connectionIds: Set<string>;
}

/** A run of a pipeline: the words of BuildStatus and BuildResult. */
export interface Build {
  readonly id: number;
  readonly buildNumber: string;
  readonly status: 'notStarted' | 'postponed' | 'inProgress' | 'cancelling' | 'completed';
  /** Once it is completed. */
  readonly result?: 'succeeded' | 'partiallySucceeded' | 'failed' | 'canceled';
}

/** A directory in which nobody is registered. */
export function emptySignInState(): SignInState {
  return {
    tenants: new Map(),
    subscriptions: new Map(),
    principals: new Map(),
    connections: new Map(),
    jobs: new Map(),
    builds: new Map(),
    jobsSeeBuilds: true,
    machine: { userAssigned: new Set() },
    usedAssertions: new Set(),
    signingKey: randomBytes(32),
    accessTokenLifeS: 3600,
    identityTokenLifeS: 86_400,
    oidcTokenLifeS: 600,
    oidcTokenReuse: 'refused',
  };
}
