import { registerJob, registerServiceConnection } from '../../azure/index.ts';
import { clientId, connectionId, type Stage } from './stage.ts';

/** A message about the connection of the stage, by the name under which people know it. */
export const named = (pattern: RegExp) =>
  new RegExp(`Service connection ${connectionId} \\(shop\\).*${pattern.source}`);

/** The connection signs in by federation, as a job that may use it. */
export function federate({ world, endpoint, variables }: Stage): void {
  registerServiceConnection(world, connectionId, clientId);
  const job = registerJob(world, { collectionUri: 'https://dev.azure.com/contoso', connectionIds: [connectionId] });
  endpoint.scheme = 'WorkloadIdentityFederation';
  variables['System.OidcRequestUri'] = job.SYSTEM_OIDCREQUESTURI;
  variables['job token'] = job.accessToken;
}

/** It signs in by a certificate. */
export const certify = (stage: Stage, pem: string) => {
  Object.assign(stage.endpoint.parameters, { authenticationType: 'spnCertificate', servicePrincipalCertificate: pem });
};
