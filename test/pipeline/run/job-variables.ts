import type { Masker } from '../agent/masking.ts';
import type { Variables } from '../agent/variables.ts';
import { evaluate } from '../expressions/evaluate.ts';
import { ExpressionError } from '../expressions/tokens.ts';
import { Dictionary, toText, type Value } from '../expressions/values.ts';
import type { VariableDefinition } from '../model/pipeline.ts';
import type { GivenValue } from '../templates/template.ts';
import { PipelineError } from '../yaml/problem.ts';
import type { RunOptions } from './run-options.ts';

/** The variables of the pipeline's settings page, secrets masked. */
export function setGivenVariables(variables: Variables, given: RunOptions['variables'], masker: Masker): void {
  for (const [name, value] of Object.entries(given ?? {})) {
    const { value: text, secret } = spelledOut(value);
    if (secret) masker.addUserSecret(text);
    variables.set(name, text, { secret });
  }
}

/**
 * Adds the variables of the YAML, from the outermost to the innermost, and evaluates `$[ ]` on the way: it sees what
 * came before it, and the stages and jobs that this one depends on. What holds a secret is secret here too. Gives back
 * the variables that asked for an output and found none: most often a name is misspelt or missing in dependsOn.
 */
export function setYamlVariables(
  variables: Variables,
  definitions: readonly VariableDefinition[],
  names: ReadonlyMap<string, Value>,
  masker: Masker,
): readonly VariableDefinition[] {
  return definitions.filter((definition) => {
    const { name, value, place } = definition;
    if (variables.isReadOnly(name) && isPredefined(name)) {
      throw new PipelineError(place, `"${name}" is a predefined variable and can't be set`);
    }
    const now = valueNow(definition, variables, names);
    if (definition.secret) masker.addUserSecret(now);
    const secret = definition.secret ?? (value.kind === 'runtime' && masker.hides(now));
    variables.set(name, now, { readOnly: definition.readonly, secret });
    return value.kind === 'runtime' && now === '' && /dependencies/i.test(value.text);
  });
}

function spelledOut(value: GivenValue): { readonly value: string; readonly secret: boolean } {
  return typeof value === 'string' ? { value, secret: false } : value;
}

function isPredefined(name: string): boolean {
  return /^(system|build|agent|pipeline|common)\./i.test(name);
}

function valueNow(
  { value, place }: VariableDefinition,
  variables: Variables,
  names: ReadonlyMap<string, Value>,
): string {
  if (value.kind !== 'runtime') return value.text;
  try {
    const context = { names: new Map([...names, ['variables', variables.asDictionary()]]), functions: new Map() };
    return toText(evaluate(value.expression, context));
  } catch (cause) {
    if (cause instanceof ExpressionError) throw new PipelineError(place, cause.message, { cause });
    throw cause;
  }
}

/** What a condition of a stage or job may read: nothing that is only known inside it. */
export function variablesForCondition(
  outer: Dictionary,
  given: RunOptions['variables'],
  definitions: readonly VariableDefinition[],
): Dictionary {
  const settings = Object.entries(given ?? {}).map(([name, value]) => [name, spelledOut(value).value] as const);
  const texts = definitions.flatMap(({ name, value }) =>
    value.kind === 'runtime' ? [] : [[name, value.text] as const],
  );
  return new Dictionary([...outer.entries(), ...settings, ...texts]);
}
