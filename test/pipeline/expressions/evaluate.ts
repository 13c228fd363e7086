import { callBuiltIn, isBuiltIn } from './functions.ts';
import type { Expression } from './parse.ts';
import { ExpressionError } from './tokens.ts';
import { Dictionary, isList, toNumber, toText, type Value } from './values.ts';

/** What an expression may speak of besides the built-in functions. */
export interface Context {
  /** Named values such as `variables`, `parameters`, `dependencies`. */
  readonly names: ReadonlyMap<string, Value>;
  /** Functions such as `succeeded`, by lower-case name. */
  readonly functions: ReadonlyMap<string, (args: readonly Value[]) => Value>;
}

export function evaluate(expression: Expression, context: Context): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name':
      return context.names.get(expression.name.toLowerCase()) ?? null;
    case 'index':
      return indexed(
        evaluate(expression.of, context),
        evaluate(expression.at, context),
        expression.of.kind === 'every',
      );
    case 'every':
      return everything(evaluate(expression.of, context));
    case 'call':
      return call(expression, context);
  }
}

function call(expression: Expression & { kind: 'call' }, context: Context): Value {
  const own = context.functions.get(expression.name.toLowerCase());
  if (own) return own(expression.args.map((arg) => evaluate(arg, context)));
  return callBuiltIn(expression.name, expression.args, (arg) => evaluate(arg, context));
}

function indexed(of: Value, at: Value, filtered: boolean): Value {
  if (filtered && isList(of)) return of.map((item) => indexed(item, at, false)).filter((item) => item !== null);
  if (of instanceof Dictionary) return of.get(toText(at));
  if (!isList(of)) return null;
  const index = toNumber(at);
  return index === undefined ? null : (of[index] ?? null);
}

function everything(of: Value): Value {
  if (isList(of)) return of;
  return of instanceof Dictionary ? of.entries().map(([, value]) => value) : [];
}

/** Refuses names and functions that this place doesn't know, before anything runs. */
export function checkNames(
  expression: Expression,
  context: { names: readonly string[]; functions: readonly string[] },
): void {
  switch (expression.kind) {
    case 'literal':
      return;
    case 'name':
      if (!context.names.includes(expression.name.toLowerCase())) {
        throw new ExpressionError(`"${expression.name}" is not known here; known are ${context.names.join(', ')}`);
      }
      return;
    case 'every':
      checkNames(expression.of, context);
      return;
    case 'index':
      checkNames(expression.of, context);
      checkNames(expression.at, context);
      return;
    case 'call':
      if (!context.functions.includes(expression.name.toLowerCase()) && !isBuiltIn(expression.name)) {
        throw new ExpressionError(`function "${expression.name}" is not played here`);
      }
      for (const arg of expression.args) checkNames(arg, context);
  }
}
