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
  if (open.kind === 'setWrite') return true;
  if (wanted.kind === 'setWrite') return settings.writeDuringInstanceWork === 'conflict';
  if (wanted.instanceIds.some((id) => open.instanceIds.includes(id))) return true;
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
  if (set.provisioningState !== 'Creating') show(world, set, 'Updating');
  return (succeeded: boolean): void => {
    if (!set.open.delete(work) || set.open.size > 0 || set.provisioningState === 'Deleting') return;
    show(world, set, succeeded ? 'Succeeded' : 'Failed');
  };
}

function show(world: World, set: ScaleSet, state: ScaleSet['provisioningState']): void {
  if (set.provisioningState === state) return;
  set.provisioningState = state;
  if (world.settings.etagFollowsState) set.etag += 1;
}
