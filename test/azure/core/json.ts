import type { Json } from './http.ts';

/** Readers of bodies that a client wrote: a value of another kind counts as absent. */
export const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What stands at the end of a path of members: `at(body, 'properties', 'storageProfile')`. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, member) => object(inner)[member], value);

/** Tags as ARM keeps them: text to text. */
export const tagsOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(object(value)).map(([name, tag]) => [name, String(tag)]));

/**
 * Lays a body over what is there. Absent and null members stay as they are, arrays and image references are taken
 * whole (azure.md §2: compute's PUT behaves like PATCH).
 */
export function merge(old: Json, change: Json): Json {
  const merged: Record<string, unknown> = { ...old };
  for (const [member, value] of Object.entries(change)) {
    if (value === undefined || value === null) continue;
    merged[member] = isPlain(value) && member !== 'imageReference' ? merge(object(old[member]), object(value)) : value;
  }
  return merged;
}

const isPlain = (value: unknown) => typeof value === 'object' && !Array.isArray(value);

/** Without these members, at any depth: secrets never leave Azure again. */
export function without(value: unknown, members: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, members));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([member]) => !members.has(member));
  return Object.fromEntries(kept.map(([member, inner]) => [member, without(inner, members)]));
}
