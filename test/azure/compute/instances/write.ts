import { badRequest } from '../../core/arm-errors.ts';
import type { Answer, Json, Request } from '../../core/http.ts';
import { at, object, tagsOf } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import { watchPools } from '../../resources/network/application-gateways/draining.ts';
import { findInstance, findScaleSet } from '../lookup.ts';
import { requirePreconditions } from '../preconditions.ts';
import { begin, refuseConflict } from '../scale-sets/open-work.ts';
import type { Instance } from '../state.ts';
import { requireTags } from '../tags.ts';
import { instanceBody } from './body.ts';
import { show, showEnd } from './life.ts';
import { beingDeleted } from './perform.ts';

/** `PUT {set}/virtualMachines/{id}`: tags, protection and the network profile are what can be changed (azure.md §1, §15). */
export function putInstance(world: World, request: Request): Answer {
  const set = findScaleSet(world, request);
  const instance = findInstance(world, request);
  requirePreconditions(request, instance.etag);
  if (instance.provisioningState === 'Deleting') throw beingDeleted(instance);
  refuseConflict(world, set, 'instanceWrite', [instance.instanceId]);
  if (instance.parts) requireMemberChange(request);
  const change = changeOf(world, instance, request.json);
  const end = begin(world, set, 'instanceWrite', [instance.instanceId]);
  const { power } = instance;
  show(world, instance, { provisioningState: 'Updating' });
  return accept(world, request, {
    status: 200,
    location: set.location,
    body: instanceBody(world, set, instance),
    work: (completion) =>
      later(world, world.settings.instanceWriteMs, () => {
        const noteDepartures = watchPools(world);
        Object.assign(instance, change);
        noteDepartures();
        showEnd(world, instance, undefined, power);
        end(true);
        completion.succeed(instanceBody(world, set, instance));
      }),
  });
}

/** Protection of a Flexible set's machine came with 2023-09-01 (page instance-protection); interfaces are its own (azure.md §15). */
function requireMemberChange({ apiVersion, json }: Request): void {
  const { protectionPolicy, networkProfileConfiguration } = object(json['properties']);
  if (protectionPolicy !== undefined && apiVersion < '2023-09-01')
    throw badRequest(
      'Instance protection with Flexible orchestration needs api-version 2023-09-01 or later.',
      'protectionPolicy',
    );
  if (networkProfileConfiguration !== undefined)
    throw badRequest(
      'With Flexible orchestration network interfaces are resources of their own.',
      'networkProfileConfiguration',
    );
}

function changeOf({ settings }: World, instance: Instance, body: Json): Partial<Instance> {
  const { protectionPolicy, networkProfileConfiguration } = object(body['properties']);
  return {
    ...(body['tags'] !== undefined && { tags: requireTags(tagsOf(body['tags'])) }),
    ...(protectionPolicy !== undefined && {
      protection: protectionOf(object(protectionPolicy)),
      ...(settings.protectionMakesOwnModel && { ownModel: true }),
    }),
    ...(networkProfileConfiguration !== undefined && {
      ownNetwork: ownNetwork(instance, object(networkProfileConfiguration)),
    }),
  };
}

/** Protection from the set's actions implies protection from scale-in: the one without the other is refused (azure.md §9). */
function protectionOf(policy: Json): Instance['protection'] {
  const protectFromScaleSetActions = policy['protectFromScaleSetActions'] === true;
  if (protectFromScaleSetActions && policy['protectFromScaleIn'] === false)
    throw badRequest('protectFromScaleIn must be true when protectFromScaleSetActions is true.', 'protectionPolicy');
  return {
    protectFromScaleIn: policy['protectFromScaleIn'] === true || protectFromScaleSetActions,
    protectFromScaleSetActions,
  };
}

/** Written back as the model has it, the instance follows the model again. */
function ownNetwork(instance: Instance, written: Json): Json | undefined {
  const model = at(instance.model.profile, 'networkProfile', 'networkInterfaceConfigurations');
  return JSON.stringify(written['networkInterfaceConfigurations']) === JSON.stringify(model) ? undefined : written;
}
