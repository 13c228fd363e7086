import { Dictionary, isList, toBoolean, toText, type Value } from '../expressions/values.ts';
import { type Entry, kindName, type Node } from '../yaml/node.ts';
import { PipelineError, type Place } from '../yaml/problem.ts';
import { evaluateInTemplate, expandText, toNode } from './expressions.ts';
import { type Bound, type Scope, withLocal } from './scope.ts';

/** `${{ if … }}` and its kin, standing where a key would be. */
type Directive =
  | { readonly kind: 'if' | 'elseif'; readonly expression: string }
  | { readonly kind: 'else' | 'insert' }
  | { readonly kind: 'each'; readonly name: string; readonly expression: string };

/** A key of a mapping after expansion. */
export interface Field {
  readonly key: string;
  readonly place: Place;
  readonly value: Bound;
}

/** Replaces a text that is one expression by what the expression gives; anything else stays. */
export function resolve(bound: Bound): Bound {
  const { node, scope } = bound;
  if (node.kind !== 'scalar' || scope.isFinal || !node.text.includes('${{')) return bound;
  const value = expandText(node.text, scope, node.place);
  return { node: toNode(value, node.place), scope: { ...scope, isFinal: true } };
}

/** The fields of a mapping with `if`, `each` and `insert` carried out, one level deep. */
export function fieldsOf(bound: Bound): readonly Field[] {
  const resolved = resolve(bound);
  const fields = [...expandEntries(mapEntries(resolved), resolved.scope)];
  const seen = new Set<string>();
  for (const { key, place } of fields) {
    if (seen.has(key.toLowerCase())) throw new PipelineError(place, `"${key}" is already defined`);
    seen.add(key.toLowerCase());
  }
  return fields;
}

/** The items of a list with `if` and `each` carried out; an item that is an expression with a list is put in flat. */
export function itemsOf(bound: Bound): readonly Bound[] {
  const { node, scope } = resolve(bound);
  if (node.kind === 'scalar' && node.text === '') return [];
  if (node.kind !== 'list') throw new PipelineError(node.place, `a list is wanted here, found ${kindName(node)}`);
  return [...expandItems(node.items, scope)];
}

/** Turns a piece of a file into a value, everything expanded: what a parameter of type object becomes. */
export function toValue(bound: Bound): Value {
  const resolved = resolve(bound);
  if (resolved.node.kind === 'scalar') return expandText(resolved.node.text, resolved.scope, resolved.node.place);
  if (resolved.node.kind === 'list') return itemsOf(resolved).map(toValue);
  return new Dictionary(fieldsOf(resolved).map(({ key, value }) => [key, toValue(value)] as const));
}

function mapEntries({ node }: Bound): readonly Entry[] {
  if (node.kind === 'scalar' && node.text === '') return [];
  if (node.kind !== 'map') throw new PipelineError(node.place, `a mapping is wanted here, found ${kindName(node)}`);
  return node.entries;
}

function* expandEntries(entries: readonly Entry[], scope: Scope): Generator<Field> {
  const branch = new Branch();
  for (const entry of entries) {
    const directive = scope.isFinal ? undefined : directiveOf(entry);
    if (directive === undefined) {
      branch.end();
      const key = toText(expandText(entry.key, scope, entry.place));
      yield { key, place: entry.place, value: { node: entry.value, scope } };
    } else {
      for (const inner of scopesOf(directive, entry.place, scope, branch)) {
        const content = resolve({ node: entry.value, scope: inner });
        yield* expandEntries(mapEntries(content), content.scope);
      }
    }
  }
}

function* expandItems(items: readonly Node[], scope: Scope): Generator<Bound> {
  const branch = new Branch();
  for (const item of items) {
    const directive = scope.isFinal ? undefined : soleDirective(item);
    if (directive !== undefined && !makesOneMapping(directive)) {
      for (const inner of scopesOf(directive.directive, item.place, scope, branch)) {
        const content = resolve({ node: directive.value, scope: inner });
        yield* content.node.kind === 'list' ? expandItems(content.node.items, content.scope) : [content];
      }
    } else {
      branch.end();
      yield* expandItem(item, scope);
    }
  }
}

function* expandItem(item: Node, scope: Scope): Generator<Bound> {
  const resolved = resolve({ node: item, scope });
  const isInserted = item.kind === 'scalar' && resolved.node.kind === 'list';
  yield* isInserted
    ? expandItems(resolved.node.kind === 'list' ? resolved.node.items : [], resolved.scope)
    : [resolved];
}

/** Remembers whether an `if` of the present chain was taken. */
class Branch {
  #state: 'none' | 'open' | 'taken' = 'none';

  end(): void {
    this.#state = 'none';
  }

  start(holds: boolean): boolean {
    this.#state = holds ? 'taken' : 'open';
    return holds;
  }

  orElse(place: Place, holds: () => boolean): boolean {
    if (this.#state === 'none') throw new PipelineError(place, 'there is no "if" before this "else"');
    return this.#state === 'taken' ? false : this.start(holds());
  }
}

/** The scopes in which the content of a directive appears: none, one, or one for each turn. */
function scopesOf(directive: Directive, place: Place, scope: Scope, branch: Branch): readonly Scope[] {
  const holds = (expression: string) => toBoolean(evaluateInTemplate(expression, scope, place));
  switch (directive.kind) {
    case 'if':
      return branch.start(holds(directive.expression)) ? [scope] : [];
    case 'elseif':
      return branch.orElse(place, () => holds(directive.expression)) ? [scope] : [];
    case 'else':
      return branch.orElse(place, () => true) ? [scope] : [];
    case 'insert':
      branch.end();
      return [scope];
    case 'each':
      branch.end();
      return turns(evaluateInTemplate(directive.expression, scope, place), place).map((turn) =>
        withLocal(scope, directive.name, turn),
      );
  }
}

/** `each` over a mapping gives pairs with `key` and `value`. */
function turns(over: Value, place: Place): readonly Value[] {
  if (isList(over)) return over;
  if (over instanceof Dictionary) {
    return over.entries().map(
      ([key, value]) =>
        new Dictionary([
          ['key', key],
          ['value', value],
        ]),
    );
  }
  if (over === null || over === '') return [];
  throw new PipelineError(place, `"each" needs a list or a mapping, found "${toText(over)}"`);
}

function soleDirective(item: Node): { readonly directive: Directive; readonly value: Node } | undefined {
  const entry = item.kind === 'map' && item.entries.length === 1 ? item.entries[0] : undefined;
  const directive = entry && directiveOf(entry);
  return entry && directive && { directive, value: entry.value };
}

/** `each` over pairs that are keys, not items: all turns together are one mapping (process/template-expressions). */
function makesOneMapping({ directive, value }: NonNullable<ReturnType<typeof soleDirective>>): boolean {
  return directive.kind === 'each' && value.kind === 'map';
}

function directiveOf(entry: Entry): Directive | undefined {
  const inside = /^\$\{\{(.*)\}\}$/s.exec(entry.key.trim())?.[1]?.trim();
  if (inside === undefined) return undefined;
  const each = /^each\s+([A-Za-z_]\w*)\s+in\s+(.+)$/s.exec(inside);
  if (each) return { kind: 'each', name: each[1] ?? '', expression: each[2] ?? '' };
  const test = /^(if|elseif)\b(.+)$/s.exec(inside);
  if (test) return { kind: test[1] as 'if' | 'elseif', expression: test[2] ?? '' };
  return inside === 'else' || inside === 'insert' ? { kind: inside } : undefined;
}
