import { metadataHost } from '../metadata/header.ts';
import { isResourceManager } from '../sign-in/clouds.ts';
import { ArmError } from './arm-errors.ts';
import type { Answer, Call, Json, Request } from './http.ts';
import { matchRoute, type Route, type Service } from './routes.ts';
import { settle, type World } from './world.ts';

/** What stands between the socket and a handler, for one service: who may ask, how often, in which versions. */
export interface Gate {
  /** Throws an ArmError when the call may not pass. */
  readonly check: (world: World, call: Call) => void;
  readonly routes: readonly Route[];
  /** Adds what every answer of this service carries, errors and planned faults included. */
  readonly finish?: (world: World, call: Call, answer: Answer) => Answer;
}

export type Gates = Readonly<Record<Service, Gate>>;

/** Answers one call. Never throws for the caller's mistakes; a bug in the simulation is a 500 with its stack. */
export function handle(world: World, gates: Gates, call: Call): Answer {
  settle(world);
  const fault = world.faults.next(call);
  const truth = fault?.effect === 'none' ? undefined : answerOf(world, gates, call);
  const said = fault?.reply ?? (fault ? { ...(truth ?? { status: 500 }), lost: true } : truth) ?? { status: 500 };
  const answer = gates[serviceOf(call.url.hostname)].finish?.(world, call, said) ?? said;
  for (const observe of world.observers) observe(call, answer, fault);
  return answer;
}

function answerOf(world: World, gates: Gates, call: Call): Answer {
  try {
    return route(world, gates[serviceOf(call.url.hostname)], call);
  } catch (error) {
    if (error instanceof ArmError) return error.answer;
    return { status: 500, body: { error: { code: 'SimulationDefect', message: String((error as Error).stack) } } };
  }
}

function route(world: World, gate: Gate, call: Call): Answer {
  gate.check(world, call);
  const matched = matchRoute(gate.routes, call.method, call.url.pathname);
  if (!matched) throw noRoute(call);
  return matched.route[2](world, requestOf(call, matched.params));
}

function requestOf(call: Call, params: Request['params']): Request {
  return { ...call, params, apiVersion: call.url.searchParams.get('api-version') ?? '', json: parse(call.body) };
}

function parse(body: string): Json {
  if (body === '') return {};
  try {
    return JSON.parse(body) as Json;
  } catch {
    return {};
  }
}

/** A path that the simulation does not know must be loud: it is a gap in the simulation, not a fact about Azure. */
const noRoute = (call: Call) =>
  new ArmError(404, 'InvalidResourceType', `The simulated Azure has no route ${call.method} ${call.url.pathname}`);

function serviceOf(host: string): Service {
  if (isResourceManager(host)) return 'arm';
  if (host === metadataHost) return 'metadata';
  if (host.startsWith('login.')) return 'login';
  return 'devops';
}
