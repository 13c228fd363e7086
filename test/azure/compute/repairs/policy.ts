import { badRequest, notAllowed } from '../../core/arm-errors.ts';
import { durationMs } from '../../core/duration.ts';
import type { Json } from '../../core/http.ts';
import { object } from '../../core/json.ts';
import { type RepairAction, repairActions } from './state.ts';

const minute = 60_000;
const leastMs = 10 * minute;
const mostMs = 90 * minute;

export interface RepairPolicy {
  readonly enabled: boolean;
  readonly graceMs: number;
  readonly action: RepairAction;
}

/** Ten minutes and Replace where nothing is said (spec AutomaticRepairsPolicy). */
export function repairPolicyOf(properties: Json): RepairPolicy {
  const { enabled, gracePeriod, repairAction } = object(properties['automaticRepairsPolicy']);
  return {
    enabled: enabled === true,
    graceMs: durationMs(gracePeriod) ?? leastMs,
    action: repairActions.find((action) => action === repairAction) ?? 'Replace',
  };
}

/** The rules of doc automatic-instance-repairs; sentences are ours. */
export function requireRepairPolicy(before: Json | undefined, after: Json): void {
  const { gracePeriod, repairAction } = object(after['automaticRepairsPolicy']);
  const ms = gracePeriod === undefined ? leastMs : durationMs(gracePeriod);
  if (ms === undefined || ms < leastMs || ms > mostMs)
    throw badRequest(`The value '${gracePeriod}' of gracePeriod must be from PT10M to PT90M.`, 'gracePeriod');
  if (repairAction !== undefined && !repairActions.some((action) => action === repairAction))
    throw badRequest(`The value '${repairAction}' of repairAction must be one of ${repairActions.join(', ')}.`);
  const [old, next] = [repairPolicyOf(before ?? {}), repairPolicyOf(after)];
  if (old.enabled && next.enabled && old.action !== next.action)
    throw notAllowed('The repair action can be changed only while automatic repairs are disabled.');
}
