/** What the task.json of a task lets its output do (agent: TaskRestrictionsExtension.cs). */
export interface Restrictions {
  readonly commandsRestricted: boolean;
  /** Patterns of names; nothing when every name may be set. */
  readonly settable?: readonly string[];
}

export const unrestricted: Restrictions = { commandsRestricted: false };

/** The commands that carry `AllowedInRestrictedMode` in the agent (agent: TaskCommandExtension.cs). */
const allowedWhenRestricted = [
  'task.logdetail',
  'task.logissue',
  'task.issue',
  'task.complete',
  'task.setprogress',
  'task.setsecret',
  'task.setvariable',
  'task.debug',
  'task.settaskvariable',
  'task.prependpath',
];

export function allowsCommand(restrictions: Restrictions, area: string, event: string): boolean {
  const name = `${area}.${event}`.toLowerCase();
  return !restrictions.commandsRestricted || allowedWhenRestricted.includes(name);
}

export function allowsVariable(restrictions: Restrictions, name: string): boolean {
  return restrictions.settable?.some((pattern) => matches(pattern, name)) ?? true;
}

/** `*` and `?` in a pattern, whatever the case. */
function matches(pattern: string, name: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i').test(name);
}
