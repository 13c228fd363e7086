import { badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { at, list, object, text } from '../../core/json.ts';
import type { Child } from '../state.ts';

/** Gives each part an id under its owner's and an empty `properties`; parts that were not written are empty arrays. */
export function withPartIds(id: string, properties: Json, parts: readonly string[]): Json {
  const filled = parts.map((part) => [part, list(properties[part]).map((item) => child(id, part, object(item)))]);
  return { ...properties, ...Object.fromEntries(filled) };
}

export function child(ownerId: string, part: string, item: Json): Child {
  const name = text(item['name']);
  if (name === undefined) throw badRequest(`Each of ${part} needs a name.`, part);
  const { id: _written, name: _name, properties, etag: _etag, type: _type, ...rest } = item;
  return { ...rest, id: `${ownerId}/${part}/${name}`, name, properties: object(properties) };
}

/** The parts as a read shows them: each with its owner's etag and state. */
export function shownParts(properties: Json, parts: readonly string[], etag: string, provisioningState: string): Json {
  const shown = parts.map((part) => [
    part,
    list(properties[part]).map((item) => showPart(object(item), etag, provisioningState)),
  ]);
  return { ...properties, ...Object.fromEntries(shown) };
}

const showPart = (item: Json, etag: string, provisioningState: string) => ({
  ...item,
  etag,
  properties: { ...object(item['properties']), provisioningState },
});

/** The parts of this name, as they are kept. */
export const partsOf = (properties: Json, part: string): readonly Child[] => list(properties[part]) as readonly Child[];

/** The id at the end of a path of members: `idAt(properties, 'subnet')` of `{ subnet: { id } }`. */
export const idAt = (value: unknown, ...path: readonly string[]): string | undefined => text(at(value, ...path, 'id'));
