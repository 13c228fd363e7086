import type { Directory } from '../azure/index.ts';
import type { ServiceConnection } from '../pipeline/play.ts';

/** A service connection with workload identity federation, as the service hands it to the agent: no secret anywhere. */
export function federatedConnection(
  id: string,
  name: string,
  { tenantId, clientId, subscriptionId }: Omit<Directory, 'secret'>,
): ServiceConnection {
  return {
    id,
    name,
    url: 'https://management.azure.com/',
    scheme: 'WorkloadIdentityFederation',
    authorization: { tenantid: tenantId, serviceprincipalid: clientId },
    data: {
      environment: 'AzureCloud',
      scopeLevel: 'Subscription',
      subscriptionId,
      subscriptionName: 'Rehearsal',
      activeDirectoryAuthority: 'https://login.microsoftonline.com/',
      activeDirectoryServiceEndpointResourceId: 'https://management.azure.com/',
    },
  };
}
