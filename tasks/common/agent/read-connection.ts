import { Failure } from '../failure.ts';
import { cloudNamed, cloudOfAddress } from '../sign-in/clouds.ts';
import {
  type Cloud,
  type OidcEndpoint,
  type Scheme,
  type ServiceConnection,
  type SignInSecret,
  schemeNames,
} from '../sign-in/connection.ts';
import { chooseSubscription } from '../sign-in/subscription.ts';
import { harmlessLine } from './harmless.ts';

/** What the agent knows of one endpoint (pipelines.md §5); task-lib behind it in a task, a plain object in a test. */
export interface EndpointSource {
  /** The connection's name, `ENDPOINT_DATA_…` and friends by key; undefined or empty when it is not there. */
  url(id: string): string | undefined;
  scheme(id: string): string | undefined;
  parameter(id: string, key: string): string | undefined;
  data(id: string, key: string): string | undefined;
  variable(name: string): string | undefined;
}

/** Reads a service connection and registers its secrets before anybody can print them. */
export function readConnection(
  source: EndpointSource,
  id: string,
  mask: (secret: string) => void,
  subscriptionId?: string,
): ServiceConnection {
  const reader = endpointReader(source, id);
  const secret = readSecret(source, reader, mask);
  return {
    id,
    name: reader.name,
    ...readIdentity(reader, secret.scheme),
    subscriptionId: chooseSubscription({
      name: reader.name,
      scopeLevel: reader.data('ScopeLevel'),
      own: reader.data('subscriptionId'),
      given: subscriptionId,
    }),
    cloud: readCloud(reader),
    secret,
  };
}

type EndpointReader = ReturnType<typeof endpointReader>;

function endpointReader(source: EndpointSource, id: string) {
  // The agent passes no display name of an endpoint to a task; the subscription's name is what people recognise.
  const data = (key: string) => source.data(id, key)?.trim() || undefined;
  const label = data('subscriptionName') ?? data('managementGroupName');
  const name = label ? `${id} (${label})` : id;
  const missing = (what: string): never => {
    throw new Failure('ConnectionIncomplete', `Service connection ${name} ${what}`, hints.incomplete);
  };
  return {
    id,
    name,
    missing,
    data,
    scheme: source.scheme(id),
    url: source.url(id),
    /** A field that this scheme cannot do without, by its key and in the words of the settings page. */
    parameter: (key: string, what: string, scheme: Scheme) =>
      source.parameter(id, key)?.trim() || missing(`(${schemeNames[scheme]}) has no ${what} (${key})`),
    optional: (key: string) => source.parameter(id, key)?.trim() || undefined,
  };
}

/** A managed identity belongs to the machine: of the connection it needs a client id alone, and that only of several. */
function readIdentity(reader: EndpointReader, scheme: Scheme): Pick<ServiceConnection, 'tenantId' | 'clientId'> {
  if (scheme === 'managedIdentity')
    return { tenantId: reader.optional('tenantid') ?? '', clientId: reader.data('msiclientId') ?? '' };
  return {
    tenantId: reader.parameter('tenantid', 'tenant id', scheme),
    clientId: reader.parameter('serviceprincipalid', 'client id', scheme),
  };
}

/** An unknown scheme fails closed: falling through to the secret is how other tasks ended in "ClientSecretCredential: … required". */
function readSecret(source: EndpointSource, reader: EndpointReader, mask: (secret: string) => void): SignInSecret {
  switch (reader.scheme?.toLowerCase()) {
    case 'serviceprincipal':
      return readServicePrincipal(reader, mask);
    case 'workloadidentityfederation':
      return { scheme: 'federation', oidc: readOidc(source, reader, mask) };
    case 'managedserviceidentity':
      return { scheme: 'managedIdentity' };
    case undefined:
    case '':
      throw notGiven(reader.id);
    default:
      throw unsupported(reader.name, `the scheme "${reader.scheme}"`);
  }
}

