import { RestError } from '@azure/core-rest-pipeline';
import type { Start } from '../execute/fleet.ts';
import { armFailure, isLostAnswer } from './arm-failure.ts';
import { isBusy } from './busy.ts';
import type { Azure } from './connect.ts';
import type { ScaleSetRef } from './scale-set.ts';

/** The upgrade calls of one run: each is started once, and what becomes of it is asked at the next look. */
export interface UpgradeCalls {
  start(nodeIds: readonly string[]): Promise<Start>;
  /** Errors of calls that have ended since the last time, by node. */
  problems(): Promise<ReadonlyMap<string, string>>;
}

interface OpenCall {
  readonly nodeIds: readonly string[];
  readonly poller: ReturnType<Azure['compute']['virtualMachineScaleSets']['updateInstances']>;
}

/**
 * `POST …/manualupgrade` (virtual-machine-scale-sets/update-instances). Whether a second one is taken while the first
 * is open is not proven: a 409 is an answer here, not an error. The outcome of a call says nothing of a single node;
 * the list does, so a failure is only kept as the reason for nodes that turn out broken.
 */
export function upgradeCalls(azure: Azure, set: ScaleSetRef): UpgradeCalls {
  let open: readonly OpenCall[] = [];
  return {
    async start(nodeIds) {
      const poller = azure.compute.virtualMachineScaleSets.updateInstances(set.resourceGroup, set.name, {
        instanceIds: [...nodeIds],
      });
      try {
        await poller.submitted();
      } catch (error) {
        if (isBusy(error)) return 'busy';
        if (isLostAnswer(error)) return 'unsure';
        throw armFailure(error, `Upgrading instances ${nodeIds.join(', ')} of scale set ${set.name}`);
      }
      open = [...open, { nodeIds, poller }];
      return 'accepted';
    },
    async problems() {
      const found = await Promise.all(open.map(problemOf));
      open = open.filter(({ poller }) => !poller.isDone);
      return new Map(found.flat());
    },
  };
}

/** A poll that got no answer says nothing of the operation, although the SDK then takes it for failed (core-lro). */
async function problemOf({ nodeIds, poller }: OpenCall): Promise<readonly (readonly [string, string])[]> {
  try {
    const state = poller.isDone ? poller.operationState : await poller.poll();
    if (state?.status !== 'failed' && state?.status !== 'canceled') return [];
    return withReason(nodeIds, state.error ?? new Error(`the operation was ${state.status}`));
  } catch (error) {
    return hasEndedBadly(error) ? withReason(nodeIds, error) : [];
  }
}

/** The status document of an operation came, and says that it failed: `answer-policy.ts` throws it without a status. */
const hasEndedBadly = (error: unknown) =>
  error instanceof RestError && error.statusCode === undefined && error.response?.status === 200;

const withReason = (nodeIds: readonly string[], error: unknown) => {
  const { message } = armFailure(error, 'Upgrade');
  return nodeIds.map((id) => [id, message] as const);
};
