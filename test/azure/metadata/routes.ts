import type { Route } from '../core/routes.ts';
import { issueToMachine } from './identity.ts';
import { readInstance, readName } from './instance.ts';
import { approveEvents, readEvents } from './scheduled-events.ts';

const identity =
  'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#get-a-token-using-http';
const instance = 'https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service';
const events = 'https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events';

/** What a machine finds at 169.254.169.254: tokens, itself, and what is about to happen to it. */
export const metadataRoutes: readonly Route[] = [
  ['GET', '/metadata/identity/oauth2/token', issueToMachine, identity],
  ['GET', '/metadata/instance', readInstance, instance],
  ['GET', '/metadata/instance/compute/name', readName, instance],
  ['GET', '/metadata/scheduledevents', readEvents, events],
  ['POST', '/metadata/scheduledevents', approveEvents, events],
];
