import { newCertificate } from '../../azure/index.ts';
import type { BadCase } from '../support/case.ts';
import { certify, federate, named } from '../support/connections.ts';
import { trick } from '../support/hostile.ts';
import { clientId, connectionId } from '../support/stage.ts';

const other = '99999999-0000-4000-8000-000000000099';
const task = 'UpgradeScaleSetNodes';

/** What a service connection says of itself, by its kind. */
export const cases: readonly BadCase[] = [
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
];
