import { Dictionary } from '../expressions/values.ts';
import type { Masker } from './masking.ts';

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly readOnly: boolean;
  readonly preserveCase: boolean;
}

type Marks = Partial<Pick<Variable, 'secret' | 'readOnly' | 'preserveCase'>>;

const maxDepth = 50;

/** The variables of one job: names whatever their case, values with `$(macros)` in them (agent: Variables.cs). */
export class Variables {
  readonly #variables = new Map<string, Variable>();

  constructor(private readonly masker: Masker) {}

  /** Once secret or read-only, a name stays so. */
  set(name: string, value: string, marks: Marks = {}): void {
    const before = this.#variables.get(name.toLowerCase());
    const secret = (marks.secret ?? false) || (before?.secret ?? false);
    const readOnly = (marks.readOnly ?? false) || (before?.readOnly ?? false);
    if (secret) this.masker.add(value);
    const preserveCase = marks.preserveCase ?? false;
    this.#variables.set(name.toLowerCase(), { name, value, secret, readOnly, preserveCase });
  }

  isReadOnly(name: string): boolean {
    return this.#variables.get(name.toLowerCase())?.readOnly ?? false;
  }

  get(name: string): string | undefined {
    const found = this.#variables.get(name.toLowerCase());
    return found && this.#expanded(found).value;
  }

  /** Every variable with the macros in its value filled in; what holds a secret is secret. */
  all(): readonly Variable[] {
    return [...this.#variables.values()].map((variable) => this.#expanded(variable));
  }

  asDictionary(): Dictionary {
    return new Dictionary(this.all().map(({ name, value }) => [name, value] as const));
  }

  /** Fills in `$(name)`; an unknown name stays as it is written, and what is filled in is not looked at again. */
  expand(text: string, environment: Readonly<Record<string, string>> = {}): string {
    return fillMacros(
      fillMacros(text, (name) => this.get(name)),
      (name) => environment[name],
    );
  }

  #expanded(variable: Variable): Variable {
    const seen: Variable[] = [];
    const value = this.#fill(variable, [], seen);
    const secret = variable.secret || seen.some((inner) => inner.secret);
    if (value === undefined || value === variable.value) return { ...variable, secret };
    if (secret) this.masker.add(value);
    return { ...variable, value, secret };
  }

  /** Nothing where a value holds itself: such a variable stays unexpanded (agent: RecalculateExpanded). */
  #fill(variable: Variable, path: readonly string[], seen: Variable[]): string | undefined {
    const key = variable.name.toLowerCase();
    if (path.includes(key) || path.length > maxDepth) return undefined;
    let isCircle = false;
    const value = fillMacros(variable.value, (name) => {
      const inner = this.#variables.get(name.toLowerCase());
      if (inner === undefined) return undefined;
      seen.push(inner);
      const filled = this.#fill(inner, [...path, key], seen);
      isCircle ||= filled === undefined;
      return filled;
    });
    return isCircle ? undefined : value;
  }
}

/**
 * Fills in `$(name)` from left to right. After a name that is not found the search goes on one character later, so the
 * inner macro of `$(echo $(name))` is found (agent: VarUtil.ExpandValues).
 */
export function fillMacros(text: string, lookUp: (name: string) => string | undefined): string {
  let filled = '';
  let rest = text;
  for (;;) {
    const start = rest.indexOf('$(');
    const end = start < 0 ? -1 : rest.indexOf(')', start + 2);
    if (end < 0) return filled + rest;
    const value = end > start + 2 ? lookUp(rest.slice(start + 2, end)) : undefined;
    filled += rest.slice(0, start) + (value ?? '$');
    rest = rest.slice(value === undefined ? start + 1 : end + 1);
  }
}

/** `Agent.TempDirectory` as `AGENT_TEMPDIRECTORY` (agent: VarUtil.ConvertToEnvVariableFormat). */
export function environmentName(name: string, preserveCase = false): string {
  const flat = name.replaceAll('.', '_').replaceAll(' ', '_');
  return preserveCase ? flat : flat.toUpperCase();
}
