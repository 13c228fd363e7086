import { Failure } from '../failure.ts';
import { harmlessLine } from './harmless.ts';

/** A refusal that names an input and shows its value. */
export const problem = (code: InputCode, name: string, value: string, hint: string) =>
  new Failure(code, `Input "${name}" is "${shown(value)}"`, hint);

/** Why a value is not taken; docs/troubleshooting.md says what each means. */
export type InputCode =
  | 'InvalidInput'
  | 'InputOutOfRange'
  | 'VariableNotSet'
  | 'FileNotFound'
  | 'FileUnusable'
  | 'ContradictoryInputs'
  | 'WrongResourceKind'
  | 'ImageVersionNotConcrete';

export const invalid = (name: string, value: string, hint: string) => problem('InvalidInput', name, value, hint);

/** A value is shown as one line, and of a long one its beginning. */
export const shown = (value: string) => harmlessLine(value, 200);

export function refuseMissing(name: string): never {
  throw new Failure('InputMissing', `Input "${name}" is empty`, `Give "${name}" a value in the step's inputs.`);
}

export const nothingThere = (name: string, value: string, path: string, workFolder: string) =>
  problem(
    'FileNotFound',
    name,
    value,
    `Nothing is there: ${shown(path)}. Relative paths start at ${workFolder}; a job that does not check out its sources has no files.`,
  );

/** Azure Pipelines leaves `$(name)` as it is when no variable of that name is set as the step begins. */
export function refuseMacro(name: string, value: string): void {
  const hint = macroHint(value);
  if (hint !== undefined) throw problem('VariableNotSet', name, value, hint);
}

/** Of a line only the variable is shown: what stands beside it may be a secret that nobody has masked. */
export function refuseMacroIn(name: string, line: string): void {
  const hint = macroHint(line);
  if (hint === undefined) return;
  const [macro = '$('] = /\$\([^()]*\)|\$\[[^\]]*\]/.exec(line) ?? [];
  throw new Failure('VariableNotSet', `Input "${name}" still holds "${shown(macro)}"`, hint);
}

function macroHint(value: string): string | undefined {
  if (/^\$\[.*\]$/s.test(value))
    return 'Runtime expressions $[…] count under `variables` and `condition`, not in the inputs of a step: set a variable by it there and write $(variable) here.';
  const variable = /\$\(([^()]*)\)/.exec(value)?.[1];
  if (variable === undefined && !value.includes('$(')) return undefined;
  return unsetHint(shown(variable ?? ''));
}

function unsetHint(variable: string): string {
  const step = /^(.+)\.[^.]+$/.exec(variable)?.[1];
  const unset = `The variable "${variable}" was not set when this step began.`;
  if (step === undefined) return `${unset} Set it, or correct its name.`;
  const [root = ''] = step.toLowerCase().split('.');
  if (elsewhere.has(root))
    return `${unset} Expressions of this kind count under \`variables\`: set a variable by $[ ${variable} ] there and write $(its name) here.`;
  if (root === 'variables') return `${unset} Write $(${variable.slice('variables.'.length)}) in the input of a step.`;
  if (predefined.has(root))
    return `${unset} Predefined variables begin so, and this one is unknown or not there in this kind of job: check its name. If a step is named "${step}": see that it runs before this one in the same job.`;
  return `${unset} If "${step}" is a step: give that step \`name: ${step}\`, see that it runs before this one in the same job, or map its output from another job with dependencies/stageDependencies.`;
}

/** What an expression may ask, and the input of a step may not (pipelines.md §3 and the expressions page). */
const elsewhere = new Set(['dependencies', 'stagedependencies', 'parameters', 'resources', 'pipeline']);

/** How predefined variables begin (build/variables page). */
const predefined = new Set(['agent', 'build', 'system', 'release', 'environment', 'checks', 'tf', 'strategy']);
