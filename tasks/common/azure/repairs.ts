import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { armFailure, isLostAnswer } from './arm-failure.ts';
import { isBusy } from './busy.ts';
import type { Azure } from './connect.ts';
import { readFailure } from './read-failure.ts';
import type { ScaleSetRef } from './scale-set.ts';
import { writeOnce } from './write-once.ts';

/** `NotRunning`: the set's policy is off, and there is nothing to suspend or resume. */
export type RepairsState = 'Running' | 'Suspended' | 'NotRunning';

/** How automatic repairs stand; only the instance view of the set tells (automatic-instance-repairs page). */
export async function readRepairs(azure: Azure, { resourceGroup, name }: ScaleSetRef): Promise<RepairsState> {
  try {
    const view = await azure.compute.virtualMachineScaleSets.getInstanceView(resourceGroup, name);
    const repairs = view.orchestrationServices?.find(({ serviceName }) => serviceName === 'AutomaticRepairs');
    const state = repairs?.serviceState;
    return state === 'Running' || state === 'Suspended' ? state : 'NotRunning';
  } catch (error) {
    throw readFailure(error, `Reading whether automatic repairs of scale set ${name} run`);
  }
}

export interface RepairsSwitch {
  readonly to: 'Running' | 'Suspended';
  readonly until: 'done' | 'accepted';
  /** Asks also when it is so already: an order to the contrary may be under way. */
  readonly evenIfSo?: boolean;
  readonly clock: Clock;
  readonly cancelled: AbortSignal;
}

/** How often it is asked; the pauses between are longer each time, seven minutes in all. */
const mostTries = 8;

/** Suspends or resumes automatic repairs. Asked anew while Azure is busy; a lost answer is looked up before. */
export async function switchRepairs(azure: Azure, set: ScaleSetRef, order: RepairsSwitch): Promise<void> {
  const { to, until, clock, cancelled } = order;
  const action = to === 'Running' ? 'Resume' : 'Suspend';
  const attempted = `${to === 'Running' ? 'Resuming' : 'Suspending'} automatic repairs of scale set ${set.name}`;
  const hurried = until === 'accepted';
  for (let attempt = 1; ; attempt += 1) {
    const state = await readRepairs(azure, set);
    if (state === 'NotRunning' || (state === to && !(order.evenIfSo && attempt === 1))) return;
    const poller = azure.compute.virtualMachineScaleSets.setOrchestrationServiceState(set.resourceGroup, set.name, {
      serviceName: 'AutomaticRepairs',
      action,
    });
    const { accepted, open, error } = await writeOnce(poller, { attempted, until, clock, cancelled: order.cancelled });
    if (open) throw notAwaited(attempted);
    if (accepted && error === undefined) return;
    const again = accepted || isBusy(error) || isLostAnswer(error);
    if (!again || hurried || attempt === mostTries) throw armFailure(error, attempted);
    await clock.sleep(Math.min(120_000, 1_000 * 2 ** attempt), cancelled);
    if (cancelled.aborted) throw notAwaited(attempted);
  }
}

const notAwaited = (attempted: string) =>
  new Failure('Cancelled', `${attempted} was not waited for: the run was cancelled`, 'Run the task again.');
