import { ExpressionError, type Token, tokenize } from './tokens.ts';
import type { Value } from './values.ts';

export type Expression =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly at: Expression }
  | { readonly kind: 'every'; readonly of: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

/** Reads an expression such as `and(succeeded(), eq(variables['a.b'], 'c'))`. */
export function parseExpression(text: string): Expression {
  const reader = new Reader(tokenize(text), text.trim());
  const expression = reader.expression();
  reader.end();
  return expression;
}

class Reader {
  #next = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly text: string,
  ) {}

  expression(): Expression {
    let found = this.#start();
    for (;;) {
      if (this.#take('.')) found = this.#member(found);
      else if (this.#take('[')) found = this.#indexed(found);
      else return found;
    }
  }

  end(): void {
    if (this.#next < this.tokens.length) throw this.#unexpected();
  }

  #start(): Expression {
    const token = this.tokens[this.#next];
    if (token === undefined || token.kind === 'mark') throw this.#unexpected();
    this.#next++;
    if (token.kind === 'literal') return token;
    return this.#take('(')
      ? { kind: 'call', name: token.text, args: this.#args() }
      : { kind: 'name', name: token.text };
  }

  #member(of: Expression): Expression {
    if (this.#take('*')) return { kind: 'every', of };
    const token = this.tokens[this.#next];
    if (token?.kind !== 'name') throw this.#unexpected();
    this.#next++;
    return { kind: 'index', of, at: { kind: 'literal', value: token.text } };
  }

  #indexed(of: Expression): Expression {
    const found: Expression = this.#take('*') ? { kind: 'every', of } : { kind: 'index', of, at: this.expression() };
    if (!this.#take(']')) throw this.#unexpected();
    return found;
  }

  #args(): Expression[] {
    const args: Expression[] = [];
    if (this.#take(')')) return args;
    do args.push(this.expression());
    while (this.#take(','));
    if (!this.#take(')')) throw this.#unexpected();
    return args;
  }

  #take(mark: string): boolean {
    const token = this.tokens[this.#next];
    if (token?.kind !== 'mark' || token.text !== mark) return false;
    this.#next++;
    return true;
  }

  #unexpected(): ExpressionError {
    const token = this.tokens[this.#next];
    const found = token === undefined ? 'its end' : `"${token.kind === 'literal' ? String(token.value) : token.text}"`;
    return new ExpressionError(`expression "${this.text}" can't be read: unexpected ${found}`);
  }
}
