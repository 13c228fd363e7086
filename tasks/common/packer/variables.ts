import { Failure } from '../failure.ts';
import type { TemplateKind } from './template.ts';

export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** `name=value` lines. The value may hold anything, `=` and spaces too; a name is given once. */
export function parseVariables(input: string, lines: readonly string[]): readonly Variable[] {
  const variables = lines.map((line, index) => parseVariable(input, line, index));
  const twice = variables.find(({ name }, index) => variables.findIndex((other) => other.name === name) < index);
  if (twice) throw badVariable('ContradictoryInputs', input, `names "${twice.name}" twice`);
  return variables;
}

/** The value is never echoed: it may be a secret that nobody has masked. */
function parseVariable(input: string, line: string, index: number): Variable {
  const [, name, value] = /^([A-Za-z_][\w-]*)\s*=\s?(.*)$/s.exec(line) ?? [];
  if (name === undefined || value === undefined)
    throw badVariable('InvalidInput', input, `has no name=value in its line ${index + 1}`);
  return { name, value };
}

const badVariable = (code: 'InvalidInput' | 'ContradictoryInputs', input: string, problem: string) =>
  new Failure(code, `Input "${input}" ${problem}`, 'Write one variable a line, for example: image_name=web-1.0.0');

/**
 * The text of a variable file. A file and not `-var`, because a command line can be read by every process of the
 * machine. HCL2 does not turn texts into lists and maps by itself, so JSON ones are written as what they are.
 */
export function variableFile(variables: readonly Variable[], kind: TemplateKind): string {
  const typed = variables.map(({ name, value }) => [name, kind === 'hcl2' ? listOrText(value) : value] as const);
  return JSON.stringify(Object.fromEntries(typed), null, 2);
}

function listOrText(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return value; // a text that only looks like a list
    throw error;
  }
}
