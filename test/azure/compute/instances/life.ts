import type { ArmError } from '../../core/arm-errors.ts';
import { conflict, ArmError as Problem } from '../../core/arm-errors.ts';
import type { World } from '../../core/world.ts';
import type { MachineProblem } from '../../machines/machines.ts';
import type { Machine } from '../state.ts';

type Shown = Partial<Pick<Machine, 'provisioningState' | 'power' | 'problem'>>;

/** Sets what the machine shows; the moment is what `statuses[].time` says. */
export function show(world: World, machine: Machine, shown: Shown): void {
  Object.assign(machine, shown);
  machine.stateSince = world.clock.now();
  machine.etag += 1;
}

/** How a change of a machine ended, as `provisioningState` says it. */
export function showEnd(
  world: World,
  machine: Machine,
  problem: MachineProblem | undefined,
  power: Machine['power'],
): void {
  if (machine.provisioningState === 'Deleting') return;
  show(world, machine, { provisioningState: problem ? 'Failed' : 'Succeeded', problem, power });
}

/** A machine that something is being done to takes no second order. */
export function requireAtRest({ provisioningState }: Machine): void {
  if (provisioningState !== 'Succeeded' && provisioningState !== 'Failed') throw conflict();
}

export type Ended = (problems: readonly MachineProblem[]) => void;

/** Waits for `count` machines to call back; with none to wait for it has ended at once. */
export function gather(count: number, ended: Ended): (problem?: MachineProblem) => void {
  const problems: MachineProblem[] = [];
  let left = count;
  if (left === 0) ended(problems);
  return (problem) => {
    if (problem) problems.push(problem);
    left -= 1;
    if (left === 0) ended(problems);
  };
}

/** One error for an operation on several instances: the first one's code, the rest as details. */
export function operationError(problems: readonly MachineProblem[]): ArmError {
  const [first = { code: 'InternalExecutionError', message: 'An internal execution error occurred.' }] = problems;
  return new Problem(409, first.code, first.message, problems.length > 1 ? { details: [...problems] } : {});
}
