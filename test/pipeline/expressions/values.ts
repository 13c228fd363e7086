/**
 * The values that expressions know and how one becomes another
 * (learn.microsoft.com/azure/devops/pipelines/process/expressions#type-casting).
 */
export type Value = null | boolean | number | string | Version | readonly Value[] | Dictionary;

/** A version literal such as `1.2.3`. */
export class Version {
  constructor(readonly parts: readonly number[]) {}

  /** Two to four numbers joined by dots, or nothing. */
  static parse(text: string): Version | undefined {
    return /^\d+(\.\d+){1,3}$/.test(text.trim()) ? new Version(text.trim().split('.').map(Number)) : undefined;
  }

  toString(): string {
    return this.parts.join('.');
  }
}

/** Named values; names are found whatever their case, and their order is kept. */
export class Dictionary {
  readonly #entries: ReadonlyMap<string, { readonly key: string; readonly value: Value }>;

  constructor(entries: Iterable<readonly [string, Value]>) {
    this.#entries = new Map([...entries].map(([key, value]) => [key.toLowerCase(), { key, value }]));
  }

  get(name: string): Value {
    return this.#entries.get(name.toLowerCase())?.value ?? null;
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  entries(): readonly (readonly [string, Value])[] {
    return [...this.#entries.values()].map(({ key, value }) => [key, value] as const);
  }
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function toBoolean(value: Value): boolean {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  return true;
}

/** Lists and mappings have no text: they become empty, as in `join`. */
export function toText(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  return value instanceof Version ? value.toString() : '';
}

/** A number, or nothing where the value can't be one. `''` is 0; thousands separators are allowed. */
export function toNumber(value: Value): number | undefined {
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text === '') return 0;
  return /^[-+]?(\d[\d,]*)?(\.\d*)?$/.test(text) && /\d/.test(text) ? Number(text.replaceAll(',', '')) : undefined;
}

export function toVersion(value: Value): Version | undefined {
  if (value instanceof Version) return value;
  if (typeof value === 'number')
    return value > 0 && !Number.isInteger(value) ? Version.parse(String(value)) : undefined;
  return typeof value === 'string' ? Version.parse(value) : undefined;
}
