import type { Azure } from './connect.ts';
import { readFailure } from './read-failure.ts';
import { unreadable } from './unreadable.ts';

export type Entry = Readonly<Record<string, unknown>>;

/** Longer than any list that we ask for; one that goes on and on is not Azure's. */
const mostPages = 200;

/** A whole list of Resource Manager, page by page; entries that are no objects are left out. */
export async function readList(
  azure: Azure,
  path: string,
  what: string,
): Promise<{ readonly entries: readonly Entry[]; readonly pages: number }> {
  const entries: Entry[] = [];
  let pages = 0;
  try {
    for (let next: unknown = path; typeof next === 'string' && next !== ''; pages += 1) {
      if (pages === mostPages) throw unreadable(`${what} failed: after ${mostPages} pages the list still goes on`);
      const answer = objectIn(await azure.arm(next));
      const { value } = answer;
      if (!Array.isArray(value)) throw unreadable(`${what} failed: the answer is no list`);
      entries.push(...value.filter(isObject));
      next = answer['nextLink'];
    }
  } catch (error) {
    throw readFailure(error, what);
  }
  return { entries, pages };
}

const isObject = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object of foreign data, or an empty one where something else stands. */
export const objectIn = (value: unknown): Entry => (isObject(value) ? value : {});

/** A list of objects of foreign data. */
export const objectsIn = (value: unknown): readonly Entry[] => (Array.isArray(value) ? value.filter(isObject) : []);
