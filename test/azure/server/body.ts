import type { Answer } from '../core/http.ts';

/** How an answer's body goes over the wire. */
export function bodyText({ body }: Answer): { readonly text: string; readonly type: string | undefined } {
  if (body === undefined) return { text: '', type: undefined };
  if (typeof body === 'string') return { text: body, type: 'text/plain; charset=utf-8' };
  return { text: JSON.stringify(body), type: 'application/json; charset=utf-8' };
}
