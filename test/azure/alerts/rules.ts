import { groupOfId, keyOf, subscriptionOfId } from '../core/ids.ts';
import { later, type World } from '../core/world.ts';
import type { Alert, AlertRule, RuleKind } from './state.ts';

export interface AlertRuleOptions {
  readonly name: string;
  readonly target: { readonly id: string; readonly location: string };
  /** Asked once a minute. */
  readonly holds: () => boolean;
  readonly kind?: RuleKind;
  readonly enabled?: boolean;
}

/** How often a rule is evaluated. */
const everyMs = 60_000;

/** A rule is resolved when it was found well so often in a row. */
const wellTimes = 3;

/** A rule in the group of what it watches, evaluated from now on. */
export function addAlertRule(world: World, options: AlertRuleOptions): AlertRule {
  const { name, target, holds, kind = 'metricAlerts', enabled = true } = options;
  const group = `/subscriptions/${subscriptionOfId(target.id)}/resourceGroups/${groupOfId(target.id)}`;
  const id = `${group}/providers/Microsoft.Insights/${kind}/${name}`;
  const location = kind === 'scheduledQueryRules' ? target.location : 'global';
  const rule: AlertRule = { id, name, kind, location, target: target.id, enabled, holds };
  world.alerts.rules.set(keyOf(id), rule);
  watch(world, rule);
  return rule;
}

function watch(world: World, rule: AlertRule): void {
  let well = 0;
  const evaluate = () => {
    if (world.alerts.rules.get(keyOf(rule.id)) !== rule) return;
    const bad = rule.enabled && rule.holds();
    well = bad ? 0 : well + 1;
    const open = world.alerts.alerts.find((alert) => alert.rule === rule && alert.resolvedAt === undefined);
    if (bad && !open) fire(world, rule);
    if (open && well >= wellTimes && rule.kind !== 'activityLogAlerts') resolve(world, open);
    later(world, everyMs, evaluate);
  };
  evaluate();
}

function fire(world: World, rule: AlertRule): void {
  const now = world.clock.now();
  const id = `${rule.target}/providers/Microsoft.AlertsManagement/alerts/${world.newId()}`;
  world.alerts.alerts.push({ id, rule, startedAt: now, resolvedAt: undefined, state: 'New', changedAt: now });
}

function resolve(world: World, alert: Alert): void {
  alert.resolvedAt = world.clock.now();
  alert.changedAt = alert.resolvedAt;
}
