import { checkNames } from '../expressions/evaluate.ts';
import { parseExpression } from '../expressions/parse.ts';
import { ExpressionError } from '../expressions/tokens.ts';
import type { Fields } from '../templates/read.ts';
import { PipelineError, type Place } from '../yaml/problem.ts';
import type { Condition, VariableValue } from './pipeline.ts';

const status = ['succeeded', 'failed', 'succeededorfailed', 'always', 'canceled'];

/**
 * What a condition may speak of: learn.microsoft.com/azure/devops/pipelines/process/expressions#dependencies; in a step
 * the agent knows `variables` alone (agent: ExpressionManager.cs).
 */
const known = {
  step: { names: ['variables'], functions: status },
  job: { names: ['variables', 'dependencies', 'stagedependencies'], functions: status },
  stage: { names: ['variables', 'dependencies'], functions: status },
} as const;

/** Names that a `$[ ]` variable may use; status functions are for conditions only. */
const inVariables = { names: ['variables', 'dependencies', 'stagedependencies'], functions: [] };

export function readCondition(fields: Fields, level: keyof typeof known): { readonly condition?: Condition } {
  const text = fields.text('condition');
  if (text === undefined || text.trim() === '') return {};
  const place = fields.placeOf('condition');
  return { condition: { expression: parseChecked(text, place, known[level]), text, place } };
}

/** `$[ expression ]` alone is an expression; anything else is a text. */
export function readVariableValue(text: string, place: Place): VariableValue {
  const inside = /^\s*\$\[(.*)\]\s*$/s.exec(text)?.[1];
  if (inside === undefined) return { kind: 'text', text };
  return { kind: 'runtime', expression: parseChecked(inside, place, inVariables), text };
}

function parseChecked(text: string, place: Place, allowed: Parameters<typeof checkNames>[1]) {
  try {
    const expression = parseExpression(text);
    checkNames(expression, allowed);
    return expression;
  } catch (cause) {
    if (cause instanceof ExpressionError) throw new PipelineError(place, cause.message, { cause });
    throw cause;
  }
}
