import roles from './actions.json' with { type: 'json' };

/** What of a task touches Azure: the one list of actions in actions.json has the rest, for people too (docs/permissions.md). */
export type Part =
  | 'imageGroup'
  | 'gallery'
  | 'sourceImage'
  | 'sourceVersion'
  | 'scaleSet'
  | 'reimage'
  | 'drain'
  | 'undrain'
  | 'repairs'
  | 'autoscale'
  | 'protection'
  | 'healthHttp'
  | 'healthScript'
  /** An alert rule that is heeded, by its kind, and the alerts themselves. */
  | 'metricAlerts'
  | 'scheduledQueryRules'
  | 'activityLogAlerts'
  | 'alerts'
  | 'imageVersion'
  /** Following what Azure has accepted: a right that counts only from the group on (async-operations page). */
  | 'operations'
  /** The same for galleries, whose operations have a place of their own (azure.md §5). */
  | 'galleryOperations';

interface Action {
  readonly name: string;
  /** Not asked beforehand: the task can do without it, needs it rarely, or only Packer knows whether it will. */
  readonly notAsked?: boolean;
}

/** The actions without which these parts of a task fail. */
export function neededFor(parts: readonly Part[]): readonly string[] {
  const needs = roles.flatMap((role) => role.needs).filter(({ on }) => parts.some((part) => part === on));
  const actions: readonly Action[] = needs.flatMap((need) => need.actions);
  return [...new Set(actions.filter(({ notAsked }) => notAsked !== true).map(({ name }) => name))];
}
