import { requireAtRest } from '../../compute/instances/life.ts';
import { deallocate, powerOff, restart, start } from '../../compute/instances/power.ts';
import { forgetRunCommands, stopRunCommands } from '../../compute/run-commands/life.ts';
import { ArmError, notAllowed } from '../../core/arm-errors.ts';
import type { Answer, Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { accept } from '../../core/operations.ts';
import type { Handler } from '../../core/routes.ts';
import type { World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import type { VirtualMachine } from '../state.ts';
import { findAlone } from './find.ts';
import { keepContent, releaseParts } from './parts.ts';

/** Work on a machine outside of scale sets; while it lasts, a second writer conflicts. */
const alone =
  (work: (world: World, machine: VirtualMachine, done: Done) => void): Handler =>
  (world, request) => {
    const machine = findAlone(world, request);
    requireAtRest(machine);
    return accept(world, request, {
      status: 202,
      location: machine.location,
      work: (completion) =>
        work(world, machine, (problem) => {
          if (problem) completion.fail(new ArmError(409, problem.code, problem.message));
          else completion.succeed();
        }),
    });
  };

/** A generalized machine never starts again (azure.md §14). */
function startOnce(world: World, machine: VirtualMachine, done: Done): void {
  if (machine.generalized)
    throw notAllowed(`Operation 'start' is not allowed on VM '${machine.name}' since the VM is generalized.`);
  start(world, machine, done);
}

export const powerAlone = {
  start: alone(startOnce),
  restart: alone(restart),
  powerOff: alone(powerOff),
  deallocate: alone(deallocate),
};

/** Marks a machine that has been stopped as a pattern; answered at once (azure.md §14). */
export function generalize(world: World, request: Request): Answer {
  const machine = findAlone(world, request);
  if (machine.power !== 'stopped' && machine.power !== 'deallocated')
    throw notAllowed(`Operation 'generalize' is not allowed on VM '${machine.name}' since the VM is running.`);
  machine.generalized = true;
  return { status: 200 };
}

/** Interface and disk stay or go as their delete options say. */
export function remove(world: World, request: Request): Answer {
  const machine = findAlone(world, request);
  const key = keyOf(machine.id);
  machine.provisioningState = 'Deleting';
  stopRunCommands(world, machine, 'Canceled');
  return accept(world, request, {
    status: 202,
    location: machine.location,
    work: (completion) =>
      keepContent(world, machine.parts, () =>
        world.machines.remove(key, () => {
          world.resources.virtualMachines.delete(key);
          forgetRunCommands(world, machine);
          releaseParts(world, machine.parts);
          completion.succeed();
        }),
      ),
  });
}
