import { ArmError } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import { findNetworkResource } from './find.ts';
import { partsOf } from './parts.ts';

/** Every network resource that a body refers to must be there; its own parts count as written. */
export function checkReferences(world: World, id: string, properties: Json): void {
  for (const wanted of referencesIn(properties)) {
    const owner = ownerOf(wanted);
    const there = keyOf(owner) === keyOf(id) ? hasPart(properties, owner, wanted) : isThere(world, owner, wanted);
    if (!there) throw invalidReference(wanted, id);
  }
}

function isThere(world: World, owner: string, wanted: string): boolean {
  const found = findNetworkResource(world, owner);
  return found !== undefined && hasPart(found.properties, owner, wanted);
}

function hasPart(properties: Json, owner: string, wanted: string): boolean {
  const [part, name] = wanted.slice(owner.length + 1).split('/');
  if (part === undefined || name === undefined) return true;
  return partsOf(properties, part).some((known) => keyOf(known.name) === keyOf(name));
}

/** `…/virtualNetworks/net` of `…/virtualNetworks/net/subnets/one` */
export const ownerOf = (id: string) => id.split('/').slice(0, 9).join('/');

/** Ids of network resources that stand alone in an object, as a reference does; a part with a name is no reference. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  const { id, name, ...rest } = value as Record<string, unknown>;
  const own = typeof id === 'string' && name === undefined && /\/providers\/Microsoft\.Network\//i.test(id) ? [id] : [];
  return [...own, ...Object.values(rest).flatMap(referencesIn)];
}

const invalidReference = (wanted: string, id: string) =>
  new ArmError(
    400,
    'InvalidResourceReference',
    `Resource ${wanted} referenced by resource ${id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  );
