import type { Answer, Request } from '../core/http.ts';
import { regionKey } from '../core/ids.ts';
import { accept, type Completion, readOperation } from '../core/operations.ts';
import { type Route, subscription } from '../core/routes.ts';
import { later, type World } from '../core/world.ts';

const page = 'https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations';

/** How long small work takes (a network resource, a group, a disk). Nothing is documented; clients may not rely on it. */
const briefMs = 1000;

/** Work that ends by itself in a moment. */
export function briefWork(world: World, end: () => unknown, ms = briefMs): (completion: Completion) => void {
  return (completion) => later(world, ms, () => completion.succeed(end()));
}

/** Where the operations of a resource provider live: `…/providers/Microsoft.Network/locations/{l}/operations/{id}`. */
export const operationPathOf =
  (request: Request, provider: string, location: string, place = 'operations') =>
  (id: string) =>
    `/subscriptions/${request.params['subscription']}/providers/${provider}/locations/${regionKey(location)}/${place}/${id}`;

/** Microsoft.Network keeps states and results in two places (load-balancer-manage-health-status). */
export const networkPaths = (request: Request, location: string) => ({
  operationPath: operationPathOf(request, 'Microsoft.Network', location),
  resultPath: operationPathOf(request, 'Microsoft.Network', location, 'operationResults'),
});

/** 202 with Location alone, as ARM itself answers the deletion of a group or a deployment. */
export function acceptByLocation(world: World, request: Request, work: (completion: Completion) => void): Answer {
  const operationPath = (id: string) => `/subscriptions/${request.params['subscription']}/operationresults/${id}`;
  const { headers = {} } = accept(world, request, { status: 202, location: '', operationPath, work });
  const { 'Azure-AsyncOperation': Location = '', 'Retry-After': retryAfter = '' } = headers;
  return { status: 202, headers: { Location, 'Retry-After': retryAfter } };
}

/** `GET …/operationresults/:id`: 202 until it has ended, then the result. */
function readResult(world: World, request: Request): Answer {
  const url = new URL(request.url);
  url.searchParams.set('monitor', 'true');
  return readOperation(world, { ...request, url });
}

export const routes: readonly Route[] = [
  ['GET', `${subscription}/providers/Microsoft.Network/locations/:location/operations/:id`, readOperation, page],
  ['GET', `${subscription}/providers/Microsoft.Network/locations/:location/operationResults/:id`, readResult, page],
  ['GET', `${subscription}/providers/Microsoft.Compute/locations/:location/DiskOperations/:id`, readOperation, page],
  ['GET', `${subscription}/providers/Microsoft.Compute/locations/:location/capsOperations/:id`, readOperation, page],
  ['GET', `${subscription}/operationresults/:id`, readResult, page],
];
