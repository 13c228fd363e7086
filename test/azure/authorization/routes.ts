import { group, type Route, subscription } from '../core/routes.ts';
import { listPermissions } from './assignments.ts';
import { deleteLock, getLock, listLocks, putLock } from './locks.ts';

const rest = 'https://learn.microsoft.com/rest/api/resources/management-locks';
const permissionPages = 'https://learn.microsoft.com/rest/api/authorization/permissions';

const resource = `${group}/providers/:provider/:type1/:name1`;
/** A resource in a group, and one and two levels below it: what a right or a lock may be asked for. */
const resources = [resource, `${resource}/:type2/:name2`, `${resource}/:type2/:name2/:type3/:name3`];

const lockRoutes = (scope: string): readonly Route[] => [
  ['GET', `${scope}/providers/Microsoft.Authorization/locks`, listLocks, `${rest}/list-by-scope`],
  ['GET', `${scope}/providers/Microsoft.Authorization/locks/:lock`, getLock, `${rest}/get-by-scope`],
  ['PUT', `${scope}/providers/Microsoft.Authorization/locks/:lock`, putLock, `${rest}/create-or-update-by-scope`],
  ['DELETE', `${scope}/providers/Microsoft.Authorization/locks/:lock`, deleteLock, `${rest}/delete-by-scope`],
];

const permissionRoute = (scope: string, page: string): Route => [
  'GET',
  `${scope}/providers/Microsoft.Authorization/permissions`,
  listPermissions,
  `${permissionPages}/${page}`,
];

/** Microsoft.Authorization as far as it is asked: the caller's rights, and locks. */
export const routes: readonly Route[] = [
  permissionRoute(group, 'list-for-resource-group'),
  ...resources.map((scope) => permissionRoute(scope, 'list-for-resource')),
  ...[subscription, group, ...resources].flatMap(lockRoutes),
];
