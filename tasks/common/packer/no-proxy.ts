export interface NoProxy {
  /** Entries of NO_PROXY: a host counts for its subdomains too, a leading dot for subdomains alone. */
  readonly hosts: readonly string[];
  /** Expressions that NO_PROXY has no words for. */
  readonly untold: readonly string[];
}

/**
 * The agent's bypass list holds regular expressions that it matches against `scheme://host`; NO_PROXY only knows
 * hosts. The common shapes are translated, the others are named so that the task can say so.
 */
export function noProxy(bypass: readonly string[]): NoProxy {
  const told = bypass.map((expression) => ({ expression, host: hostIn(expression) }));
  return {
    hosts: told.flatMap(({ host }) => (host === undefined ? [] : [host])),
    untold: told.filter(({ host }) => host === undefined).map(({ expression }) => expression),
  };
}

function hostIn(expression: string): string | undefined {
  const bare = expression
    .trim()
    .replace(/^\^/, '')
    .replace(/^\(?https\??\)?:(\/\/|\\\/\\\/)/, '')
    .replace(/\$$/, '')
    .replace(/^(\.\*|\.\+|\[\^\.\]\+)(?=\\\.|[A-Za-z0-9])/, '')
    .replaceAll('\\.', '.');
  return /^\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(bare) ? bare : undefined;
}
