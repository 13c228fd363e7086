import { createHash } from 'node:crypto';
import { settle, type World } from '../azure/index.ts';

/**
 * One word for everything that the simulated Azure keeps: groups, sets with tags and models, instances, run commands,
 * galleries, versions, images, disks, networks, autoscale, locks, roles, and which operations were started. What merely
 * counts calls (rate limits) or proves who somebody is (sign-in) is left out.
 */
export function worldHash(world: World): string {
  settle(world);
  return createHash('sha256').update(worldText(world)).digest('hex');
}

/** What the hash is made of, for a test that wants to see the difference. */
export function worldText(world: World): string {
  const { buckets: _calls, ...compute } = world.compute;
  const operations = [...world.operations.keys()];
  const { resources, authorization, autoscale } = world;
  return JSON.stringify(plain({ resources, compute, autoscale, authorization, operations }), null, 1);
}

/** The same text for the same state: keys in order, maps and sets as what is in them, functions left out. */
function plain(value: unknown, above: readonly unknown[] = []): unknown {
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) throw new TypeError('The state of the simulated Azure holds itself');
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((one) => plain(one, inside));
  if (value instanceof Set) return [...value].map((one) => plain(one, inside));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(
    entries
      .map(([key, one]) => [String(key), plain(one, inside)] as const)
      .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)),
  );
}
