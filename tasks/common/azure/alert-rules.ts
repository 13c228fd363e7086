import { harmlessLine } from '../agent/harmless.ts';
import { Failure } from '../failure.ts';
import type { FiredAlert } from '../rollout/alerts.ts';
import { type AlertRuleKind, alertRuleKinds, type TypedRule } from './alert-rule-id.ts';
import { armAnswer, describe, isStatus } from './arm-failure.ts';
import type { Azure } from './connect.ts';
import { type Entry, objectIn } from './entry.ts';
import { readFailure, textIn } from './read-failure.ts';
import { readList } from './read-list.ts';

/** A rule that is there and switched on. */
export interface AlertRule {
  readonly id: string;
  readonly name: string;
  readonly subscription: string;
}

/**
 * Versions of the three kinds that are no previews: Microsoft Learn, templates/microsoft.insights/allversions and the change
 * log of metricAlerts there; azure-monitor-rest-api-index for scheduled query rules.
 */
const versions: Readonly<Record<AlertRuleKind, string>> = {
  metricAlerts: '2018-03-01',
  scheduledQueryRules: '2021-08-01',
  activityLogAlerts: '2020-10-01',
};

/** Finds the rules that an author named; refuses one that is not there, and one that could never fire. */
export async function findAlertRules(
  azure: Azure,
  typed: readonly TypedRule[],
  group: string,
): Promise<readonly AlertRule[]> {
  const rules: AlertRule[] = [];
  for (const one of typed) rules.push(await findRule(azure, one, group));
  return rules;
}

async function findRule(azure: Azure, typed: TypedRule, setGroup: string): Promise<AlertRule> {
  const { subscription = azure.subscriptionId, group = setGroup, name = typed.text } = typed.id ?? {};
  const lacking: unknown[] = [];
  for (const kind of typed.id ? [typed.id.kind] : alertRuleKinds) {
    const path = `/subscriptions/${subscription}/resourceGroups/${encodeURIComponent(group)}/providers/Microsoft.Insights/${kind}/${encodeURIComponent(name)}`;
    try {
      const rule = objectIn(await azure.arm(`${path}?api-version=${versions[kind]}`));
      if (objectIn(rule['properties'])['enabled'] === false) throw disabled(typed);
      return { id: textIn(rule['id']) ?? decodeURIComponent(path), name, subscription };
    } catch (error) {
      if (!isStatus(error, 404)) throw readFailure(error, `Reading alert rule ${name} in resource group ${group}`);
      lacking.push(error);
    }
  }
  throw notThere(typed, group, lacking[0]);
}

/**
 * What the rules say now, by one list for each subscription. The rule of an alert is compared here and not by Azure: an
 * alert names it by its id or by its name alone, and a filter that fits neither would answer with an empty list. An alert that
 * a person has closed is dealt with, which is the only end that an alert without a state has.
 */
export async function readFiredAlerts(azure: Azure, rules: readonly AlertRule[]): Promise<readonly FiredAlert[]> {
  const fired: FiredAlert[] = [];
  for (const subscription of new Set(rules.map((rule) => rule.subscription))) {
    const path = `/subscriptions/${subscription}/providers/Microsoft.AlertsManagement/alerts?api-version=2019-03-01&monitorCondition=Fired&timeRange=30d&pageCount=250`;
    const { entries } = await readList(azure, path, `Listing the alerts of subscription ${subscription}`);
    for (const entry of entries) {
      const essentials = objectIn(objectIn(entry['properties'])['essentials']);
      const rule = rules.find((known) => isOf(known, textIn(essentials['alertRule'])));
      if (rule && isOpen(essentials)) fired.push(toFired(rule, essentials));
    }
  }
  return fired;
}

const isOf = ({ id, name }: AlertRule, shown: string | undefined): boolean =>
  [id, name].some((known) => known.toLowerCase() === shown?.toLowerCase());

const isOpen = (essentials: Entry): boolean =>
  textIn(essentials['monitorCondition'])?.toLowerCase() === 'fired' &&
  textIn(essentials['alertState'])?.toLowerCase() !== 'closed';

const toFired = ({ name }: AlertRule, essentials: Entry): FiredAlert => ({
  rule: name,
  on: harmlessLine(textIn(essentials['targetResourceName']) ?? 'what it watches', 100),
  since: harmlessLine(textIn(essentials['startDateTime']) ?? 'a time unknown', 40),
});

const notThere = ({ text }: TypedRule, group: string, cause: unknown) =>
  new Failure(
    'AlertRuleNotFound',
    `Input "alerts" names "${harmlessLine(text, 300)}", and there is no such alert rule in resource group ${group}. Azure says: ${describe(armAnswer(cause))}`,
    'Check the spelling. A rule of another resource group is named by its id: az monitor metrics alert list --query "[].id".',
    { cause },
  );

const disabled = ({ text }: TypedRule) =>
  new Failure(
    'AlertRuleDisabled',
    `Input "alerts" names "${harmlessLine(text, 300)}", which is switched off: it could never fire`,
    'Switch the rule on, or leave it out.',
  );
