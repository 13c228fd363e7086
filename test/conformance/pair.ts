/** One request and its answer, as plain data: enough to hold them against Azure's documents later. */
export interface Pair {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Undefined when there was none, a string when it was no JSON. */
  readonly requestBody: unknown;
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly responseBody: unknown;
  /** The test that made it first. */
  readonly test: string;
}

/** One thing that is not as Azure's documents have it. */
export interface Finding {
  readonly part: 'request' | 'response';
  readonly code: string;
  readonly message: string;
  /** Where in the body, `/properties/sku`; empty for the whole. */
  readonly at: string;
}

/** `GET /subscriptions/{}/resourceGroups/{}/…`: a path with what clients name left out. */
export function routeOf(method: string, path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  return `${method} /${parts.map((part, index) => (isName(parts, index) ? '{}' : part.toLowerCase())).join('/')}`;
}

/** In an ARM path, types and names take turns; they start again after `providers/{namespace}`. */
function isName(parts: readonly string[], index: number): boolean {
  const provider = parts.map((part) => part.toLowerCase()).lastIndexOf('providers', index);
  if (provider === -1) return index % 2 === 1;
  if (index <= provider + 1) return false;
  return (index - provider) % 2 === 1;
}

/**
 * What a body looks like to a schema: members, kinds of values, and words as they are, since they may belong to an
 * enumeration. Ids, times, numbers and texts are only their kind, and equal elements of a list count once.
 */
export function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].sort().join()}]`;
  if (value === null) return 'null';
  if (typeof value === 'object') {
    const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return `{${members.map(([name, inner]) => `${name}:${freeText.has(name) ? typeof inner : shapeOf(inner)}`).join()}}`;
  }
  if (typeof value === 'string') return /^[A-Z][A-Za-z_]{1,40}$/.test(value) ? value : 'text';
  return typeof value;
}

/** Members whose values anybody chooses: their words are no enumeration. */
const freeText = new Set(['tags', 'message', 'code', 'output', 'error', 'script', 'id', 'name', 'settings']);
