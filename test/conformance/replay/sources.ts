import { addGalleryVersion, addGroup, testSubscription } from '../../azure/compute/builders.ts';
import { addDisk, addManagedImage } from '../../azure/compute/images/builders.ts';
import { addPublicVersion } from '../../azure/compute/images/marketplace.ts';
import { keyOf } from '../../azure/core/ids.ts';
import type { World } from '../../azure/core/world.ts';
import { addVhd } from '../../azure/resources/disks/vhds.ts';
import { addVirtualMachine } from '../../azure/resources/virtual-machines/builder.ts';

/** All that images can be made from and whose ids or addresses stand somewhere in a request. */
export function addSources(world: World, request: string, location: string): void {
  const id =
    /\/resourceGroups\/([^/"]+)\/providers\/Microsoft\.Compute\/(images|galleries|disks|snapshots|virtualMachines)\/([^/"]+)(?:\/images\/([^/"]+))?/gi;
  for (const [, group = '', kind = '', name = '', definition] of request.matchAll(id)) {
    addGroup(world, group, location);
    addSource(world, { group, kind: keyOf(kind), name, location, ...(definition !== undefined && { definition }) });
  }
  for (const [uri] of request.matchAll(/https:\/\/[^"]+\.vhd/gi))
    addVhd(world, uri, { location, ...storageAccount(request) });
  for (const [image] of request.matchAll(/\/communityGalleries\/[^/"]+\/images\/[^/"]+/gi))
    addPublicVersion(world, `${image}/versions/1.0.0`, [location]);
}

function storageAccount(request: string) {
  const storageAccountId = /"(\/[^"]+\/storageAccounts\/[^"]+)"/i.exec(request)?.[1];
  return storageAccountId === undefined ? {} : { storageAccountId };
}

interface Named {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly definition?: string;
  readonly location: string;
}

function addSource(world: World, { group, kind, name, definition, location }: Named): void {
  const compute = `/subscriptions/${testSubscription}/resourceGroups/${group}/providers/Microsoft.Compute`;
  if (kind === 'images') addManagedImage(world, `${compute}/images/${name}`, { location });
  else if (kind === 'galleries' && definition !== undefined)
    addGalleryVersion(world, { group, gallery: name, definition, version: '1.2.3', regions: [location] });
  else if (kind === 'disks' || kind === 'snapshots') addDisk(world, `${compute}/${kind}/${name}`, { location });
  else if (kind === 'virtualmachines') addMachine(world, name, group, location);
}

/** Deallocated and generalized, as an image needs it. */
const addMachine = (world: World, name: string, group: string, location: string): void =>
  void Object.assign(addVirtualMachine(world, { name, group, location }), { power: 'deallocated', generalized: true });
