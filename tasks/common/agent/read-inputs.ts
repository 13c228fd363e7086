import { existsSync } from 'node:fs';
import systemPath, { type PlatformPath } from 'node:path';
import { parseDuration } from './durations.ts';
import { invalid, nothingThere, problem, refuseMacro, refuseMacroIn, refuseMissing } from './input-problem.ts';
import type { CountOrPercent, Duration, Inputs } from './inputs.ts';
import { resourceName } from './resource-name.ts';

/** Where the values come from: the agent, or a plain object in a test. */
export type InputSource = (name: string) => string | undefined;

export interface InputPlace {
  /** Where relative paths start. */
  readonly workFolder: string;
  readonly exists?: (path: string) => boolean;
  /** How paths are written: `win32` or `posix`; the system's own when left out. */
  readonly path?: PlatformPath;
}

/** Inputs that remember which names were asked for, so that a test can hold them against task.json. */
export interface ReadInputs extends Inputs {
  readonly asked: ReadonlySet<string>;
}

/** Reads the inputs of a task from any source of strings; see `Inputs` for what is refused. */
export function readInputs(source: InputSource, place: InputPlace): ReadInputs {
  const asked = new Set<string>();
  const { workFolder, exists = existsSync, path = systemPath } = place;

  const given = (name: string) => {
    asked.add(name);
    return source(name)?.trim() || undefined;
  };
  const optionalText = (name: string) => {
    const value = given(name);
    if (value !== undefined) refuseMacro(name, value);
    return value;
  };
  const text = (name: string) => optionalText(name) ?? refuseMissing(name);
  const existing = (name: string, value: string) => {
    if (path.sep === '\\' && !path.isAbsolute(value) && /^[a-z]:/i.test(value)) throw invalid(name, value, ofDrive);
    const whole = path.resolve(workFolder, value);
    if (!exists(whole)) throw nothingThere(name, value, whole, workFolder);
    return whole;
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
      refuseLength(name, duration, parse(options.max));
      return duration;
    },
    lines(name) {
      const lines = linesOf(given(name));
      for (const line of lines) refuseMacroIn(name, line);
      return lines;
    },
    resourceName: (name, kind) => resourceName(name, text(name), kind),
    path: (name) => existing(name, text(name)),
    optionalPath(name) {
      const value = optionalText(name);
      // The agent fills an empty `filePath` input with the root of the sources (task-lib `filePathSupplied`).
      return value === undefined || path.relative(workFolder, path.resolve(workFolder, value)) === ''
        ? undefined
        : existing(name, value);
    },
  };
}

const ofDrive =
  'It starts at whatever folder is the current one of that drive: write a backslash behind the colon, or leave the drive out.';

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
  const code = Number.isNaN(number) ? 'InvalidInput' : 'InputOutOfRange';
  throw problem(code, name, value, `It must be a whole number from ${bounds.min} to ${bounds.max}.`);
}

function countOrPercent(name: string, value: string): CountOrPercent {
  const [, digits = '', percent] = /^(\d{1,9}(?:\.\d{1,6})?)(\s*%)?$/.exec(value) ?? [];
  const number = Number(digits);
  if (digits !== '' && percent !== undefined && number <= 100)
    return { kind: 'percent', percent: number, text: `${number}%` };
  if (digits !== '' && percent === undefined && Number.isInteger(number))
    return { kind: 'count', count: number, text: `${number}` };
  const code = /^[+-]?\d+(?:\.\d+)?\s*%$|^-\d+$/.test(value) ? 'InputOutOfRange' : 'InvalidInput';
  throw problem(code, name, value, 'It must be a whole number of nodes such as 2, or a share up to 100% such as 20%.');
}

function refuseDuration(name: string, value: string, unit: string | undefined): never {
  const bare = unit === undefined ? 'Say the unit' : `A bare number is read in ${unit}`;
  throw invalid(name, value, `It must be a length of time such as 90s, 10m, 2h or 1h30m. ${bare}.`);
}

/** No time at all is no length of time: it would give up before it began. */
function refuseLength(name: string, duration: Duration, max: Duration): void {
  if (duration.ms > 0 && duration.ms <= max.ms) return;
  throw problem('InputOutOfRange', name, duration.text, `It must be longer than nothing and ${max.text} at most.`);
}

const linesOf = (value: string | undefined) =>
  (value ?? '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
