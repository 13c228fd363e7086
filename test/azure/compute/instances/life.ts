import type { ArmError } from '../../core/arm-errors.ts';
import { ArmError as Problem } from '../../core/arm-errors.ts';
import type { World } from '../../core/world.ts';
import type { MachineProblem } from '../../machines/machines.ts';
import type { Instance } from '../state.ts';

type Shown = Partial<Pick<Instance, 'provisioningState' | 'power' | 'problem'>>;

/** Sets what the instance shows; the moment is what `statuses[].time` says. */
export function show(world: World, instance: Instance, shown: Shown): void {
  Object.assign(instance, shown);
  instance.stateSince = world.clock.now();
  instance.etag += 1;
}

/** How a change of an instance ended, as `provisioningState` says it. */
export function showEnd(
  world: World,
  instance: Instance,
  problem: MachineProblem | undefined,
  power: Instance['power'],
): void {
  if (instance.provisioningState === 'Deleting') return;
  show(world, instance, { provisioningState: problem ? 'Failed' : 'Succeeded', problem, power });
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
