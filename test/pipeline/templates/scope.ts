import type { Dictionary, Value } from '../expressions/values.ts';
import type { Node } from '../yaml/node.ts';
import type { Place } from '../yaml/problem.ts';

/** What `${{ }}` may speak of at one spot of one file. */
export interface Scope {
  readonly parameters: Dictionary;
  /** Variables that are known before anything runs. */
  readonly variables: Dictionary;
  /** Names bound by `${{ each name in … }}` around this spot. */
  readonly locals: ReadonlyMap<string, Value>;
  /** A value that came out of an expression: its text is final, whatever it looks like. */
  readonly isFinal: boolean;
}

/** A piece of a file with the names that it may use. Nothing in it is expanded until it is looked at. */
export interface Bound {
  readonly node: Node;
  readonly scope: Scope;
}

export function withVariables(bound: Bound, variables: Dictionary): Bound {
  return { node: bound.node, scope: { ...bound.scope, variables } };
}

export function withLocal(scope: Scope, name: string, value: Value): Scope {
  return { ...scope, locals: new Map([...scope.locals, [name.toLowerCase(), value]]) };
}

export function placeOf(bound: Bound): Place {
  return bound.node.place;
}
