import { asMember, attach, detach, requireSameSet, setToJoin, wantedSet } from '../../compute/flexible/membership.ts';
import { requireAtRest, showEnd } from '../../compute/instances/life.ts';
import { requirePreconditions } from '../../compute/preconditions.ts';
import { requireQuota } from '../../compute/quota/quota.ts';
import type { Instance, Machine } from '../../compute/state.ts';
import { ArmError } from '../../core/arm-errors.ts';
import { type Answer, type Json, ok, type Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, merge, object, tagsOf, text } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import type { World } from '../../core/world.ts';
import type { MachineSpec } from '../../machines/machines.ts';
import type { VirtualMachine } from '../state.ts';
import { findAlone, findMember, machineId } from './find.ts';
import { addDiskOf, readNewMachine } from './model.ts';
import { withDeleteOptions } from './parts.ts';
import { aloneBody, memberBody } from './view.ts';

/** Compute's PUT over what is there behaves like PATCH (azure.md §2). */
export function putMachine(world: World, request: Request): Answer {
  const member = findMember(world, request);
  const alone = world.resources.virtualMachines.get(keyOf(machineId(world, request)));
  if (member || alone) return patchMachine(world, request);
  requirePreconditions(request, undefined);
  return create(world, request);
}

/** Tags, delete options and the set that it belongs to; nothing of the machine itself changes here. */
export function patchMachine(world: World, request: Request): Answer {
  const member = findMember(world, request);
  const machine = member ?? findAlone(world, request);
  requirePreconditions(request, machine.etag);
  if (request.json['tags']) machine.tags = tagsOf(request.json['tags']);
  machine.etag += 1;
  const properties = object(request.json['properties']);
  return ok(
    member ? changeMember(world, member, properties) : changeAlone(world, machine as VirtualMachine, properties),
  );
}

function changeMember(world: World, member: Instance, properties: Json) {
  if (member.parts) member.parts = withDeleteOptions(member.parts, properties);
  const wanted = wantedSet(properties);
  if (wanted?.id === null) return aloneBody(world, detach(world, member));
  if (wanted) requireSameSet(member, wanted.id);
  return memberBody(world, member);
}

function changeAlone(world: World, machine: VirtualMachine, { virtualMachineScaleSet, ...properties }: Json) {
  machine.properties = merge(machine.properties, properties);
  machine.parts = withDeleteOptions(machine.parts, properties);
  const wanted = wantedSet({ virtualMachineScaleSet });
  if (!wanted?.id) return aloneBody(world, machine);
  requireAtRest(machine);
  return memberBody(world, attach(world, machine, wanted.id));
}

function create(world: World, request: Request): Answer {
  const { machine, image, spec } = readNewMachine(world, request);
  requireQuota(world, machine, text(at(machine.properties, 'hardwareProfile', 'vmSize')) ?? '', 1);
  const setId = wantedSet(object(request.json['properties']))?.id;
  if (!setId) {
    world.resources.virtualMachines.set(keyOf(machine.id), machine);
    addDiskOf(world, machine, image);
    return boot(world, request, machine, spec, aloneBody(world, machine));
  }
  const member = asMember(world, setToJoin(world, machine, setId), machine, image);
  world.compute.instances.set(keyOf(member.id), member);
  addDiskOf(world, machine, image);
  return boot(world, request, member, spec, memberBody(world, member));
}

const boot = (world: World, request: Request, machine: Machine, spec: MachineSpec, body: unknown): Answer =>
  accept(world, request, {
    status: 201,
    location: machine.location,
    body,
    work: (completion) =>
      world.machines.create(spec, (problem) => {
        showEnd(world, machine, problem, problem ? 'stopped' : 'running');
        if (problem) completion.fail(new ArmError(409, problem.code, problem.message));
        else completion.succeed();
      }),
  });
