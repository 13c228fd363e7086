import {
  type NewCertificate,
  registerCertificate,
  registerMachineIdentity,
  registerPrincipal,
  registerServiceConnection,
  type World,
} from '../../azure/index.ts';

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const clientId = '22222222-2222-4222-8222-222222222222';
export const connectionId = '33333333-3333-4333-8333-333333333333';

/** The part of a service connection that says how it signs in. */
export interface Account {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string>>;
  /** By what they are. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface Way {
  readonly name: string;
  /** Where a token comes from: what is counted. */
  readonly tokensFrom: 'Entra ID' | 'the machine';
  /** Makes the identity known to the simulated Azure, and gives the connection that stands for it. */
  readonly register: (world: World, certificate: NewCertificate) => Account;
}

const principal = { serviceprincipalid: clientId, tenantid: tenantId };
const secret = 'Q~8/client+secret=that%nobody&may see';

const bySecret: Way = {
  name: 'a secret',
  tokensFrom: 'Entra ID',
  register(world) {
    registerPrincipal(world, { tenantId, clientId, secret });
    const parameters = { ...principal, authenticationType: 'spnKey', serviceprincipalkey: secret };
    return { scheme: 'ServicePrincipal', parameters, secrets: { 'client secret': secret } };
  },
};

const byCertificate: Way = {
  name: 'a certificate',
  tokensFrom: 'Entra ID',
  register(world, { certificate, key }) {
    registerPrincipal(world, { tenantId, clientId });
    registerCertificate(world, clientId, certificate);
    const pem = { servicePrincipalCertificate: `${certificate}${key}` };
    const parameters = { ...principal, authenticationType: 'spnCertificate', ...pem };
    return { scheme: 'ServicePrincipal', parameters, secrets: { 'key of the certificate': key } };
  },
};

const byFederation = (kind: 'since2025' | 'before2025'): Way => ({
  name: kind === 'since2025' ? 'federation' : 'federation of before 2025',
  tokensFrom: 'Entra ID',
  register(world) {
    registerPrincipal(world, { tenantId, clientId });
    const { issuer, subject } = registerServiceConnection(world, connectionId, clientId, kind);
    const known = { workloadIdentityFederationIssuer: issuer, workloadIdentityFederationSubject: subject };
    return { scheme: 'WorkloadIdentityFederation', parameters: { ...principal, ...known }, secrets: {} };
  },
});

const byMachine = (kind: 'systemAssigned' | 'userAssigned'): Way => ({
  name: kind === 'systemAssigned' ? 'the identity of the system' : 'an identity of the user',
  tokensFrom: 'the machine',
  register(world) {
    registerMachineIdentity(world, kind, { tenantId, clientId });
    const other = { tenantId, clientId: clientId.replaceAll('2', '5') };
    if (kind === 'userAssigned') registerMachineIdentity(world, 'userAssigned', other);
    const data = kind === 'userAssigned' ? { msiclientId: clientId } : {};
    return { scheme: 'ManagedServiceIdentity', parameters: { tenantid: tenantId }, data, secrets: {} };
  },
});

export const ways = {
  secret: bySecret,
  certificate: byCertificate,
  federation: byFederation('since2025'),
  olderFederation: byFederation('before2025'),
  systemIdentity: byMachine('systemAssigned'),
  userIdentity: byMachine('userAssigned'),
} as const;
