import { evaluate } from '../expressions/evaluate.ts';
import { ExpressionError } from '../expressions/tokens.ts';
import { toBoolean, type Value } from '../expressions/values.ts';
import type { Condition } from '../model/pipeline.ts';
import type { Result } from '../result.ts';
import type { Variables } from './variables.ts';

/** Whether a step runs: `succeeded()` where it says nothing (agent: ExpressionManager.cs). */
export function stepConditionHolds(condition: Condition | undefined, status: Result, variables: Variables): boolean {
  if (condition === undefined) return status === 'succeeded' || status === 'succeededWithIssues';
  const names = new Map<string, Value>([['variables', variables.asDictionary()]]);
  try {
    return toBoolean(evaluate(condition.expression, { names, functions: statusFunctions(status) }));
  } catch (problem) {
    if (!(problem instanceof ExpressionError)) throw problem;
    throw new Error(`Condition "${condition.text}": ${problem.message}`, { cause: problem });
  }
}

function statusFunctions(status: Result): ReadonlyMap<string, () => Value> {
  const good = status === 'succeeded' || status === 'succeededWithIssues';
  return new Map([
    ['always', () => true],
    ['canceled', () => status === 'canceled'],
    ['failed', () => status === 'failed'],
    ['succeeded', () => good],
    ['succeededorfailed', () => good || status === 'failed'],
  ]);
}
