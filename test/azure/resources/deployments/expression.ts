import { ArmError } from '../../core/arm-errors.ts';

/** What a template function gets: values by name, and the place of the deployment. */
export interface Scope {
  readonly subscriptionId: string;
  readonly group: { readonly id: string; readonly name: string; readonly location: string };
  readonly parameter: (name: string) => unknown;
  readonly variable: (name: string) => unknown;
  /** What is there under an id or a name; only outputs may ask, because only then everything is made. */
  readonly reference?: (idOrName: string) => unknown;
}

/**
 * Evaluates the strings of a template: `[concat('a', parameters('b'))]` is an expression, `[[x` is the text `[x`, the
 * rest is text. Syntax: https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions
 */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [evaluate(name, scope), evaluate(inner, scope)]),
    );
  if (typeof value !== 'string' || !value.startsWith('[') || !value.endsWith(']')) return value;
  if (value.startsWith('[[')) return value.slice(1);
  return new Reader(value.slice(1, -1), scope).whole();
}

const tokens = /\s*(?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z_][\w]*)|([()[\],.]))/y;

/** A recursive descent over function calls, members and indexes. */
class Reader {
  readonly #scope: Scope;
  readonly #source: string;
  readonly #tokens: Token[];
  #at = 0;

  constructor(source: string, scope: Scope) {
    this.#source = source;
    this.#scope = scope;
    this.#tokens = this.#split(source);
  }

  whole(): unknown {
    const value = this.#expression();
    if (this.#at < this.#tokens.length) throw this.#broken();
    return value;
  }

  #expression(): unknown {
    let value = this.#primary();
    for (;;) {
      if (this.#take('.')) value = this.#member(value, this.#next().text);
      else if (this.#take('[')) {
        value = this.#member(value, String(this.#expression()));
        this.#expect(']');
      } else return value;
    }
  }

  #primary(): unknown {
    const token = this.#next();
    if (token.kind === 'text') return token.text;
    if (token.kind === 'number') return Number(token.text);
    if (token.kind !== 'name') throw this.#broken();
    this.#expect('(');
    return this.#call(token.text, this.#arguments());
  }

  #arguments(): unknown[] {
    const values: unknown[] = [];
    if (this.#take(')')) return values;
    do values.push(this.#expression());
    while (this.#take(','));
    this.#expect(')');
    return values;
  }

  #call(name: string, values: readonly unknown[]): unknown {
    const known = functions[name.toLowerCase()];
    if (!known) throw invalidTemplate(`The template function '${name}' is not known to the simulated Azure.`);
    return known(this.#scope, values);
  }

  #member(value: unknown, name: string): unknown {
    const members = (value ?? {}) as Record<string, unknown>;
    if (typeof value === 'object' && name in members) return members[name];
    throw invalidTemplate(`The language expression property '${name}' doesn't exist: '${this.#source}'.`);
  }

  #take(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#broken();
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (!token) throw this.#broken();
    return token;
  }

  #split(source: string): Token[] {
    const found: Token[] = [];
    tokens.lastIndex = 0;
    while (source.slice(tokens.lastIndex).trim() !== '') {
      const match = tokens.exec(source);
      if (!match) throw this.#broken();
      found.push(tokenOf(match));
    }
    return found;
  }

  #broken = () => invalidTemplate(`Unable to parse language expression '${this.#source}'.`);
}

interface Token {
  readonly kind: 'text' | 'number' | 'name' | 'sign';
  readonly text: string;
}

function tokenOf([, text, number, name, sign]: RegExpExecArray): Token {
  if (text !== undefined) return { kind: 'text', text: text.replaceAll("''", "'") };
  if (number !== undefined) return { kind: 'number', text: number };
  return name !== undefined ? { kind: 'name', text: name } : { kind: 'sign', text: sign ?? '' };
}

type TemplateFunction = (scope: Scope, values: readonly unknown[]) => unknown;

/** What Packer's templates and hand-written ones for scale sets use; the rest is refused by name. */
const functions: Readonly<Record<string, TemplateFunction>> = {
  parameters: (scope, [name]) => scope.parameter(String(name)),
  variables: (scope, [name]) => scope.variable(String(name)),
  concat: (_scope, values) => (Array.isArray(values[0]) ? values.flat() : values.map(String).join('')),
  resourcegroup: ({ group }) => group,
  subscription: ({ subscriptionId }) => ({ id: `/subscriptions/${subscriptionId}`, subscriptionId }),
  resourceid: resourceId,
  reference(scope, [idOrName]) {
    if (!scope.reference)
      throw invalidTemplate("The simulated Azure knows the template function 'reference' in outputs only");
    return scope.reference(String(idOrName));
  },
  tolower: (_scope, [value]) => String(value).toLowerCase(),
  toupper: (_scope, [value]) => String(value).toUpperCase(),
};

/** `resourceId([subscription], [group], 'Provider/type/subtype', 'name', 'subname')` */
function resourceId(scope: Scope, values: readonly unknown[]): string {
  const words = values.map(String);
  const at = words.findIndex((word) => word.includes('/'));
  if (at < 0) throw invalidTemplate(`resourceId needs a type with its provider: ${words.join(', ')}.`);
  const [provider = '', ...types] = (words[at] ?? '').split('/');
  const names = words.slice(at + 1);
  const before = words.slice(0, at);
  const group = before.at(-1) ?? scope.group.name;
  const subscription = before.length > 1 ? before[0] : scope.subscriptionId;
  const path = types.map((type, index) => `${type}/${names[index]}`).join('/');
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${provider}/${path}`;
}

export const invalidTemplate = (message: string) =>
  new ArmError(400, 'InvalidTemplate', `Deployment template validation failed: '${message}'.`);
