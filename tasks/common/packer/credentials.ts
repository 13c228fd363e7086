import { Failure } from '../failure.ts';
import { type Scheme, type ServiceConnection, schemeNames } from '../sign-in/connection.ts';
import type { Credentials } from './environment.ts';

/** Names of clouds that the Azure builder knows (pipelines.md §8). */
const packerClouds: Readonly<Record<string, string>> = {
  azurecloud: 'Public',
  azureusgovernment: 'USGovernment',
  azurechinacloud: 'China',
};

/** What every scheme has in common; a managed identity has no tenant, and a client id only if it is user-assigned. */
export function identity({ cloud, clientId, tenantId, subscriptionId, secret }: ServiceConnection): Credentials {
  const name = packerClouds[cloud.name.toLowerCase()];
  if (name === undefined) throw unknownCloud(cloud.name);
  const common = { subscription_id: subscriptionId, cloud_environment_name: name };
  if (secret.scheme !== 'managedIdentity') return { ...common, client_id: clientId, tenant_id: tenantId };
  return { ...common, ...(clientId !== '' && { client_id: clientId }) };
}

const unknownCloud = (name: string) =>
  new Failure(
    'UnsupportedCloud',
    `The service connection is for the cloud "${name}", which Packer's Azure builder does not know`,
    'Use a connection to AzureCloud, AzureUSGovernment or AzureChinaCloud.',
  );

/** How a build proves who it is without a secret: a token for old builders, an endpoint for those that ask again. */
export interface AssertionProof {
  readonly jwt: string;
  readonly brokerUrl: string;
  readonly brokerToken: string;
}

export const byAssertion = (proof: AssertionProof): Credentials => ({
  client_jwt: proof.jwt,
  oidc_request_url: proof.brokerUrl,
  oidc_request_token: proof.brokerToken,
});

const assertion = [['oidc_request_url', 'oidc_request_token'], ['client_jwt']] as const;

/** The variables that a template must read, by scheme; any one of a row will do. */
const needed: Readonly<Record<Scheme, readonly (readonly string[])[]>> = {
  secret: [['client_secret']],
  certificate: assertion,
  federation: assertion,
  managedIdentity: [['subscription_id']],
};

/**
 * What to tell the author whose template can't sign in with this connection: Packer's own words would be about a
 * missing tenant or a managed identity. Undefined when the template reads what the scheme gives.
 */
export function signInAdvice(templateText: string, scheme: Scheme): string | undefined {
  if (needed[scheme].some((names) => names.every((name) => reads(templateText, name)))) return undefined;
  const names = needed[scheme].map((row) => row.map((name) => `arm_${name}`).join(' and ')).join(', or ');
  return (
    `The template reads none of the credentials of this connection (${schemeNames[scheme]}). ` +
    `HCL2: declare the variables ${names}. JSON: read them from the environment, in capitals.`
  );
}

/** Does the build have to be over within the life of one access token? */
export const isShortLived = (templateText: string, scheme: Scheme) =>
  needed[scheme] === assertion && reads(templateText, 'client_jwt') && !reads(templateText, 'oidc_request_url');

const reads = (templateText: string, name: string) => new RegExp(`\\barm_${name}\\b`, 'i').test(templateText);
