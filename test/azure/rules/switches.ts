/** A setting with a few values, of which nobody has proven which one is Azure's. */
export interface Switch {
  readonly name: string;
  /** As they stand in the source: `'overlap'`, `true`. */
  readonly values: readonly string[];
}

const member = /^\s*(?:readonly )?(\w+): ((?:'\w+'(?: \| '\w+')+)|boolean|number);$/gm;

/** Every member of the settings, by name: numbers have no values to go through. */
export const settingsIn = (source: string): readonly Switch[] =>
  [...source.matchAll(member)].map(([, name = '', type = '']) => ({ name, values: valuesOf(type) }));

function valuesOf(type: string): readonly string[] {
  if (type === 'number') return [];
  return type === 'boolean' ? ['true', 'false'] : type.split(' | ');
}

export interface TestSource {
  readonly path: string;
  readonly text: string;
}

/**
 * Values of a switch that no test uses. A test uses a value where it sets it (`name: value`), or where it goes through a
 * list of values and sets `name` to each.
 */
export function unusedValues({ name, values }: Switch, tests: readonly TestSource[]): readonly string[] {
  const naming = tests.filter(({ text }) => new RegExp(`\\b${name}\\b`).test(text));
  return values.filter((value) => !naming.some(({ text }) => uses(text, name, value)));
}

function uses(text: string, name: string, value: string): boolean {
  if (new RegExp(`\\b${name}(?::| =) ${value}(?!\\w)`).test(text)) return true;
  const isSetFromList = new RegExp(`\\b${name}(?:: (?!true|false)[a-z]\\w*)?\\s*[,}]|\\b${name} = [a-z]\\w*;`).test(
    text,
  );
  return isSetFromList && new RegExp(`\\[[^\\]]*${value}(?!\\w)[^\\]]*\\]`).test(text);
}
