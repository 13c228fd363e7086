import { testSubscription } from '../../azure/compute/builders.ts';
import {
  newCertificate,
  registerJob,
  registerPrincipal,
  registerServiceConnection,
  registerTenant,
} from '../../azure/index.ts';
import type { BadCase } from '../support/case.ts';
import { entra, trick } from '../support/hostile.ts';
import { clientId, connectionId, type Stage, secrets, tenantId } from '../support/stage.ts';

const other = '99999999-0000-4000-8000-000000000099';
const task = 'UpgradeScaleSetNodes';
const connection = new RegExp(`Service connection ${connectionId} \\(shop\\)`);
const named = (pattern: RegExp) => new RegExp(`${connection.source}.*${pattern.source}`);
const token = 'POST login.microsoftonline.com/';

/** The connection signs in by federation, as a job that may use it. */
function federate({ world, endpoint, variables }: Stage): void {
  registerServiceConnection(world, connectionId, clientId);
  const job = registerJob(world, { collectionUri: 'https://dev.azure.com/contoso', connectionIds: [connectionId] });
  endpoint.scheme = 'WorkloadIdentityFederation';
  variables['System.OidcRequestUri'] = job.SYSTEM_OIDCREQUESTURI;
  variables['job token'] = job.accessToken;
}

const certify = (stage: Stage, pem: string) => {
  Object.assign(stage.endpoint.parameters, { authenticationType: 'spnCertificate', servicePrincipalCertificate: pem });
};

