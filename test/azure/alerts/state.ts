/** What Azure Monitor keeps here: rules, and the alerts that they have fired. */
export interface AlertsState {
  /** Keyed by the lower-case ARM id. */
  readonly rules: Map<string, AlertRule>;
  /** Oldest first. */
  readonly alerts: Alert[];
}

export const emptyAlertsState = (): AlertsState => ({ rules: new Map(), alerts: [] });

export type RuleKind = 'metricAlerts' | 'scheduledQueryRules' | 'activityLogAlerts';

export interface AlertRule {
  readonly id: string;
  readonly name: string;
  readonly kind: RuleKind;
  readonly location: string;
  /** What it watches. */
  readonly target: string;
  enabled: boolean;
  /** In place of metrics and logs: is it as bad as the rule says? */
  readonly holds: () => boolean;
}

export interface Alert {
  readonly id: string;
  readonly rule: AlertRule;
  readonly startedAt: number;
  /** When the condition was found gone; undefined while it lasts. */
  resolvedAt: number | undefined;
  /** What people say of it; nobody else changes it. */
  state: 'New' | 'Acknowledged' | 'Closed';
  changedAt: number;
}
