import { type Value, Version } from './values.ts';

export type Token =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: '(' | ')' | '[' | ']' | ',' | '.' | '*' };

/** An expression can't be read; the caller adds the line. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

const space = /^\s+/;
const quoted = /^'((?:[^']|'')*)'/;
const numeric = /^[-+]?\.?[0-9][0-9.]*/;
const name = /^[A-Za-z_][A-Za-z0-9_]*/;
const mark = /^[()[\],.*]/;

/** Cuts an expression into its words. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let rest = text; rest !== ''; ) {
    const [token, length] = nextToken(rest, tokens.at(-1), text);
    if (token !== undefined) tokens.push(token);
    rest = rest.slice(length);
  }
  return tokens;
}

function nextToken(rest: string, before: Token | undefined, whole: string): readonly [Token | undefined, number] {
  const blank = space.exec(rest);
  if (blank) return [undefined, blank[0].length];
  const text = quoted.exec(rest);
  if (text) return [{ kind: 'literal', value: (text[1] ?? '').replaceAll("''", "'") }, text[0].length];
  const afterDot = before?.kind === 'mark' && before.text === '.';
  const digits = afterDot ? null : numeric.exec(rest);
  if (digits) return [{ kind: 'literal', value: numberOrVersion(digits[0], whole) }, digits[0].length];
  const word = name.exec(rest);
  if (word) return [afterDot ? { kind: 'name', text: word[0] } : nameOrLiteral(word[0]), word[0].length];
  const sign = mark.exec(rest);
  if (sign) return [{ kind: 'mark', text: sign[0] as '(' }, 1];
  throw new ExpressionError(`unexpected "${rest.slice(0, 12)}" in expression "${whole.trim()}"`);
}

function nameOrLiteral(word: string): Token {
  const lower = word.toLowerCase();
  if (lower === 'true' || lower === 'false') return { kind: 'literal', value: lower === 'true' };
  return lower === 'null' ? { kind: 'literal', value: null } : { kind: 'name', text: word };
}

function numberOrVersion(text: string, whole: string): Value {
  if (/^[-+]?(\d+(\.\d*)?|\.\d+)$/.test(text)) return Number(text);
  const version = Version.parse(text);
  if (version === undefined) throw new ExpressionError(`"${text}" is no number in expression "${whole.trim()}"`);
  return version;
}