/** Connections older than certificates have no authentication type: theirs is a secret. */
function readServicePrincipal(reader: EndpointReader, mask: (secret: string) => void): SignInSecret {
  const kind = reader.optional('authenticationType') ?? 'spnKey';
  switch (kind.toLowerCase()) {
    case 'spnkey': {
      const clientSecret = reader.parameter('serviceprincipalkey', 'client secret', 'secret');
      mask(clientSecret);
      return { scheme: 'secret', clientSecret };
    }
    case 'spncertificate': {
      const pem = reader.parameter('servicePrincipalCertificate', 'certificate', 'certificate');
      mask(pem);
      return { scheme: 'certificate', pem };
    }
    default:
      throw unsupported(reader.name, `authentication type "${kind}"`);
  }
}

function readOidc(source: EndpointSource, reader: EndpointReader, mask: (secret: string) => void): OidcEndpoint {
  const uri = source.variable('System.OidcRequestUri')?.trim();
  const accessToken = source.parameter('SystemVssConnection', 'AccessToken');
  if (!uri || !accessToken)
    throw noOidc(reader.name, uri ? "the job's access token (SystemVssConnection)" : 'System.OidcRequestUri');
  mask(accessToken);
  const collection = source.variable('System.CollectionUri') ?? '';
  return {
    requestUrl: `${uri}?api-version=7.1&serviceConnectionId=${encodeURIComponent(reader.id)}`,
    accessToken,
    ...(URL.canParse(collection) && { collectionHost: new URL(collection).hostname }),
  };
}

const noOidc = (name: string, what: string) =>
  new Failure(
    'ConnectionIncomplete',
    `Service connection ${name} uses workload identity federation, but the agent gave no ${what}`,
    hints.oidc,
  );

function readCloud(reader: EndpointReader): Cloud {
  if (reader.data('EnableAdfsAuthentication')?.toLowerCase() === 'true')
    throw unsupported(reader.name, 'AD FS (Azure Stack Hub)');
  const name = reader.data('environment') ?? cloudOfAddress(reader.url);
  const known = cloudNamed(name);
  const authority = reader.data('activeDirectoryAuthority') ?? reader.data('environmentAuthorityUrl');
  const address = (what: string, value: string | undefined) => httpsAddress(reader, name, what, value);
  const resourceManager = address('Resource Manager address (url)', reader.url || known?.resourceManager);
  return {
    name,
    resourceManager,
    authority: address('sign-in address (activeDirectoryAuthority)', authority ?? known?.authority),
    // As it stands: Microsoft's own value ends in a slash, and the token's scope needs it (`…//.default`).
    audience: reader.data('activeDirectoryServiceEndpointResourceId') ?? resourceManager,
  };
}

/** Only https: a token never travels in clear. */
function httpsAddress(reader: EndpointReader, cloud: string, what: string, value: string | undefined): string {
  if (!value) return reader.missing(`is for the cloud "${cloud}", which this task does not know, and has no ${what}`);
  if (URL.canParse(value) && new URL(value).protocol === 'https:') return value.replace(/\/+$/, '');
  throw new Failure(
    'ConnectionIncomplete',
    `Service connection ${reader.name} has "${value}" as its ${what}`,
    hints.https,
  );
}

/** The agent hands a job the connections that its steps name where the pipeline is compiled, and no others. */
const notGiven = (id: string) =>
  new Failure(
    'ConnectionNotFound',
    `Input "azureSubscription" is "${harmlessLine(id, 200)}", but the agent gave this job no service connection of that id`,
    'Write the name of an Azure Resource Manager connection of this project where the pipeline is compiled: in the YAML, by a template parameter or a variable that is set in the YAML, and not one that a step sets.',
  );

const unsupported = (name: string, what: string) =>
  new Failure(
    'UnsupportedSignIn',
    `Service connection ${name} signs in with ${what}, which this task does not support`,
    `Supported: a ${Object.values(schemeNames).join(', a ').replace('a workload', 'workload')}. Convert the connection to workload identity federation in Project settings > Service connections.`,
  );

const hints = {
  incomplete: 'Open it in Project settings > Service connections, complete it and save it with Verify.',
  oidc: 'Run in Azure DevOps Services on an up-to-date agent, or use a connection with a secret.',
  https: 'It must be an https address; correct the connection in Project settings > Service connections.',
} as const;
