import { type Answer, type Json, ok, type Request } from '../core/http.ts';
import { groupOfId, keyOf, typeOf } from '../core/ids.ts';
import { pageOf, skipToken } from '../core/paging.ts';
import { group, type Route, subscription } from '../core/routes.ts';
import type { World } from '../core/world.ts';
import { findResource } from '../resources/lookup.ts';
import type { Alert, AlertRule, RuleKind } from './state.ts';

const monitor = 'https://learn.microsoft.com/rest/api/monitor';

/** Alert rules are read, and the alerts that they have fired are listed. */
export const routes: readonly Route[] = [
  ruleRoute('metricAlerts', 'metric-alerts'),
  ruleRoute('scheduledQueryRules', 'scheduled-query-rules'),
  ruleRoute('activityLogAlerts', 'activity-log-alerts'),
  [
    'GET',
    `${subscription}/providers/Microsoft.AlertsManagement/alerts`,
    listAlerts,
    `${monitor}/alertsmanagement/alerts/get-all`,
  ],
];

function ruleRoute(kind: RuleKind, page: string): Route {
  const type = `Microsoft.Insights/${kind}`;
  const read = (world: World, request: Request) => ok(ruleView(findResource(world, request, world.alerts.rules, type)));
  return ['GET', `${group}/providers/${type}/:name`, read, `${monitor}/${page}/get`];
}

const ruleView = ({ id, name, location, target, enabled }: AlertRule): Json => ({
  id,
  name,
  type: typeOf(id),
  location,
  tags: {},
  properties: { enabled, scopes: [target] },
});

const day = 86_400_000;

/** What `timeRange` may say; without it a day. */
const ranges: Readonly<Record<string, number>> = { '1h': 3_600_000, '1d': day, '7d': 7 * day, '30d': 30 * day };

function listAlerts(world: World, request: Request): Answer {
  const asked = request.url.searchParams;
  const since = world.clock.now() - (ranges[asked.get('timeRange') ?? '1d'] ?? day);
  const condition = asked.get('monitorCondition');
  const scope = keyOf(`/subscriptions/${request.params['subscription']}/`);
  const after = skipToken(request);
  const found = [...world.alerts.alerts]
    .filter((alert) => keyOf(alert.id).startsWith(scope) && alert.changedAt >= since)
    .filter((alert) => condition === null || conditionOf(alert) === condition)
    .sort((one, other) => other.changedAt - one.changedAt);
  const left = after === null ? found : found.slice(found.findIndex(({ id }) => id === after) + 1);
  const size = Math.min(250, Number(asked.get('pageCount') ?? 25));
  const { page, nextLink } = pageOf(request, left, size, ({ id }) => id);
  return ok({ value: page.map((alert) => alertView(world, alert)), ...(nextLink !== undefined && { nextLink }) });
}

const conditionOf = ({ resolvedAt }: Alert) => (resolvedAt === undefined ? 'Fired' : 'Resolved');

function alertView({ settings }: World, alert: Alert): Json {
  const { id, rule, startedAt, resolvedAt, changedAt, state } = alert;
  const time = (moment: number) => new Date(moment).toISOString();
  return {
    id,
    name: rule.name,
    type: 'Microsoft.AlertsManagement/alerts',
    properties: {
      essentials: {
        severity: 'Sev2',
        signalType: rule.kind === 'metricAlerts' ? 'Metric' : 'Log',
        alertState: state,
        monitorCondition: conditionOf(alert),
        monitorService: rule.kind === 'metricAlerts' ? 'Platform' : 'Log Analytics',
        targetResource: keyOf(rule.target),
        targetResourceName: rule.target.split('/').at(-1),
        targetResourceGroup: groupOfId(rule.target),
        targetResourceType: typeOf(rule.target),
        alertRule: settings.alertRuleShown === 'id' ? rule.id : rule.name,
        startDateTime: time(startedAt),
        lastModifiedDateTime: time(changedAt),
        ...(resolvedAt !== undefined && { monitorConditionResolvedDateTime: time(resolvedAt) }),
      },
    },
  };
}
