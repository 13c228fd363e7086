import { type ArmError, type ErrorDetail, notFound } from './arm-errors.ts';
import type { Answer, Request } from './http.ts';
import type { Route } from './routes.ts';
import { subscription } from './routes.ts';
import type { World } from './world.ts';

/** A long-running operation, as the asynchronous operations page describes it. */
export interface Operation {
  readonly id: string;
  readonly startedAt: number;
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';
  endedAt?: number;
  result?: unknown;
  error?: ErrorDetail;
  /** Called once, when it has ended: a deployment waits for its resources by this. */
  readonly whenEnded: (() => void)[];
}

export interface Completion {
  /** The operation's own id: Microsoft.Network names it in errors. */
  readonly id: string;
  succeed(result?: unknown): void;
  fail(error: ArmError): void;
  /** Ended by something else than itself; async-operations page: `Canceled` may carry an error too. */
  cancel(error: ArmError): void;
}

/** What the first answer looks like; each resource provider has its habit (azure.md §1, §5). */
export interface Acceptance {
  readonly status: 200 | 201 | 202;
  readonly location: string;
  readonly body?: unknown;
  /** Where the operation's own URLs live; deployments have a place of their own. */
  readonly operationPath?: (id: string) => string;
  /** Where `Location` points, for providers that keep results apart from states. */
  readonly resultPath?: (id: string) => string;
  /** The work itself: it calls back when it has ended, now or later. */
  readonly work: (completion: Completion) => void;
}

/** Starts an operation and answers with its URLs and `Retry-After`. */
export function accept(world: World, request: Request, acceptance: Acceptance): Answer {
  const operation: Operation = { id: world.newId(), startedAt: world.clock.now(), status: 'InProgress', whenEnded: [] };
  world.operations.set(operation.id, operation);
  acceptance.work(completionOf(world, operation));
  const path =
    acceptance.operationPath?.(operation.id) ?? computeOperationPath(request, acceptance.location, operation.id);
  const urlOf = (place: string) => `https://${request.url.host}${place}?api-version=${request.apiVersion}`;
  const resultPath = acceptance.resultPath?.(operation.id);
  const location = resultPath === undefined ? `${urlOf(path)}&monitor=true` : urlOf(resultPath);
  return {
    status: acceptance.status,
    headers: {
      'Azure-AsyncOperation': urlOf(path),
      ...(acceptance.status === 202 && { Location: location }),
      'Retry-After': String(world.settings.retryAfterS),
    },
    ...(acceptance.body !== undefined && { body: acceptance.body }),
  };
}

/** The first ending counts: what a machine says after that changes nothing. */
function completionOf(world: World, operation: Operation): Completion {
  const end = (ending: Pick<Operation, 'status' | 'result' | 'error'>) => {
    if (operation.status !== 'InProgress') return;
    Object.assign(operation, ending, { endedAt: world.clock.now() });
    for (const notify of operation.whenEnded) notify();
  };
  return {
    id: operation.id,
    succeed: (result) => end({ status: 'Succeeded', result }),
    fail: (error) => end({ status: 'Failed', error: error.envelope }),
    cancel: (error) => end({ status: 'Canceled', error: error.envelope }),
  };
}

const computeOperationPath = (request: Request, location: string, id: string) =>
  `/subscriptions/${request.params['subscription']}/providers/Microsoft.Compute/locations/${location}/operations/${id}`;

/** `GET …/operations/:id`: the status document, or with `monitor=true` the Location form (202 until it has ended). */
export function readOperation(world: World, request: Request): Answer {
  const operation = world.operations.get(request.params['id'] ?? '');
  if (!operation) throw notFound('operations', request.params['id'] ?? '');
  const waiting = operation.status === 'InProgress';
  const headers = waiting ? { 'Retry-After': String(world.settings.retryAfterS) } : {};
  if (request.url.searchParams.get('monitor') === 'true') return locationAnswer(operation, waiting, request, headers);
  return { status: 200, headers, body: statusDocument(operation) };
}

function locationAnswer(
  operation: Operation,
  waiting: boolean,
  request: Request,
  headers: Answer['headers'] = {},
): Answer {
  if (waiting) return { status: 202, headers: { ...headers, Location: request.url.href } };
  if (operation.error) return { status: 200, headers, body: { error: operation.error } };
  return { status: 200, headers, ...(operation.result !== undefined && { body: operation.result }) };
}

function statusDocument(operation: Operation) {
  const { id, status, startedAt, endedAt, result, error } = operation;
  return {
    name: id,
    status,
    startTime: new Date(startedAt).toISOString(),
    ...(endedAt !== undefined && { endTime: new Date(endedAt).toISOString() }),
    ...(result !== undefined && { properties: { output: result } }),
    ...(error && { error }),
  };
}

export const routes: readonly Route[] = [
  [
    'GET',
    `${subscription}/providers/Microsoft.Compute/locations/:location/operations/:id`,
    readOperation,
    'https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations',
  ],
];
