import { ArmError, conflict, notAllowed } from '../../core/arm-errors.ts';
import type { Request } from '../../core/http.ts';
import type { World } from '../../core/world.ts';
import { findMachine } from '../../resources/virtual-machines/find.ts';
import { findInstance } from '../lookup.ts';
import type { Machine } from '../state.ts';

/** The machine that a run command is for: an instance below its set, or a virtual machine. */
export function targetOf(world: World, request: Request): Machine {
  if (request.params['set'] === undefined) return findMachine(world, request);
  const instance = findInstance(world, request);
  if (instance.parts)
    throw notAllowed(`Run commands of VM '${instance.name}' are its own: virtualMachines/runCommands.`);
  return instance;
}

/** Run commands need a running machine with an agent, and one that is not being changed. */
export function usableMachine(world: World, request: Request): Machine {
  const machine = targetOf(world, request);
  const { provisioningState, power } = machine;
  if (provisioningState === 'Creating' || provisioningState === 'Deleting') throw conflict();
  if (provisioningState === 'Updating' && power !== 'running') throw conflict();
  if (power !== 'running')
    throw new ArmError(409, 'OperationNotAllowed', 'Cannot modify extensions in the VM when the VM is not running.');
  return machine;
}
