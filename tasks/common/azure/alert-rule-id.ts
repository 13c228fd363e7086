/** The kinds of alert rules of Azure Monitor that can be named; each is read under its own name. */
export const alertRuleKinds = ['metricAlerts', 'scheduledQueryRules', 'activityLogAlerts'] as const;

export type AlertRuleKind = (typeof alertRuleKinds)[number];

/** A rule as an author names it: by its id, or by its name, which is looked for in the scale set's resource group. */
export interface TypedRule {
  readonly text: string;
  readonly id?: {
    readonly subscription: string;
    readonly group: string;
    readonly kind: AlertRuleKind;
    readonly name: string;
  };
}

const idForm = new RegExp(
  `^/subscriptions/([^/\\s?#]+)/resourceGroups/([^/\\s?#]+)/providers/Microsoft\\.Insights/(${alertRuleKinds.join('|')})/([^/\\s?#]+)/?$`,
  'i',
);

/** What Azure refuses in the name of a rule (Metric Alerts - Create Or Update), a slash among it. */
const nameForm = /^[^/\\?#*<>%&:{}]{1,260}$/;

/** Undefined when the text is neither the id of a rule nor a name. */
export function parseAlertRule(text: string): TypedRule | undefined {
  const [, subscription, group, typedKind, name] = idForm.exec(text) ?? [];
  const kind = alertRuleKinds.find((known) => known.toLowerCase() === typedKind?.toLowerCase());
  if (subscription && group && kind && name) return { text, id: { subscription, group, kind, name } };
  return nameForm.test(text) ? { text } : undefined;
}
