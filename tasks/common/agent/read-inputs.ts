import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { parseDuration } from './durations.ts';
import type { CountOrPercent, Inputs } from './inputs.ts';

/** Where the values come from: the agent, or a plain object in a test. */
export type InputSource = (name: string) => string | undefined;

export interface InputPlace {
  /** Where relative paths start. */
  readonly workFolder: string;
  readonly exists?: (path: string) => boolean;
}

/** Inputs that remember which names were asked for, so that a test can hold them against task.json. */
export interface ReadInputs extends Inputs {
  readonly asked: ReadonlySet<string>;
}

/** Reads the inputs of a task from any source of strings; see `Inputs` for what is refused. */
export function readInputs(source: InputSource, place: InputPlace): ReadInputs {
  const asked = new Set<string>();
  const exists = place.exists ?? existsSync;

  const optionalText = (name: string) => {
    asked.add(name);
    const value = source(name)?.trim();
    if (value === undefined || value === '') return undefined;
    refuseMacro(name, value);
    return value;
  };
  const text = (name: string) => optionalText(name) ?? refuseMissing(name);
  const existing = (name: string, value: string) => {
    const path = resolve(place.workFolder, value);
    if (!exists(path))
      throw invalid(name, value, `Nothing is there: ${path}. Relative paths start at ${place.workFolder}.`);
    return path;
  };

  return {
    asked,
    text,
    optionalText,
    choice: (name, words, fallback) => choice(name, optionalText(name), words) ?? fallback,
    flag: (name, fallback) => flag(name, optionalText(name)) ?? fallback,
    count(name, bounds) {
      const value = optionalText(name);
      return value === undefined ? bounds.fallback : count(name, value, bounds);
    },
    countOrPercent: (name, fallback) => countOrPercent(name, optionalText(name) ?? fallback),
    duration(name, options) {
      const parse = (value: string) => parseDuration(value, options.unit) ?? refuseDuration(name, value, options.unit);
      const duration = parse(optionalText(name) ?? options.fallback);
      if (duration.ms > parse(options.max).ms) throw invalid(name, duration.text, `It may be ${options.max} at most.`);
      return duration;
    },
    lines: (name) => linesOf(optionalText(name)),
    path: (name) => existing(name, text(name)),
    optionalPath(name) {
      const value = optionalText(name);
      // The agent fills an empty `filePath` input with the root of the sources (task-lib `filePathSupplied`).
      return value === undefined || resolve(place.workFolder, value) === resolve(place.workFolder)
        ? undefined
        : existing(name, value);
    },
  };
}

const invalid = (name: string, value: string, hint: string) =>
  new Failure('InvalidInput', `Input "${name}" is "${value}"`, hint);

function refuseMissing(name: string): never {
  throw new Failure('InvalidInput', `Input "${name}" is empty`, `Give "${name}" a value in the step's inputs.`);
}

/** Azure Pipelines leaves `$(name)` as it is when no variable of that name is set as the step begins. */
function refuseMacro(name: string, value: string): void {
  const variable = /\$\(([^()]*)\)/.exec(value)?.[1];
  if (variable === undefined && !value.includes('$(')) return;
  throw invalid(name, value, macroHint(variable ?? ''));
}

function macroHint(variable: string): string {
  const step = /^(.+)\.[^.]+$/.exec(variable)?.[1];
  const unset = `The variable "${variable}" was not set when this step began.`;
  if (step === undefined) return `${unset} Set it, or correct its name.`;
  return `${unset} If "${step}" is a step: give that step \`name: ${step}\`, see that it runs before this one in the same job, or map its output from another job with dependencies/stageDependencies.`;
}

function choice<Word extends string>(
  name: string,
  value: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (value === undefined) return undefined;
  const word = words.find((one) => one.toLowerCase() === value.toLowerCase());
  if (word === undefined) throw invalid(name, value, `It must be one of: ${words.join(', ')}.`);
  return word;
}

function flag(name: string, value: string | undefined): boolean | undefined {
  const word = choice(name, value, ['true', 'false']);
  return word === undefined ? undefined : word === 'true';
}

function count(name: string, value: string, bounds: { readonly min: number; readonly max: number }): number {
  const number = /^[+-]?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= bounds.min && number <= bounds.max) return number;
  throw invalid(name, value, `It must be a whole number from ${bounds.min} to ${bounds.max}.`);
}

function countOrPercent(name: string, value: string): CountOrPercent {
  const [, digits = '', percent] = /^(\d{1,9}(?:\.\d{1,6})?)(\s*%)?$/.exec(value) ?? [];
  const number = Number(digits);
  if (digits !== '' && percent !== undefined && number <= 100)
    return { kind: 'percent', percent: number, text: `${number}%` };
  if (digits !== '' && percent === undefined && Number.isInteger(number))
    return { kind: 'count', count: number, text: `${number}` };
  throw invalid(name, value, 'It must be a whole number of nodes such as 2, or a share from 0% to 100% such as 20%.');
}

function refuseDuration(name: string, value: string, unit: string | undefined): never {
  const bare = unit === undefined ? 'Say the unit' : `A bare number is read in ${unit}`;
  throw invalid(name, value, `It must be a length of time such as 90s, 10m, 2h or 1h30m. ${bare}.`);
}

const linesOf = (value: string | undefined) =>
  (value ?? '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
