import { ArmError } from '../core/arm-errors.ts';
import { type Call, type Json, ok, type Request } from '../core/http.ts';
import type { World } from '../core/world.ts';
import { readJwt } from '../sign-in/jwt.ts';
import { needOf } from './actions.ts';
import type { Assignment } from './state.ts';

/** Lets a principal do only this; without it a principal of the tenant may do everything. */
export function restrictPrincipal(world: World, clientId: string, assignments: readonly Assignment[]): void {
  const principal = world.signIn.principals.get(clientId.toLowerCase());
  if (!principal) throw new Error(`No principal ${clientId} is registered.`);
  world.authorization.assignments.set(principal.objectId.toLowerCase(), assignments);
}

/** Throws 403 when the caller lacks an action that this call needs. */
export function checkRights(world: World, call: Call): void {
  const need = needOf(call);
  const caller = callerOf(world, call);
  if (!need || !caller.assignments) return;
  for (const action of need.actions) {
    const held = caller.assignments.filter(({ scope }) =>
      isPolling(action) ? isWide(scope) : covers(scope, need.scope),
    );
    if (!held.some((assignment) => allows(assignment, action))) throw unauthorized(caller, action, need.scope);
  }
}

/** GET {scope}/providers/Microsoft.Authorization/permissions: what the caller may do there. */
export function listPermissions(world: World, request: Request) {
  const { assignments } = callerOf(world, request);
  const scope = request.url.pathname.replace(/\/providers\/Microsoft\.Authorization\/permissions$/i, '');
  const held = assignments?.filter((assignment) => covers(assignment.scope, decodeURIComponent(scope)));
  return ok({ value: (held ?? [{ actions: ['*'] }]).map(permission) });
}

const permission = ({ actions, notActions = [] }: Pick<Assignment, 'actions' | 'notActions'>): Json => ({
  actions,
  notActions,
  dataActions: [],
  notDataActions: [],
});

interface Caller {
  readonly clientId: string;
  readonly objectId: string;
  readonly assignments: readonly Assignment[] | undefined;
}

function callerOf(world: World, call: Call): Caller {
  const token = /^Bearer (.+)$/i.exec(call.headers['authorization'] ?? '')?.[1] ?? '';
  const claims = readJwt(world, token);
  const objectId = String(claims?.['oid'] ?? '');
  const assignments = world.authorization.assignments.get(objectId.toLowerCase());
  return { clientId: String(claims?.['appid'] ?? ''), objectId, assignments };
}

/** Operations lie in the subscription; a right to follow them counts from the resource group on. */
const isPolling = (action: string) =>
  /^Microsoft\.\w+\/locations\/(operations|operationResults|capsOperations|diskOperations)\/read$/i.test(action);

/** A group or a subscription, no resource (async-operations page: permission for tracking async status). */
const isWide = (scope: string) => !/\/providers\//i.test(scope);

const covers = (scope: string, target: string) => `${target}/`.toLowerCase().startsWith(`${scope}/`.toLowerCase());

function allows({ actions, notActions = [] }: Assignment, action: string): boolean {
  const named = (pattern: string) => new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`, 'i').test(action);
  return actions.some(named) && !notActions.some(named);
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const unauthorized = ({ clientId, objectId }: Caller, action: string, scope: string) =>
  new ArmError(
    403,
    'AuthorizationFailed',
    `The client '${clientId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
