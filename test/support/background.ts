const all: (() => Promise<unknown>)[] = [];

/**
 * Work in processes of their own that a test waits for. Where all tests run it begins with the first of them
 * (test/conformance/root-hooks.ts) and takes what they leave of the machine; otherwise when it is waited for.
 */
export function inBackground<Result>(begin: () => Promise<Result>): () => Promise<Result> {
  let begun: Promise<Result> | undefined;
  const once = () => {
    begun ??= begin();
    return begun;
  };
  all.push(once);
  return once;
}

export function beginAll(): void {
  for (const begin of all) begin().catch(() => {}); // the test that waits for it hears it
}