/** What the service connection brings, and who it is for Microsoft Entra ID. */
export const cases: readonly BadCase[] = [
  {
    task,
    bad: 'a wrong secret',
    prepare: ({ world }) => void registerPrincipal(world, { tenantId, clientId, secret: 'another' }),
    code: 'SecretWrong',
    says: named(
      /could not sign in by service principal with a secret at https:\/\/login\.microsoftonline\.com: .*AADSTS7000215/,
    ),
    hint: /its value, not its id/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'an expired secret',
    prepare: (stage) =>
      trick(stage, token, entra(7000222, `The provided client secret keys for app '${clientId}' are expired.`)),
    code: 'SecretExpired',
    says: named(/AADSTS7000222: The provided client secret keys for app '22222222-.*' are expired/),
    hint: /create a new one, or convert/,
  },
  {
    task,
    bad: 'a tenant that does not exist',
    prepare: ({ endpoint }) => {
      endpoint.parameters['tenantid'] = other;
    },
    code: 'TenantWrong',
    says: named(/could not sign in/),
    hint: /tenant/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'an application of another tenant',
    prepare: ({ endpoint }) => {
      endpoint.parameters['serviceprincipalid'] = other;
    },
    code: 'TenantWrong',
    says: named(new RegExp(`AADSTS700016: Application with identifier '${other}' was not found`)),
    hint: /client id and tenant id/,
  },
  {
    task,
    bad: 'a subscription of another tenant',
    prepare({ world, endpoint }) {
      registerTenant(world, { id: other, name: 'fabrikam' });
      registerPrincipal(world, { tenantId: other, clientId, secret: secrets.client });
      endpoint.parameters['tenantid'] = other;
    },
    code: 'TenantWrong',
    says: /^Reading scale set shop .*401 InvalidAuthenticationTokenTenant: .*wrong issuer/,
    hint: /another tenant than that of the subscription/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a subscription that nobody here knows',
    prepare: ({ endpoint }) => {
      endpoint.data['subscriptionId'] = other;
    },
    code: 'SubscriptionNotFound',
    says: new RegExp(`404 SubscriptionNotFound: The subscription '${other}' could not be found`),
    hint: /has a role in it/,
  },
  {
    task,
    bad: 'a connection without its secret',
    prepare: ({ endpoint }) => {
      delete endpoint.parameters['serviceprincipalkey'];
    },
    code: 'ConnectionIncomplete',
    says: named(/has no client secret \(serviceprincipalkey\)/),
  },
  {
    task,
    bad: 'a connection without its tenant',
    prepare: ({ endpoint }) => {
      endpoint.parameters['tenantid'] = ' ';
    },
    code: 'ConnectionIncomplete',
    says: named(/has no tenant id \(tenantid\)/),
  },
  {
    task: 'BakeImage',
    bad: 'a connection without a subscription',
    prepare: ({ endpoint }) => {
      delete endpoint.data['subscriptionId'];
    },
    code: 'ConnectionIncomplete',
    says: named(/has no subscription id/),
  },
  {
    task,
    bad: 'a publish profile',
    prepare: ({ endpoint }) => {
      endpoint.scheme = 'PublishProfile';
    },
    code: 'UnsupportedSignIn',
    says: named(/the scheme "PublishProfile"/),
    hint: /workload identity federation/,
  },
  {
    task,
    bad: 'Azure Stack with AD FS',
    prepare: ({ endpoint }) => {
      endpoint.data['EnableAdfsAuthentication'] = 'true';
    },
    code: 'UnsupportedSignIn',
    says: named(/AD FS/),
  },
  {
    task,
    bad: 'an address without encryption',
    prepare: ({ endpoint }) => {
      endpoint.url = 'http://management.azure.com/';
    },
    code: 'ConnectionIncomplete',
    says: named(/has "http:\/\/management\.azure\.com\/" as its Resource Manager address/),
    hint: /https/,
  },
  {
    task,
    bad: 'a cloud that nobody knows, without its addresses',
    prepare({ endpoint }) {
      endpoint.url = '';
      endpoint.data['environment'] = 'AzureGermanCloud';
    },
    code: 'ConnectionIncomplete',
    says: named(/is for the cloud "AzureGermanCloud"/),
  },
  {
    task: 'BakeImage',
    bad: 'a cloud that Packer does not know',
    prepare({ endpoint }) {
      endpoint.data['environment'] = 'AzureStack';
      endpoint.data['activeDirectoryAuthority'] = 'https://login.stack.example/';
    },
    code: 'UnsupportedCloud',
    says: /"AzureStack"/,
  },
  {
    task,
    bad: 'a certificate that is none',
    prepare: (stage) => certify(stage, 'not a certificate'),
    code: 'CertificateUnusable',
    says: named(/its field servicePrincipalCertificate holds no certificate/),
    hint: /Paste the whole PEM/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a certificate without its key',
    prepare: async (stage) => certify(stage, (await newCertificate()).certificate),
    code: 'CertificateUnusable',
    says: named(/holds no private key/),
  },
  {
    task,
    bad: 'a certificate whose time is over',
    async prepare(stage) {
      const { certificate, key } = await newCertificate({ until: '2025-12-31T00:00:00Z' });
      certify(stage, certificate + key);
    },
    code: 'CertificateUnusable',
    says: named(/expired on Dec 31/),
    hint: /new certificate/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'a certificate that nobody registered',
    async prepare(stage) {
      const { certificate, key } = await newCertificate();
      certify(stage, certificate + key);
    },
    code: 'CertificateNotRegistered',
    says: named(/AADSTS700027/),
  },
  {
    task,
    bad: 'federation on an agent that knows no OIDC',
    prepare: ({ endpoint }) => {
      endpoint.scheme = 'WorkloadIdentityFederation';
    },
    code: 'ConnectionIncomplete',
    says: named(/the agent gave no System\.OidcRequestUri/),
  },
  {
    task,
    bad: 'an OIDC address that somebody else set',
    prepare(stage) {
      federate(stage);
      stage.variables['System.OidcRequestUri'] = 'https://dev.azure.com.evil.example/oidctoken';
    },
    code: 'OidcHostRefused',
    says: /https:\/\/dev\.azure\.com\.evil\.example/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a job that may not use the connection',
    prepare(stage) {
      federate(stage);
      stage.world.signIn.jobs.clear();
    },
    code: 'OidcRefused',
    says: new RegExp(`No OIDC token for service connection ${connectionId} \\(shop\\): Azure DevOps answered 401`),
    hint: /allowed to use/,
  },
  {
    task,
    bad: 'a subject that the application does not know',
    prepare(stage) {
      federate(stage);
      const { principals } = stage.world.signIn;
      const principal = principals.get(clientId);
      if (principal?.federation)
        principals.set(clientId, { ...principal, federation: { ...principal.federation, subject: 'another' } });
    },
    code: 'FederationMismatch',
    says: named(/workload identity federation.*AADSTS700213/),
    hint: /subject/,
  },
  {
    task,
    bad: 'conditional access',
    prepare: (stage) => trick(stage, token, entra(53003, 'Access has been blocked by Conditional Access policies.')),
    code: 'SignInRefused',
    says: named(/AADSTS53003/),
    hint: /Conditional access/,
  },
  {
    task,
    bad: 'a refusal of Entra ID that nobody has seen before',
    prepare: (stage) => trick(stage, token, entra(1234567, 'Something new.')),
    code: 'SignInRefused',
    says: named(/AADSTS1234567: Something new/),
    hint: /press Verify/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'a managed identity that the machine has not',
    prepare({ endpoint }) {
      endpoint.scheme = 'ManagedServiceIdentity';
      endpoint.data['msiclientId'] = other;
    },
    code: 'ManagedIdentityRefused',
    says: new RegExp(`no token of the user-assigned identity ${other} \\(msiclientId\\)`),
    hint: /Assign that identity/,
  },
  {
    task,
    bad: 'a managed identity on a hosted agent',
    prepare(stage) {
      stage.endpoint.scheme = 'ManagedServiceIdentity';
      trick(stage, 'GET 169.254.169.254', { socket: 'EHOSTUNREACH' });
    },
    code: 'NoMetadataService',
    says: named(/no metadata service answers at 169\.254\.169\.254/),
    hint: /self-hosted agent/,
  },
  {
    task,
    bad: 'Entra ID that stays unwell',
    prepare: (stage) => trick(stage, token, { status: 503, body: { error: 'temporarily_unavailable' } }),
    code: 'SignInUnavailable',
    says: named(/503/),
  },
  {
    task,
    bad: 'Entra ID that asks to wait for a day',
    prepare: (stage) =>
      trick(stage, token, { status: 429, headers: { 'Retry-After': '86400' }, body: { error: 'throttled' } }),
    code: 'SignInUnavailable',
    says: named(/429/),
  },
  {
    task,
    bad: 'a page in place of Entra ID',
    prepare: (stage) => trick(stage, token, { body: '<html><title>Sign in to the guest network</title></html>' }),
    code: 'AnswerNotJson',
    says: named(/login\.microsoftonline\.com answered 200 with something that is not JSON/),
    hint: /proxy/,
  },
  {
    task,
    bad: 'a subscription that is not made for this cloud',
    prepare({ endpoint }) {
      endpoint.url = '';
      endpoint.data['environment'] = 'AzureUSGovernment';
      endpoint.data['subscriptionId'] = testSubscription;
    },
    code: 'TenantWrong',
    says: named(/login\.microsoftonline\.us/),
    hint: /tenant id and environment/,
  },
];
