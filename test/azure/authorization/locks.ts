import { ArmError, badRequest } from '../core/arm-errors.ts';
import { type Call, created, type Json, noContent, ok, type Request } from '../core/http.ts';
import { keyOf } from '../core/ids.ts';
import { at, text } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { Lock, LockLevel } from './state.ts';

/** Locks a scope, as somebody did long ago. */
export function addLock(world: World, scope: string, level: LockLevel, name = 'lock'): Lock {
  const lock = { id: `${scope}/providers/Microsoft.Authorization/locks/${name}`, name, scope, level };
  world.authorization.locks.set(keyOf(lock.id), lock);
  return lock;
}

/** Throws 409 when a lock forbids this call. Locks themselves are never locked. */
export function checkLocks(world: World, { method, url }: Call): void {
  const path = decodeURIComponent(url.pathname);
  if (method === 'GET' || method === 'HEAD' || /\/providers\/Microsoft\.Authorization\//i.test(path)) return;
  const deletes = method === 'DELETE' || isDeletion(method, path);
  const scope = method === 'POST' ? path.slice(0, path.lastIndexOf('/')) : path;
  const forbidding = [...world.authorization.locks.values()].filter((lock) =>
    isWithin(scope, lock.scope) ? deletes || lock.level === 'ReadOnly' : deletes && isWithin(lock.scope, scope),
  );
  if (forbidding.length > 0) throw locked(scope, deletes ? 'delete' : 'write', forbidding);
}

/** Instances are deleted by an action of their set (azure.md §16). */
const isDeletion = (method: string, path: string) =>
  method === 'POST' && /\/virtualMachineScaleSets\/[^/]+\/delete$/i.test(path);

const isWithin = (scope: string, outer: string) => `${keyOf(scope)}/`.startsWith(`${keyOf(outer)}/`);

const lockPath = /^(.*)\/providers\/Microsoft\.Authorization\/locks(?:\/([^/]+))?$/i;

function parts(request: Request): { readonly scope: string; readonly name: string } {
  const [, scope = '', name = ''] = lockPath.exec(decodeURIComponent(request.url.pathname)) ?? [];
  return { scope, name };
}

/** With `$filter=atScope()` the locks of the scope and above it; without, those below as well. */
export function listLocks(world: World, request: Request) {
  const { scope } = parts(request);
  const atScope = /^atScope\(\)$/i.test(request.url.searchParams.get('$filter') ?? '');
  const found = [...world.authorization.locks.values()].filter(
    (lock) => isWithin(scope, lock.scope) || (!atScope && isWithin(lock.scope, scope)),
  );
  return ok({ value: found.map(body) });
}

export function getLock(world: World, request: Request) {
  return ok(body(findLock(world, request)));
}

export function putLock(world: World, request: Request) {
  const { scope, name } = parts(request);
  const level = at(request.json, 'properties', 'level');
  if (level !== 'CanNotDelete' && level !== 'ReadOnly')
    throw badRequest(`The lock level '${String(level)}' is invalid. Supported values are 'CanNotDelete', 'ReadOnly'.`);
  const notes = text(at(request.json, 'properties', 'notes'));
  const isNew = !world.authorization.locks.has(keyOf(request.url.pathname));
  const lock = { ...addLock(world, scope, level, name), ...(notes !== undefined && { notes }) };
  world.authorization.locks.set(keyOf(lock.id), lock);
  return isNew ? created(body(lock)) : ok(body(lock));
}

export function deleteLock(world: World, request: Request) {
  const existed = world.authorization.locks.delete(keyOf(decodeURIComponent(request.url.pathname)));
  return existed ? { status: 200 } : noContent();
}

function findLock(world: World, request: Request): Lock {
  const { scope, name } = parts(request);
  const lock = world.authorization.locks.get(keyOf(`${scope}/providers/Microsoft.Authorization/locks/${name}`));
  if (lock) return lock;
  throw new ArmError(404, 'LockNotFound', `The lock '${name}' could not be found.`);
}

const body = ({ id, name, level, notes }: Lock): Json => ({
  id,
  name,
  type: 'Microsoft.Authorization/locks',
  properties: { level, ...(notes !== undefined && { notes }) },
});

const locked = (scope: string, operation: 'write' | 'delete', locks: readonly Lock[]) =>
  new ArmError(
    409,
    'ScopeLocked',
    `The scope '${scope}' cannot perform ${operation} operation because following scope(s) are locked: '${locks.map((lock) => lock.scope).join(',')}'. Please remove the lock and try again.`,
  );
