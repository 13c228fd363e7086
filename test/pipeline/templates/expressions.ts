import { checkNames, evaluate } from '../expressions/evaluate.ts';
import { parseExpression } from '../expressions/parse.ts';
import { ExpressionError } from '../expressions/tokens.ts';
import { Dictionary, isList, toText, type Value } from '../expressions/values.ts';
import { type Node, scalar } from '../yaml/node.ts';
import { PipelineError, type Place } from '../yaml/problem.ts';
import type { Scope } from './scope.ts';

/** `text ${{ expression }} text`; the expression may hold quoted braces. */
const inserted = /\$\{\{((?:'[^']*'|[^'])*?)\}\}/g;

/** Evaluates one template expression (learn.microsoft.com/azure/devops/pipelines/process/template-expressions). */
export function evaluateInTemplate(text: string, scope: Scope, place: Place): Value {
  const names = new Map<string, Value>([
    ...scope.locals,
    ['parameters', scope.parameters],
    ['variables', scope.variables],
  ]);
  try {
    const expression = parseExpression(text);
    checkNames(expression, { names: [...names.keys()], functions: [] });
    return evaluate(expression, { names, functions: new Map() });
  } catch (cause) {
    if (cause instanceof ExpressionError) throw new PipelineError(place, cause.message, { cause });
    throw cause;
  }
}

/** The value of a text: of any kind if it is one expression alone, else a text with each expression filled in. */
export function expandText(text: string, scope: Scope, place: Place): Value {
  if (scope.isFinal || !text.includes('${{')) return text;
  const found = [...text.matchAll(inserted)];
  if (found.length === 0) throw new PipelineError(place, `"${text}" opens \${{ and does not close it`);
  const only = found[0];
  if (only !== undefined && found.length === 1 && only[0] === text.trim()) {
    return evaluateInTemplate(only[1] ?? '', scope, place);
  }
  return text.replace(inserted, (_all, expression: string) => toText(evaluateInTemplate(expression, scope, place)));
}

/** Makes a piece of file out of a value, as when a parameter of type object is put in. */
export function toNode(value: Value, place: Place): Node {
  if (isList(value)) return { kind: 'list', place, items: value.map((item) => toNode(item, place)) };
  if (value instanceof Dictionary) {
    const entries = value.entries().map(([key, item]) => ({ key, place, value: toNode(item, place) }));
    return { kind: 'map', place, entries };
  }
  return scalar(toText(value), place);
}
