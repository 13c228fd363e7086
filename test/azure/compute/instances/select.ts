import { badRequest } from '../../core/arm-errors.ts';
import type { Request } from '../../core/http.ts';
import { list } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { instanceAt, instancesOf, notActive } from '../lookup.ts';
import { isFlexible } from '../scale-sets/mode.ts';
import type { Instance, ScaleSet } from '../state.ts';

/** The instances that a set-level call names; `*` is all. Without any, a call that requires ids is refused. */
export function selectInstances(world: World, set: ScaleSet, request: Request, required: boolean): readonly Instance[] {
  const ids = list(request.json['instanceIds']).map(String);
  if (ids.length === 0 && required)
    throw badRequest("Required parameter 'instanceIds' is missing (null).", 'instanceIds');
  if (ids.length === 0 || ids.includes('*'))
    return instancesOf(world, set).filter((instance) => instance.provisioningState !== 'Deleting');
  return [...new Set(ids)].map((id) => activeInstance(world, set, id));
}

/** Sentences: azure-docs#66806 for the form of a Uniform id, onefuzz#2547 for what is not there. */
function activeInstance(world: World, set: ScaleSet, id: string): Instance {
  if (!isFlexible(set) && !/^\d+$/.test(id))
    throw badRequest(
      `The provided instanceId ${id} is invalid. It must be a non-negative integer or the character "*".`,
      'instanceIds',
    );
  const instance = instanceAt(world, set, id);
  if (!instance || instance.provisioningState === 'Deleting') throw notActive(id);
  return instance;
}
