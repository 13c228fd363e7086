import { RestError } from '@azure/core-rest-pipeline';
import type { Replacing, Start } from '../execute/fleet.ts';
import { armFailure, isLostAnswer } from './arm-failure.ts';
import { isBusy } from './busy.ts';
import type { Azure } from './connect.ts';
import type { ScaleSetRef } from './scale-set.ts';

/** The upgrade calls of one run: each is started once, and what becomes of it is asked at the next look. */
export interface UpgradeCalls {
  start(nodeIds: readonly string[], by: Replacing): Promise<Start>;
  /** What became of calls that have ended since the last time. */
  ended(): Promise<Ended>;
  /** Nodes of reimage calls that have ended well, as far as `ended` has seen: their disks need not show it. */
  readonly renewed: ReadonlySet<string>;
}

export interface Ended {
  /** Why a call failed, by the nodes that it was for. */
  readonly problems: ReadonlyMap<string, string>;
  /** Nodes of reimage calls that end without telling of the single node: others may be why it failed, or nobody could ask. */
  readonly unsure: ReadonlySet<string>;
}

type Poller = ReturnType<Azure['compute']['virtualMachineScaleSets']['updateInstances']>;

interface OpenCall {
  readonly nodeIds: readonly string[];
  readonly by: Replacing;
  readonly poller: Poller;
}

/** A reimage gives the instance its own image again, whatever the model names (reimage-virtual-machine page, azure.md §2). */
const begin: Readonly<Record<Replacing, (azure: Azure, set: ScaleSetRef, instanceIds: string[]) => Poller>> = {
  upgrade: ({ compute }, { resourceGroup, name }, instanceIds) =>
    compute.virtualMachineScaleSets.updateInstances(resourceGroup, name, { instanceIds }),
  reimage: ({ compute }, { resourceGroup, name }, instanceIds) =>
    compute.virtualMachineScaleSets.reimage(resourceGroup, name, { vmScaleSetReimageInput: { instanceIds } }),
};

const attempted: Readonly<Record<Replacing, string>> = { upgrade: 'Upgrading', reimage: 'Reimaging' };

/**
 * `POST …/manualupgrade` (virtual-machine-scale-sets/update-instances) and `POST …/reimage`. Whether a second one is taken while the first
 * is open is not proven: a 409 is an answer here, not an error. The outcome of a call says nothing of a single node;
 * the list does, so a failure is only kept as the reason for nodes that turn out broken.
 */
export function upgradeCalls(azure: Azure, set: ScaleSetRef): UpgradeCalls {
  let open: readonly OpenCall[] = [];
  const renewed = new Set<string>();
  return {
    renewed,
    async start(nodeIds, by) {
      const poller = begin[by](azure, set, [...nodeIds]);
      try {
        await poller.submitted();
      } catch (error) {
        if (isBusy(error)) return open.length > 0 ? 'behindOurs' : 'busy';
        if (isLostAnswer(error)) return 'unsure';
        throw armFailure(error, `${attempted[by]} instances ${nodeIds.join(', ')} of scale set ${set.name}`);
      }
      open = [...open, { nodeIds, by, poller }];
      return 'accepted';
    },
    async ended() {
      const found = await Promise.all(open.map(problemOf));
      const reimages = open.filter(({ by, poller }) => by === 'reimage' && poller.isDone);
      const [well, others] = [reimages.filter(hasSucceeded), reimages.filter((call) => !hasSucceeded(call))];
      for (const id of idsOf(well)) renewed.add(id);
      const problems = new Map(found.flat());
      const unsure = others.filter(({ nodeIds: [id = '', ...more] }) => more.length > 0 || !problems.has(id));
      open = open.filter(({ poller }) => !poller.isDone);
      return { problems, unsure: new Set(idsOf(unsure)) };
    },
  };
}

const hasSucceeded = ({ poller }: OpenCall) => poller.operationState?.status === 'succeeded';

const idsOf = (calls: readonly OpenCall[]) => calls.flatMap(({ nodeIds }) => nodeIds);

/** A poll that got no answer says nothing of the operation, although the SDK then takes it for failed (core-lro). */
async function problemOf({ nodeIds, by, poller }: OpenCall): Promise<readonly (readonly [string, string])[]> {
  try {
    const state = poller.isDone ? poller.operationState : await poller.poll();
    if (state?.status !== 'failed' && state?.status !== 'canceled') return [];
    return withReason(nodeIds, by, state.error ?? new Error(`the operation was ${state.status}`));
  } catch (error) {
    return hasEndedBadly(error) ? withReason(nodeIds, by, error) : [];
  }
}

/** The status document of an operation came, and says that it failed: `answer-policy.ts` throws it without a status. */
const hasEndedBadly = (error: unknown) =>
  error instanceof RestError && error.statusCode === undefined && error.response?.status === 200;

const withReason = (nodeIds: readonly string[], by: Replacing, error: unknown) => {
  const { message } = armFailure(error, by === 'reimage' ? 'Reimage' : 'Upgrade');
  return nodeIds.map((id) => [id, message] as const);
};
