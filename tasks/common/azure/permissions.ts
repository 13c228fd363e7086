import type { Azure } from './connect.ts';
import { objectIn } from './entry.ts';
import { listAll } from './read-list.ts';

/** One entry of what the caller may do: `actions` less `notActions`. Entries add up (Permissions - List For Resource). */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

export type LockLevel = 'CanNotDelete' | 'ReadOnly';

/** A management lock that counts at a scope: there or above it. */
export interface Lock {
  readonly id: string;
  readonly level: LockLevel;
}

/** What the caller may do at a resource or a group, by roles given there or above. */
export async function readPermissions(azure: Azure, scope: string): Promise<readonly Permission[]> {
  const path = `${pathOf(scope)}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`;
  const { entries } = await listAll(azure, path, `Reading the rights on ${scope}`);
  return entries.map((entry) => ({ actions: words(entry['actions']), notActions: words(entry['notActions']) }));
}

/** The locks of a scope and of what is above it (ManagementLocks - List By Scope). */
export async function readLocks(azure: Azure, scope: string): Promise<readonly Lock[]> {
  const path = `${pathOf(scope)}/providers/Microsoft.Authorization/locks?api-version=2020-05-01&$filter=atScope()`;
  const { entries } = await listAll(azure, path, `Reading the locks on ${scope}`);
  return entries.flatMap((entry) => {
    const { level } = objectIn(entry['properties']);
    return level === 'ReadOnly' || level === 'CanNotDelete' ? [{ id: String(entry['id']), level }] : [];
  });
}

/** Names come from inputs and may hold what a path may not. */
const pathOf = (scope: string) => scope.split('/').map(encodeURIComponent).join('/');

const words = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];

/** Does any entry give the action? `*` stands for anything, and case does not count (custom roles page). */
export const permits = (permissions: readonly Permission[], action: string): boolean =>
  permissions.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => matches(pattern, action)) && !notActions.some((pattern) => matches(pattern, action)),
  );

function matches(pattern: string, action: string): boolean {
  const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`, 'i').test(action);
}
