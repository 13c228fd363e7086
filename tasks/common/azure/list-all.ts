import type { Azure } from './connect.ts';
import { unreadable } from './unreadable.ts';

/** More pages than any such list has: one that never ends is cut off there. */
const mostPages = 20;

export type Entry = Readonly<Record<string, unknown>>;

/** The entries of all pages of a list that the compute client has no call for. */
export async function listAll(azure: Azure, path: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let next: unknown = path;
  for (let page = 0; page < mostPages && typeof next === 'string' && next !== ''; page += 1) {
    const answer = await azure.arm(next);
    if (!isObject(answer) || !Array.isArray(answer['value'])) throw unreadable('The answer is no list');
    entries.push(...answer['value'].filter(isObject));
    next = answer['nextLink'];
  }
  return entries;
}

export const isObject = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
