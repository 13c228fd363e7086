import { areEqual, compare } from './compare.ts';
import type { Expression } from './parse.ts';
import { ExpressionError } from './tokens.ts';
import { Dictionary, isList, toBoolean, toText, type Value, Version } from './values.ts';

/** Arguments are given unevaluated, since `and`, `or`, `iif` and others stop at the first answer. */
type Evaluate = (arg: Expression) => Value;
type BuiltIn = {
  readonly min: number;
  readonly max: number;
  readonly run: (args: readonly Expression[], evaluate: Evaluate) => Value;
};

/** The functions of learn.microsoft.com/azure/devops/pipelines/process/expressions#functions that are played. */
const builtIns: ReadonlyMap<string, BuiltIn> = new Map<string, BuiltIn>([
  ['and', lazy(2, Infinity, (args, evaluate) => args.every((arg) => toBoolean(evaluate(arg))))],
  ['or', lazy(2, Infinity, (args, evaluate) => args.some((arg) => toBoolean(evaluate(arg))))],
  ['xor', eager(2, 2, ([left, right]) => toBoolean(left) !== toBoolean(right))],
  ['not', eager(1, 1, ([value]) => !toBoolean(value))],
  ['eq', eager(2, 2, ([left, right]) => areEqual(left, right))],
  ['ne', eager(2, 2, ([left, right]) => !areEqual(left, right))],
  ['gt', ordered('gt', (order) => order > 0)],
  ['ge', ordered('ge', (order) => order >= 0)],
  ['lt', ordered('lt', (order) => order < 0)],
  ['le', ordered('le', (order) => order <= 0)],
  ['in', lazy(1, Infinity, ([left, ...rest], evaluate) => isIn(left, rest, evaluate))],
  ['notin', lazy(1, Infinity, ([left, ...rest], evaluate) => !isIn(left, rest, evaluate))],
  ['coalesce', lazy(2, Infinity, coalesce)],
  ['iif', lazy(3, 3, ([test, yes, no], evaluate) => evaluate(given(toBoolean(evaluate(given(test))) ? yes : no)))],
  ['contains', folded((left, right) => left.includes(right))],
  ['startswith', folded((left, right) => left.startsWith(right))],
  ['endswith', folded((left, right) => left.endsWith(right))],
  ['containsvalue', eager(2, 2, ([of, value]) => valuesOf(of).some((item) => areEqual(value, item)))],
  ['format', eager(1, Infinity, ([pattern, ...values]) => format(toText(pattern), values))],
  ['join', eager(2, 2, ([between, of]) => (isList(of) ? of.map(toText).join(toText(between)) : toText(of)))],
  ['split', eager(2, 2, ([text, at]) => split(toText(text), toText(at)))],
  ['converttojson', eager(1, 1, ([value]) => JSON.stringify(asJson(value), null, 2))],
  ['lower', eager(1, 1, ([text]) => toText(text).toLowerCase())],
  ['upper', eager(1, 1, ([text]) => toText(text).toUpperCase())],
  ['trim', eager(1, 1, ([text]) => toText(text).trim())],
  ['replace', eager(3, 3, ([text, from, to]) => toText(text).replaceAll(toText(from), () => toText(to)))],
  ['length', eager(1, 1, ([of]) => (typeof of === 'string' ? of.length : valuesOf(of).length))],
]);

export function isBuiltIn(name: string): boolean {
  return builtIns.has(name.toLowerCase());
}

export function callBuiltIn(name: string, args: readonly Expression[], evaluate: Evaluate): Value {
  const found = builtIns.get(name.toLowerCase());
  if (found === undefined) throw new ExpressionError(`function "${name}" is not played`);
  if (args.length < found.min || args.length > found.max) {
    throw new ExpressionError(`function "${name}" was given ${args.length} arguments`);
  }
  return found.run(args, evaluate);
}

function lazy(min: number, max: number, run: BuiltIn['run']): BuiltIn {
  return { min, max, run };
}

type Values = readonly [Value, Value, Value];

function eager(min: number, max: number, run: (values: Values) => Value): BuiltIn {
  return { min, max, run: (args, evaluate) => run(args.map(evaluate) as unknown as Values) };
}

/** Both sides as text, whatever their case. */
function folded(test: (left: string, right: string) => boolean): BuiltIn {
  return eager(2, 2, ([left, right]) => test(toText(left).toUpperCase(), toText(right).toUpperCase()));
}

/** `gt` and its like fail where the right side can't become what the left side is; `eq` is just false there. */
function ordered(name: string, test: (order: number) => boolean): BuiltIn {
  return eager(2, 2, ([left, right]) => {
    const order = compare(left, right);
    if (order === 'apart') throw new ExpressionError(`${name} can't compare "${toText(left)}" and "${toText(right)}"`);
    return test(order);
  });
}

function given(arg: Expression | undefined): Expression {
  return arg ?? { kind: 'literal', value: null };
}

function isIn(left: Expression | undefined, rest: readonly Expression[], evaluate: Evaluate): boolean {
  const value = evaluate(given(left));
  return rest.some((arg) => areEqual(value, evaluate(arg)));
}

function coalesce(args: readonly Expression[], evaluate: Evaluate): Value {
  for (const arg of args) {
    const value = evaluate(arg);
    if (value !== null && value !== '') return value;
  }
  return null;
}

function valuesOf(of: Value): readonly Value[] {
  if (isList(of)) return of;
  return of instanceof Dictionary ? of.entries().map(([, value]) => value) : [];
}

/** Dictionaries become objects, a version its text. */
function asJson(value: Value): unknown {
  if (isList(value)) return value.map(asJson);
  if (value instanceof Dictionary) return Object.fromEntries(value.entries().map(([key, item]) => [key, asJson(item)]));
  return value instanceof Version ? String(value) : value;
}

function split(text: string, at: string): readonly Value[] {
  return at === '' ? [text] : text.split(at);
}

/** `{0}` is the first value, `{{` a brace. Formats such as `{0:yyyy}` belong to dates, which are not played. */
function format(pattern: string, values: readonly Value[]): string {
  return pattern.replace(/\{\{|\}\}|\{(\d+)\}|\{|\}/g, (found, index: string | undefined) => {
    if (found === '{{' || found === '}}') return found.slice(1);
    const at = Number(index);
    if (index === undefined || at >= values.length) throw new ExpressionError(`format can't fill "${pattern}"`);
    return toText(values[at] ?? null);
  });
}
