import { type Exception, exceptions } from './exceptions.ts';
import type { Judge } from './judge.ts';
import { type Pair, routeOf } from './pair.ts';

/** What came out of holding a recording against the documents. */
export interface Conclusion {
  readonly pairs: number;
  /** Addresses of operations, which the documents leave out: our own rules alone speak of them. */
  readonly polls: number;
  /** Those that something succeeded in. */
  readonly operations: ReadonlySet<string>;
  readonly exceptionsUsed: ReadonlySet<Exception>;
  /** One text for each kind of deviation, with the test that made it first. */
  readonly deviations: readonly string[];
}

/** Judges every pair; equal deviations of one operation are told once. */
export async function conclude(judge: Judge, pairs: Iterable<Pair>): Promise<Conclusion> {
  const operations = new Set<string>();
  const exceptionsUsed = new Set<Exception>();
  const deviations = new Map<string, string>();
  let count = 0;
  let polls = 0;
  for (const pair of pairs) {
    count += 1;
    const { operation, findings, excused } = await judge(pair);
    if (operation === undefined) polls += 1;
    else if (pair.status < 400) operations.add(operation);
    for (const exception of excused) exceptionsUsed.add(exception);
    for (const { part, code, message, at } of findings) {
      const where = at.replace(/\/\d+(?=\/|$)/g, '/*');
      const what = `${operation ?? routeOf(pair.method, pair.path)} ${pair.query['api-version'] ?? ''}, ${part} of ${pair.status}: ${code} ${where} ${message}`;
      if (!deviations.has(what)) deviations.set(what, `${what}\n    first in: ${pair.test || 'a hook'}`);
    }
  }
  return { pairs: count, polls, operations, exceptionsUsed, deviations: [...deviations.values()] };
}

/** Exceptions that nothing needed: the table may not keep them. */
export const unused = (used: ReadonlySet<Exception>): readonly Exception[] =>
  exceptions.filter((exception) => !used.has(exception));
