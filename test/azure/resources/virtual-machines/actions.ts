import { ArmError, conflict, notAllowed } from '../../core/arm-errors.ts';
import type { Answer, Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { accept, type Completion } from '../../core/operations.ts';
import type { World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import { readContent } from '../disks/content.ts';
import { findResource } from '../lookup.ts';
import type { VirtualMachine } from '../state.ts';

export const find = (world: World, request: Request): VirtualMachine =>
  findResource(world, request, world.resources.virtualMachines, 'Microsoft.Compute/virtualMachines');

type Power = VirtualMachine['powerState'];

/** Starts work on a machine; while it lasts, a second writer conflicts. */
function act(
  world: World,
  request: Request,
  during: Power,
  after: Power,
  work: (key: string, done: Done) => void,
): Answer {
  const machine = find(world, request);
  if (machine.provisioningState !== 'Succeeded' && machine.provisioningState !== 'Failed') throw conflict();
  machine.provisioningState = 'Updating';
  machine.powerState = during;
  return accept(world, request, {
    status: 202,
    location: machine.location,
    work: (completion) =>
      work(keyOf(machine.id), (problem) => {
        machine.powerState = after;
        endWork(machine, completion, problem);
      }),
  });
}

/** What the machines report becomes the state of the resource and the end of the operation. */
export function endWork(machine: VirtualMachine, completion: Completion, problem: Parameters<Done>[0]): void {
  machine.provisioningState = problem ? 'Failed' : 'Succeeded';
  if (problem) completion.fail(new ArmError(409, problem.code, problem.message));
  else completion.succeed();
}

export function start(world: World, request: Request): Answer {
  const { name, generalized } = find(world, request);
  if (generalized) throw notAllowed(`Operation 'start' is not allowed on VM '${name}' since the VM is generalized.`);
  return act(world, request, 'starting', 'running', (key, done) => world.machines.start(key, done));
}

export function restart(world: World, request: Request): Answer {
  return act(world, request, 'starting', 'running', (key, done) =>
    world.machines.stop(key, (problem) => (problem ? done(problem) : world.machines.start(key, done))),
  );
}

export function powerOff(world: World, request: Request): Answer {
  return act(world, request, 'stopping', 'stopped', stopIfRunning(world, find(world, request).powerState));
}

export function deallocate(world: World, request: Request): Answer {
  return act(world, request, 'deallocating', 'deallocated', stopIfRunning(world, find(world, request).powerState));
}

const stopIfRunning = (world: World, power: Power) => (key: string, done: Done) => {
  if (power === 'running' || power === 'starting') world.machines.stop(key, done);
  else done();
};

/** Marks a machine that has been stopped as a pattern; answered at once (azure.md §14). */
export function generalize(world: World, request: Request): Answer {
  const machine = find(world, request);
  if (machine.powerState !== 'stopped' && machine.powerState !== 'deallocated')
    throw notAllowed(`Operation 'generalize' is not allowed on VM '${machine.name}' since the VM is running.`);
  machine.generalized = true;
  return { status: 200 };
}

/** Interfaces stay, and so do disks: their delete option is Detach unless the machine says otherwise. */
export function remove(world: World, request: Request): Answer {
  const machine = find(world, request);
  const key = keyOf(machine.id);
  machine.provisioningState = 'Deleting';
  return accept(world, request, {
    status: 202,
    location: machine.location,
    work: (completion) =>
      detach(world, keyOf(machine.osDisk.id), () =>
        world.machines.remove(key, () => {
          world.resources.virtualMachines.delete(key);
          completion.succeed();
        }),
      ),
  });
}

/** The disk keeps what its machine has written, if the machine was off. */
function detach(world: World, diskKey: string, done: () => void): void {
  const disk = world.resources.disks.get(diskKey);
  if (disk)
    readContent(world, disk, (content) => {
      world.resources.disks.set(diskKey, { ...disk, content, managedBy: undefined });
      done();
    });
  else done();
}
