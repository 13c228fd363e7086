import assert from 'node:assert/strict';
import { type EndpointSource, readConnection } from '../../../tasks/common/agent/read-connection.ts';
import { Failure } from '../../../tasks/common/failure.ts';

const id = '5f0e9b1c-0000-4000-a000-000000000001';

interface Endpoint {
  readonly url?: string;
  readonly scheme?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

const principal = { tenantid: 'tenant', serviceprincipalid: 'client', serviceprincipalkey: 's3cret' };
const account = { subscriptionId: 'subscription', subscriptionName: 'Web shop', environment: 'AzureCloud' };
const secretEndpoint: Endpoint = {
  url: 'https://management.azure.com/',
  scheme: 'ServicePrincipal',
  parameters: principal,
  data: account,
};
const job = {
  'System.OidcRequestUri': 'https://dev.azure.com/org/p/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken',
  'System.CollectionUri': 'https://dev.azure.com/org/',
};
const federated: Endpoint = { ...secretEndpoint, scheme: 'WorkloadIdentityFederation', variables: job };

/** Keys are upper-cased on the way to a task, so case does not count. */
function source({ url, scheme, parameters = {}, data = {}, variables = {} }: Endpoint): EndpointSource {
  const find = (values: Readonly<Record<string, string>>, key: string) =>
    Object.entries(values).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  return {
    url: () => url,
    scheme: () => scheme,
    parameter: (of, key) => (of === 'SystemVssConnection' ? 'j0b-token' : find(parameters, key)),
    data: (_id, key) => find(data, key),
    variable: (name) => find(variables, name),
  };
}

const read = (endpoint: Endpoint, masked: string[] = []) =>
  readConnection(source(endpoint), id, (secret) => masked.push(secret));

describe('readConnection', () => {
  it('reads a service principal with a secret, and hides the secret first', () => {
    const masked: string[] = [];
    assert.deepEqual(read(secretEndpoint, masked), {
      id,
      name: `${id} (Web shop)`,
      tenantId: 'tenant',
      clientId: 'client',
      subscriptionId: 'subscription',
      cloud: {
        name: 'AzureCloud',
        resourceManager: 'https://management.azure.com',
        authority: 'https://login.microsoftonline.com',
        audience: 'https://management.azure.com',
      },
      secret: { scheme: 'secret', clientSecret: 's3cret' },
    });
    assert.deepEqual(masked, ['s3cret']);
  });

  it('reads workload identity federation, and hides the token of the job first', () => {
    const masked: string[] = [];
    assert.deepEqual(read(federated, masked).secret, {
      scheme: 'federation',
      oidc: {
        requestUrl: `${job['System.OidcRequestUri']}?api-version=7.1&serviceConnectionId=${id}`,
        accessToken: 'j0b-token',
        collectionHost: 'dev.azure.com',
      },
    });
    assert.deepEqual(masked, ['j0b-token']);
  });

  it('reads a service principal with a certificate, and hides its text first', () => {
    const masked: string[] = [];
    const { serviceprincipalkey: _, ...rest } = principal;
    const parameters = { ...rest, authenticationType: 'spnCertificate', servicePrincipalCertificate: 'PEM text' };
    assert.deepEqual(read({ ...secretEndpoint, parameters }, masked).secret, {
      scheme: 'certificate',
      pem: 'PEM text',
    });
    assert.deepEqual(masked, ['PEM text']);
  });

  const machine = { url: 'https://management.azure.com/', scheme: 'ManagedServiceIdentity', data: account };
  it('reads a managed identity, which needs neither tenant nor client', () => {
    const { tenantId, clientId, secret } = read(machine);
    assert.deepEqual(
      { tenantId, clientId, secret },
      { tenantId: '', clientId: '', secret: { scheme: 'managedIdentity' } },
    );
  });

  it('reads which of several identities of the machine is meant', () => {
    const endpoint = { ...machine, data: { ...account, msiclientId: ' the-one ' }, parameters: { tenantid: 'tenant' } };
    const { tenantId, clientId } = read(endpoint);
    assert.deepEqual({ tenantId, clientId }, { tenantId: 'tenant', clientId: 'the-one' });
  });

  it('takes the subscription of a management group from the input', () => {
    const endpoint = { ...secretEndpoint, data: { ScopeLevel: 'ManagementGroup' } };
    const given = '5f0e9b1c-0000-4000-a000-00000000005b';
    assert.equal(readConnection(source(endpoint), id, () => {}, given).subscriptionId, given);
  });

  it('reads a connection of long ago, which says little', () => {
    const old = { url: 'https://management.chinacloudapi.cn/', scheme: 'ServicePrincipal', parameters: principal };
    const connection = read({ ...old, data: { subscriptionId: 'subscription' } });
    assert.equal(connection.name, id);
    assert.deepEqual(connection.cloud, {
      name: 'AzureChinaCloud',
      resourceManager: 'https://management.chinacloudapi.cn',
      authority: 'https://login.chinacloudapi.cn',
      audience: 'https://management.chinacloudapi.cn',
    });
    assert.equal(read({ ...old, url: 'https://management.azure.com', data: account }).cloud.name, 'AzureCloud');
  });

  it('takes the scheme and the kind of secret in any case', () => {
    const endpoint = {
      ...secretEndpoint,
      scheme: 'SERVICEPRINCIPAL',
      parameters: { ...principal, authenticationType: 'SPNKEY' },
    };
    assert.equal(read(endpoint).secret.scheme, 'secret');
  });

  const clouds = [
    {
      name: 'AzureUSGovernment',
      resourceManager: 'https://management.usgovcloudapi.net',
      authority: 'https://login.microsoftonline.us',
    },
    {
      name: 'AzureChinaCloud',
      resourceManager: 'https://management.chinacloudapi.cn',
      authority: 'https://login.chinacloudapi.cn',
    },
  ];
  for (const cloud of clouds)
    it(`knows the addresses of ${cloud.name} when the connection does not give them`, () => {
      const { url: _, ...endpoint } = { ...secretEndpoint, data: { ...account, environment: cloud.name } };
      assert.deepEqual(read(endpoint).cloud, { ...cloud, audience: cloud.resourceManager });
    });

  it('takes the addresses of the connection before its own, and the audience as it stands', () => {
    const data = {
      ...account,
      environment: 'AzureStack',
      activeDirectoryAuthority: 'https://login.contoso.example/',
      environmentAuthorityUrl: 'https://older.example/',
      activeDirectoryServiceEndpointResourceId: 'https://management.core.windows.net/',
    };
    assert.deepEqual(read({ ...secretEndpoint, url: 'https://management.local.azurestack.external/', data }).cloud, {
      name: 'AzureStack',
      resourceManager: 'https://management.local.azurestack.external',
      authority: 'https://login.contoso.example',
      audience: 'https://management.core.windows.net/',
    });
  });

  it('takes the older name of the sign-in address too', () => {
    const data = { ...account, environmentAuthorityUrl: 'https://login.windows.net/' };
    assert.equal(read({ ...secretEndpoint, data }).cloud.authority, 'https://login.windows.net');
  });

  const refusals: readonly { name: string; endpoint: Endpoint; code: string; says: RegExp; hint: RegExp }[] = [
    {
      name: 'a publish profile',
      endpoint: { ...secretEndpoint, scheme: 'PublishProfile' },
      code: 'UnsupportedSignIn',
      says: /the scheme "PublishProfile"/,
      hint: /a service principal with a certificate, workload identity federation, a managed identity/,
    },
    {
      name: 'a scheme that is not there',
      endpoint: { parameters: principal, data: account },
      code: 'ConnectionNotFound',
      says: /no service connection of that id/,
      hint: /compiled/,
    },
    {
      name: 'a kind of secret that nobody knows',
      endpoint: { ...secretEndpoint, parameters: { ...principal, authenticationType: 'spnPasskey' } },
      code: 'UnsupportedSignIn',
      says: /"spnPasskey"/,
      hint: /Supported/,
    },
    {
      name: 'AD FS',
      endpoint: { ...secretEndpoint, data: { ...account, EnableAdfsAuthentication: 'true' } },
      code: 'UnsupportedSignIn',
      says: /AD FS/,
      hint: /Supported/,
    },
    ...(['tenantid', 'serviceprincipalid', 'serviceprincipalkey'] as const).map((key) => ({
      name: `a connection without ${key}`,
      endpoint: { ...secretEndpoint, parameters: { ...principal, [key]: ' ' } },
      code: 'ConnectionIncomplete',
      says: {
        tenantid: /with a secret\) has no tenant id \(tenantid\)/,
        serviceprincipalid: /no client id \(serviceprincipalid\)/,
        serviceprincipalkey: /no client secret \(serviceprincipalkey\)/,
      }[key],
      hint: /Service connections/,
    })),
    {
      name: 'a connection without subscription',
      endpoint: { ...secretEndpoint, data: {} },
      code: 'ConnectionIncomplete',
      says: /no subscription id/,
      hint: /Service connections/,
    },
    {
      name: 'a connection for a management group without the input',
      endpoint: { ...secretEndpoint, data: { ScopeLevel: 'ManagementGroup', managementGroupName: 'Root' } },
      code: 'InputMissing',
      says: /"subscriptionId" is empty.*Root.*management group/,
      hint: /id of the subscription/,
    },
    {
      name: 'an unknown cloud without addresses',
      endpoint: { ...secretEndpoint, data: { ...account, environment: 'AzureMoonCloud' } },
      code: 'ConnectionIncomplete',
      says: /the cloud "AzureMoonCloud", which this task does not know, and has no sign-in address/,
      hint: /Service connections/,
    },
    {
      name: 'an unknown cloud without any address',
      endpoint: {
        scheme: 'ServicePrincipal',
        parameters: principal,
        data: { ...account, environment: 'AzureGermanCloud' },
      },
      code: 'ConnectionIncomplete',
      says: /the cloud "AzureGermanCloud".*no Resource Manager address/,
      hint: /Service connections/,
    },
    {
      name: 'a certificate that is not there',
      endpoint: { ...secretEndpoint, parameters: { ...principal, authenticationType: 'spnCertificate' } },
      code: 'ConnectionIncomplete',
      says: /with a certificate\) has no certificate \(servicePrincipalCertificate\)/,
      hint: /Service connections/,
    },
    {
      name: 'federation without a tenant',
      endpoint: { ...federated, parameters: { serviceprincipalid: 'client' } },
      code: 'ConnectionIncomplete',
      says: /\(workload identity federation\) has no tenant id/,
      hint: /Service connections/,
    },
    {
      name: 'an address that is not https',
      endpoint: { ...secretEndpoint, url: 'http://management.azure.com/' },
      code: 'ConnectionIncomplete',
      says: /"http:\/\/management\.azure\.com\/" as its Resource Manager address/,
      hint: /https/,
    },
    {
      name: 'federation where the agent hands out no tokens',
      endpoint: { ...federated, variables: {} },
      code: 'ConnectionIncomplete',
      says: /no System\.OidcRequestUri/,
      hint: /Azure DevOps Services/,
    },
  ];
  for (const { name, endpoint, code, says, hint } of refusals)
    it(`refuses ${name}`, () =>
      assert.throws(
        () => read(endpoint),
        (error) => {
          assert.ok(error instanceof Failure);
          assert.equal(error.code, code);
          assert.match(error.message, says);
          assert.match(error.hint, hint);
          assert.doesNotMatch(error.message + error.hint, /s3cret|j0b-token/);
          return true;
        },
      ));
});
