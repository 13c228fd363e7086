import roles from './actions.json' with { type: 'json' };

/** What of a task touches Azure: the one list of actions in actions.json has the rest, for people too (docs/permissions.md). */
export type Part =
  | 'imageGroup'
  | 'gallery'
  | 'sourceImage'
  | 'sourceVersion'
  | 'scaleSet'
  | 'drain'
  | 'undrain'
  | 'imageVersion';

interface Action {
  readonly name: string;
  /** Good to have: the task goes on without it, or needs it in rare cases only. */
  readonly optional?: boolean;
}

/** The actions without which these parts of a task fail. */
export function neededFor(parts: readonly Part[]): readonly string[] {
  const needs = roles.flatMap((role) => role.needs).filter(({ on }) => parts.some((part) => part === on));
  const actions: readonly Action[] = needs.flatMap((need) => need.actions);
  return [...new Set(actions.filter(({ optional }) => optional !== true).map(({ name }) => name))];
}
