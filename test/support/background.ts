import type { Suite } from 'mocha';

const all: { readonly suite: Suite; readonly begin: () => Promise<unknown> }[] = [];

/**
 * Work in processes of their own that the tests of a suite wait for. Where all tests run it begins with the first of them
 * (test/conformance/root-hooks.ts) and takes what they leave of the machine; otherwise when it is waited for.
 */
export function inBackground<Result>(suite: Suite, begin: () => Promise<Result>): () => Promise<Result> {
  let begun: Promise<Result> | undefined;
  const once = () => {
    begun ??= begin();
    return begun;
  };
  all.push({ suite, begin: once });
  return once;
}

/** Begins what suites below this one wait for, and has those suites come last. */
export function beginInBackground(root: Suite): void {
  const theirs = all.filter(({ suite }) => suite.parent === root);
  for (const { begin } of theirs) begin().catch(() => {}); // the test that waits for it hears it
  const waiting = new Set(theirs.map(({ suite }) => suite));
  root.suites.sort((one, other) => Number(waiting.has(one)) - Number(waiting.has(other)));
}
