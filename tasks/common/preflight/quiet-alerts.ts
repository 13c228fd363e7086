import type { TypedRule } from '../azure/alert-rule-id.ts';
import { type AlertRule, findAlertRules, readFiredAlerts } from '../azure/alert-rules.ts';
import type { Azure } from '../azure/connect.ts';
import type { ScaleSetRef } from '../azure/scale-set.ts';
import { Failure } from '../failure.ts';
import { type FiredAlert, firedText } from '../rollout/alerts.ts';
import type { Ask } from './rights.ts';

/** Rules that are heeded, and what they said before anything was done. */
export interface WatchedRules {
  readonly rules: readonly AlertRule[];
  readonly fired: readonly FiredAlert[];
}

/**
 * Finds the rules and reads them once. One that has fired before the rollout began could say nothing of it, and is refused;
 * in a rollout that is open it is the rollout's own affair, and its first decision.
 */
export async function lookAtAlerts(
  azure: Azure,
  set: ScaleSetRef,
  typed: readonly TypedRule[],
  isOpen: boolean,
): Promise<WatchedRules> {
  const rules = await findAlertRules(azure, typed, set.resourceGroup);
  const fired = await readFiredAlerts(azure, rules);
  if (fired.length === 0 || isOpen) return { rules, fired };
  throw new Failure(
    'AlertsAlreadyFired',
    `Before the rollout has begun, ${fired.map(firedText).join('; ')}: whether the new image is well, such a rule could not say`,
    'Mend the cause and wait until Azure Monitor has resolved the alert; one that does not resolve by itself is ended by closing it there. Or leave the rule out.',
  );
}

/** What is read of the rules. Whether the alerts themselves may be listed, the first reading tells. */
export const alertAsks = (azure: Azure, set: ScaleSetRef, typed: readonly TypedRule[]): readonly Ask[] =>
  typed.map(({ id }) =>
    id
      ? {
          scope: `/subscriptions/${id.subscription}/resourceGroups/${id.group}/providers/Microsoft.Insights/${id.kind}/${id.name}`,
          parts: [id.kind],
        }
      : {
          scope: `/subscriptions/${azure.subscriptionId}/resourceGroups/${set.resourceGroup}`,
          parts: ['metricAlerts', 'scheduledQueryRules', 'activityLogAlerts'],
        },
  );
