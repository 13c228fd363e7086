import { badRequest } from '../../core/arm-errors.ts';
import { keyOf, regionKey } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { Vhd } from '../state.ts';

/** Puts a blob into a storage account: the account itself is not simulated. */
export function addVhd(world: World, uri: string, vhd: Partial<Omit<Vhd, 'uri'>> = {}): Vhd {
  const storageAccountId = '/subscriptions/s/resourceGroups/storage/providers/Microsoft.Storage/storageAccounts/store';
  const added = { uri, storageAccountId, location: 'koreacentral', sizeGB: 30, content: { content: uri }, ...vhd };
  world.resources.vhds.set(keyOf(uri), added);
  return added;
}

/** A page blob by its address, in the region where it is wanted; sentences are ours. */
export function findVhd(world: World, uri: string, location: string, target: string, storageAccountId?: string): Vhd {
  const vhd = world.resources.vhds.get(keyOf(uri));
  if (!vhd) throw badRequest(`The blob '${uri}' was not found.`, target);
  if (regionKey(vhd.location) !== regionKey(location))
    throw badRequest(`The blob '${uri}' is in ${vhd.location}; it must be in ${location}.`, target);
  if (storageAccountId !== undefined && keyOf(storageAccountId) !== keyOf(vhd.storageAccountId))
    throw badRequest(`The blob '${uri}' does not belong to storage account '${storageAccountId}'.`, target);
  return vhd;
}
