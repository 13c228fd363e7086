import type { Azure } from './connect.ts';
import { type Entry, isObject, objectIn } from './entry.ts';
import { readFailure } from './read-failure.ts';
import { unreadable } from './unreadable.ts';

/** Longer than any list that we ask for; one that goes on and on is not Azure's. */
const mostPages = 200;

export interface List {
  readonly entries: readonly Entry[];
  readonly pages: number;
}

/** A whole list of Resource Manager, for which the compute client has no call. Rejects with a `Failure` that says what it was. */
export async function readList(azure: Azure, path: string, what: string): Promise<List> {
  try {
    return await listAll(azure, path, what);
  } catch (error) {
    throw readFailure(error, what);
  }
}

/** The same, with what Azure answered as it came. Page by page; entries that are no objects are left out. */
export async function listAll(azure: Azure, path: string, what: string): Promise<List> {
  const entries: Entry[] = [];
  let pages = 0;
  for (let next: unknown = path; typeof next === 'string' && next !== ''; pages += 1) {
    if (pages === mostPages) throw unreadable(`${what} failed: after ${mostPages} pages the list still goes on`);
    const answer = objectIn(await azure.arm(next));
    const { value } = answer;
    if (!Array.isArray(value)) throw unreadable(`${what} failed: the answer is no list`);
    entries.push(...value.filter(isObject));
    next = answer['nextLink'];
  }
  return { entries, pages };
}
