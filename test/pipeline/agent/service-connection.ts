/** A service connection as the service hands it to the agent (pipelines.md §5). */
export interface ServiceConnection {
  /** A GUID. */
  readonly id: string;
  /** What a pipeline author writes in the YAML. */
  readonly name: string;
  readonly url: string;
  /** `ServicePrincipal`, `WorkloadIdentityFederation`, `ManagedServiceIdentity`, … */
  readonly scheme: string;
  readonly authorization: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

/** By name or id, whatever the case. */
export function findConnection(all: readonly ServiceConnection[], written: string): ServiceConnection | undefined {
  const wanted = written.trim().toLowerCase();
  return all.find(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted);
}

/** Authorization parameters that the agent does not mask; every other one is a secret (agent: MaskingUtil.cs). */
const unmasked = [
  'role',
  'scope',
  'tenantid',
  'issuedat',
  'expiresat',
  'audience',
  'authenticationtype',
  'authorizationtype',
  'accesstokentype',
  'accesstokenfetchingmethod',
  'usewindowssecurity',
  'unsecured',
  'oauthaccesstokenissupplied',
  'completecallbackpayload',
  'acceptuntrustedcertificates',
];

export function secretsOf({ authorization }: ServiceConnection): readonly string[] {
  return Object.entries(authorization).flatMap(([key, value]) => (unmasked.includes(key.toLowerCase()) ? [] : [value]));
}
