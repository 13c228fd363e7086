import { badRequest, notAllowed } from '../../core/arm-errors.ts';
import type { Answer, Json, Request } from '../../core/http.ts';
import { at } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import { findScaleSet } from '../lookup.ts';
import { watchRepairs } from '../repairs/watch.ts';
import type { ScaleSet } from '../state.ts';

/** Turning the policy on starts repairs, turning it off ends them; a suspension outlives other writes. */
export function repairsAfter(set: ScaleSet, properties: Json): ScaleSet['repairs'] {
  if (at(properties, 'automaticRepairsPolicy', 'enabled') !== true) return 'NotRunning';
  return set.repairs === 'NotRunning' ? 'Running' : set.repairs;
}

/** Who resumes repairs has them tried anew: own. */
function resumeRepairs(world: World, set: ScaleSet): void {
  set.repairWork.inVain.clear();
  watchRepairs(world, set);
}

/** `POST {set}/setOrchestrationServiceState` (azure.md §9). */
export function setOrchestrationServiceState(world: World, request: Request): Answer {
  const set = findScaleSet(world, request);
  const { serviceName, action } = request.json;
  if (serviceName !== 'AutomaticRepairs')
    throw badRequest(`The service name '${serviceName}' is not supported.`, 'serviceName');
  if (action !== 'Suspend' && action !== 'Resume')
    throw badRequest(`The action '${action}' is not supported.`, 'action');
  if (set.repairs === 'NotRunning')
    throw notAllowed(`Automatic repairs are not enabled on VM Scale Set '${set.name}'.`);
  return accept(world, request, {
    status: 202,
    location: set.location,
    work: (completion) =>
      later(world, world.settings.setWriteMs, () => {
        if (set.repairs !== 'NotRunning') set.repairs = action === 'Suspend' ? 'Suspended' : 'Running';
        if (action === 'Resume') resumeRepairs(world, set);
        completion.succeed();
      }),
  });
}
