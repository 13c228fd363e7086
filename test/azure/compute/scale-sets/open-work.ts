import { conflict, notAllowed } from '../../core/arm-errors.ts';
import type { World } from '../../core/world.ts';
import type { OpenWork, ScaleSet } from '../state.ts';

/** Refuses work that Azure would not start beside what is open on this set (azure.md §2, concurrency). */
export function refuseConflict(
  world: World,
  set: ScaleSet,
  kind: OpenWork['kind'],
  instanceIds: readonly string[] = [],
): void {
  if (set.provisioningState === 'Deleting')
    throw notAllowed(`Operation is not allowed on VM Scale Set '${set.name}' since it is marked for deletion.`);
  const wanted: OpenWork = { kind, startedAt: world.clock.now(), instanceIds };
  for (const open of set.open) if (conflicts(world, open, wanted)) throw conflict();
}

function conflicts(world: World, open: OpenWork, wanted: OpenWork): boolean {
  const { settings } = world;
  const sameInstance = wanted.instanceIds.some((id) => open.instanceIds.includes(id));
  if (open.kind === 'machineWork' || wanted.kind === 'machineWork') return sameInstance;
  if (open.kind === 'setWrite') return true;
  if (wanted.kind === 'setWrite') return settings.writeDuringInstanceWork === 'conflict';
  if (sameInstance) return true;
  if (open.kind === 'instanceWrite' && wanted.kind === 'instanceWrite') return true;
  switch (settings.manualUpgradeConcurrency) {
    case 'overlap':
      return false;
    case 'startConflict':
      return wanted.startedAt - open.startedAt < settings.startConflictMs;
    case 'exclusive':
      return true;
  }
}

/** Marks work as open; the returned function closes it and says whether it went well. */
export function begin(world: World, set: ScaleSet, kind: OpenWork['kind'], instanceIds: readonly string[] = []) {
  const work: OpenWork = { kind, startedAt: world.clock.now(), instanceIds };
  set.open.add(work);
  if (set.provisioningState !== 'Creating' && isOfSet(work)) show(world, set, 'Updating');
  return (succeeded: boolean): void => {
    if (!set.open.delete(work) || !isOfSet(work) || set.provisioningState === 'Deleting') return;
    if ([...set.open].some(isOfSet)) return;
    show(world, set, succeeded ? 'Succeeded' : 'Failed');
  };
}

/** What is done to a Flexible set's machine by its own path does not keep the set busy: own. */
const isOfSet = ({ kind }: OpenWork) => kind !== 'machineWork';

function show(world: World, set: ScaleSet, state: ScaleSet['provisioningState']): void {
  if (set.provisioningState === state) return;
  set.provisioningState = state;
  if (world.settings.etagFollowsState) set.etag += 1;
}
