import { Failure } from '../failure.ts';
import { cloudDefaults } from '../sign-in/clouds.ts';
import type { Cloud, OidcEndpoint, ServiceConnection, SignInSecret } from '../sign-in/connection.ts';

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
export function readConnection(source: EndpointSource, id: string, mask: (secret: string) => void): ServiceConnection {
  const reader = endpointReader(source, id);
  const secret = readSecret(source, reader, mask);
  return {
    id,
    name: reader.name,
    tenantId: reader.parameter('tenantid', 'tenant id'),
    clientId: reader.parameter('serviceprincipalid', 'client id'),
    subscriptionId: reader.subscription(),
    cloud: readCloud(reader),
    secret,
  };
}

type EndpointReader = ReturnType<typeof endpointReader>;

function endpointReader(source: EndpointSource, id: string) {
  // The agent passes no display name of an endpoint to a task; the subscription's name is what people recognise.
  const label = source.data(id, 'subscriptionName');
  const name = label ? `${id} (${label})` : id;
  const missing = (what: string): never => {
    throw new Failure('ConnectionIncomplete', `Service connection ${name} has no ${what}`, hints.incomplete);
  };
  return {
    id,
    name,
    missing,
    scheme: source.scheme(id),
    url: source.url(id),
    parameter: (key: string, what: string) => source.parameter(id, key)?.trim() || missing(what),
    optional: (key: string) => source.parameter(id, key) || undefined,
    data: (key: string) => source.data(id, key)?.trim() || undefined,
    subscription() {
      const scope = source.data(id, 'ScopeLevel');
      const subscription = source.data(id, 'subscriptionId')?.trim();
      if (subscription) return subscription;
      if (scope && scope.toLowerCase() !== 'subscription') return refuseScope(name, scope);
      return missing('subscription id');
    },
  };
}

function refuseScope(name: string, scope: string): never {
  const message = `Service connection ${name} is made for the scope ${scope}, which names no subscription`;
  throw new Failure('ConnectionIncomplete', message, 'Use a service connection with the scope level Subscription.');
}

/** An unknown scheme fails closed: falling through to the secret is how other tasks ended in "ClientSecretCredential: … required". */
function readSecret(source: EndpointSource, reader: EndpointReader, mask: (secret: string) => void): SignInSecret {
  switch (reader.scheme?.toLowerCase()) {
    case 'serviceprincipal':
      return readServicePrincipal(reader, mask);
    case 'workloadidentityfederation':
      return { scheme: 'federation', oidc: readOidc(source, reader, mask) };
    case 'managedserviceidentity':
      throw unsupported(reader.name, 'a managed identity of the agent machine', hints.managedIdentity);
    default:
      throw unsupported(reader.name, `the scheme "${reader.scheme ?? ''}"`, hints.supported);
  }
}

function readServicePrincipal(reader: EndpointReader, mask: (secret: string) => void): SignInSecret {
  const kind = reader.optional('authenticationType') ?? 'spnKey';
  if (kind.toLowerCase() === 'spncertificate') throw unsupported(reader.name, 'a certificate', hints.certificate);
  if (kind.toLowerCase() !== 'spnkey') throw unsupported(reader.name, `authentication type "${kind}"`, hints.supported);
  const clientSecret = reader.parameter('serviceprincipalkey', 'client secret');
  mask(clientSecret);
  return { scheme: 'secret', clientSecret };
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
  if (reader.data('EnableAdfsAuthentication')?.toLowerCase() === 'true') {
    throw unsupported(reader.name, 'AD FS (Azure Stack Hub)', hints.supported);
  }
  const name = reader.data('environment') ?? 'AzureCloud';
  const defaults = cloudDefaults[name.toLowerCase()];
  const resourceManager = address(reader, 'Resource Manager address', reader.url || defaults?.resourceManager);
  const authority =
    reader.data('activeDirectoryAuthority') ?? reader.data('environmentAuthorityUrl') ?? defaults?.authority;
  return {
    name,
    resourceManager,
    authority: address(reader, 'sign-in address', authority),
    // As it stands: Microsoft's own value ends in a slash, and the token's scope needs it (`…//.default`).
    audience: reader.data('activeDirectoryServiceEndpointResourceId') ?? resourceManager,
  };
}

/** Only https: a token never travels in clear. */
function address(reader: EndpointReader, what: string, value: string | undefined): string {
  if (!value) return reader.missing(what);
  if (URL.canParse(value) && new URL(value).protocol === 'https:') return value.replace(/\/+$/, '');
  throw new Failure(
    'ConnectionIncomplete',
    `Service connection ${reader.name} has "${value}" as its ${what}`,
    hints.https,
  );
}

const unsupported = (name: string, what: string, hint: string) =>
  new Failure(
    'UnsupportedSignIn',
    `Service connection ${name} signs in with ${what}, which this task does not support`,
    hint,
  );

const supported = 'Supported: a service principal with a secret, and workload identity federation.';
const hints = {
  supported,
  certificate: `${supported} Convert the connection to workload identity federation in Project settings > Service connections.`,
  managedIdentity: `${supported} A user-assigned identity also works through workload identity federation.`,
  incomplete: 'Open it in Project settings > Service connections, complete it and save it with Verify.',
  oidc: 'Run in Azure DevOps Services on an up-to-date agent, or use a connection with a secret.',
  https: 'It must be an https address; correct the connection in Project settings > Service connections.',
} as const;
