import roles from '../../tasks/common/preflight/actions.json' with { type: 'json' };
import { needOf } from '../azure/authorization/actions.ts';
import type { Call } from '../azure/core/http.ts';
import { type Assignment, restrictPrincipal, type World } from '../azure/index.ts';

/** Every action that the documented role has for these parts of a task, those included that a task can do without. */
export const documented = (...parts: readonly string[]): readonly string[] => [
  ...new Set(
    roles
      .flatMap(({ needs }) => needs)
      .filter(({ on }) => parts.includes(on))
      .flatMap(({ actions }) => actions.map(({ name }) => name)),
  ),
];

export const isOptional = (action: string) => action.startsWith('Microsoft.Authorization/');

/** The one identity of a rehearsal may do this and nothing else. */
export function restrict(world: World, assignments: readonly Assignment[]): void {
  for (const { clientId } of world.signIn.principals.values()) restrictPrincipal(world, clientId, assignments);
}

export const without = (assignments: readonly Assignment[], action: string, scope: string): readonly Assignment[] =>
  assignments.map((one) =>
    one.scope === scope ? { ...one, actions: one.actions.filter((name) => name !== action) } : one,
  );

/** Writes down the action of every call to Resource Manager, in lower case: paths spell them as they like. */
export function actionsSeen(world: World): Set<string> {
  const seen = new Set<string>();
  world.observers.push((call: Call) => {
    if (!call.url.hostname.startsWith('management.')) return;
    for (const action of needOf(call)?.actions ?? []) seen.add(action.toLowerCase());
  });
  return seen;
}

export const sorted = (actions: Iterable<string>) =>
  [...new Set([...actions].map((name) => name.toLowerCase()))].sort();
