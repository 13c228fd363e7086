import type { Json } from '../../core/http.ts';
import { object } from '../../core/json.ts';
import { requireScaleInPolicy } from '../instances/scale-in.ts';
import { requireRepairPolicy } from '../repairs/policy.ts';
import { requireTerminateNotification } from '../scheduled-events/events.ts';

/** Looks at what a write of a set says about work that Azure does by itself. `before` is undefined for a new set. */
export function requirePolicies(before: Json | undefined, after: Json): void {
  requireScaleInPolicy(after);
  requireRepairPolicy(before, after);
  requireTerminateNotification(object(after['virtualMachineProfile']));
}
