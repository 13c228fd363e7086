import { toText } from '../expressions/values.ts';
import { kindName } from '../yaml/node.ts';
import { notPlayed, PipelineError, type Place } from '../yaml/problem.ts';
import { type Field, fieldsOf, resolve } from './expand.ts';
import { expandText } from './expressions.ts';
import { type Bound, placeOf } from './scope.ts';

/** A mapping whose keys are all known: an unknown one is refused with its line. */
export class Fields {
  readonly #fields: ReadonlyMap<string, Field>;

  private constructor(
    readonly place: Place,
    fields: readonly Field[],
  ) {
    this.#fields = new Map(fields.map((field) => [field.key, field]));
  }

  /** `owner` is how an unknown key is called, such as `strategy` in `"strategy.parallel" is not played`. */
  static of(bound: Bound, owner: string, known: readonly string[]): Fields {
    const fields = new Fields(placeOf(bound), fieldsOf(bound));
    fields.#refuseOthers(owner, known);
    return fields;
  }

  /** Fields of any name, for mappings that the author names. */
  static free(bound: Bound): readonly Field[] {
    return fieldsOf(bound);
  }

  has(key: string): boolean {
    return this.#fields.has(key);
  }

  get(key: string): Bound | undefined {
    return this.#fields.get(key)?.value;
  }

  placeOf(key: string): Place {
    return this.#fields.get(key)?.place ?? this.place;
  }

  text(key: string): string | undefined {
    const bound = this.get(key);
    return bound && textOf(bound);
  }

  needText(key: string): string {
    const text = this.text(key);
    if (text === undefined || text === '') throw new PipelineError(this.placeOf(key), `"${key}" needs a value`);
    return text;
  }

  flag(key: string, fallback: boolean): boolean {
    const text = this.text(key);
    if (text === undefined) return fallback;
    const flag = asFlag(text);
    if (flag === undefined)
      throw new PipelineError(this.placeOf(key), `"${key}" is "${text}"; true or false is wanted`);
    return flag;
  }

  number(key: string, fallback: number): number {
    const text = this.text(key);
    if (text === undefined) return fallback;
    const number = Number(text);
    if (text.trim() === '' || !Number.isInteger(number) || number < 0) {
      throw new PipelineError(this.placeOf(key), `"${key}" is "${text}"; a whole number is wanted`);
    }
    return number;
  }

  #refuseOthers(owner: string, known: readonly string[]): void {
    for (const field of this.#fields.values()) {
      if (!known.includes(field.key)) throw notPlayed(field.place, owner === '' ? field.key : `${owner}.${field.key}`);
    }
  }
}

/** Azure Pipelines reads these words as booleans, whatever their case. */
export function asFlag(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (['true', 'y', 'yes', 'on'].includes(word)) return true;
  return ['false', 'n', 'no', 'off'].includes(word) ? false : undefined;
}

/** The text of a scalar, expressions filled in. */
export function textOf(bound: Bound): string {
  const { node, scope } = resolve(bound);
  if (node.kind !== 'scalar') throw new PipelineError(node.place, `a text is wanted here, found ${kindName(node)}`);
  return toText(expandText(node.text, scope, node.place));
}
