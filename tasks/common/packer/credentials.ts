import { Failure } from '../failure.ts';
import type { ServiceConnection } from '../sign-in/connection.ts';
import type { Credentials } from './environment.ts';

/** Names of clouds that the Azure builder knows (pipelines.md §8). */
const packerClouds: Readonly<Record<string, string>> = {
  azurecloud: 'Public',
  azureusgovernment: 'USGovernment',
  azurechinacloud: 'China',
};

/** What every scheme has in common. */
export function identity(connection: ServiceConnection): Credentials {
  const cloud = packerClouds[connection.cloud.name.toLowerCase()];
  if (cloud === undefined) throw unknownCloud(connection.cloud.name);
  return {
    client_id: connection.clientId,
    tenant_id: connection.tenantId,
    subscription_id: connection.subscriptionId,
    cloud_environment_name: cloud,
  };
}

const unknownCloud = (name: string) =>
  new Failure(
    'UnsupportedCloud',
    `The service connection is for the cloud "${name}", which Packer's Azure builder does not know`,
    'Use a connection to AzureCloud, AzureUSGovernment or AzureChinaCloud.',
  );

/** How a federated build proves who it is: a token for old builders, an endpoint for those that ask again. */
export interface FederatedProof {
  readonly jwt: string;
  readonly brokerUrl: string;
  readonly brokerToken: string;
}

export const federated = (proof: FederatedProof): Credentials => ({
  client_jwt: proof.jwt,
  oidc_request_url: proof.brokerUrl,
  oidc_request_token: proof.brokerToken,
});

/** The variables that a template must read, by scheme; any one of a row will do. */
const needed = {
  secret: [['client_secret']],
  federation: [['oidc_request_url', 'oidc_request_token'], ['client_jwt']],
} as const;

/**
 * What to tell the author whose template can't sign in with this connection: Packer's own words would be about a
 * missing tenant or a managed identity. Undefined when the template reads what the scheme gives.
 */
export function signInAdvice(templateText: string, scheme: 'secret' | 'federation'): string | undefined {
  if (needed[scheme].some((names) => names.every((name) => reads(templateText, name)))) return undefined;
  const names = needed[scheme].map((row) => row.map((name) => `arm_${name}`).join(' and ')).join(', or ');
  return (
    `The template reads none of the credentials of this ${scheme === 'secret' ? 'secret' : 'federated'} connection. ` +
    `HCL2: declare the variables ${names}. JSON: read them from the environment, in capitals.`
  );
}

/** Does a federated build have to be over within the life of one access token? */
export const isShortLived = (templateText: string, scheme: 'secret' | 'federation') =>
  scheme === 'federation' && reads(templateText, 'client_jwt') && !reads(templateText, 'oidc_request_url');

const reads = (templateText: string, name: string) => new RegExp(`\\barm_${name}\\b`, 'i').test(templateText);
