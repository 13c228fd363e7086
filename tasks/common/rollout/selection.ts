import type { Node } from './node.ts';

/** Nodes that an author names, in place of a number of them. */
export type Selection =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'zone'; readonly zone: string }
  /** `*` stands for any characters; the rest is compared without regard to case. */
  | { readonly kind: 'name'; readonly pattern: string };

export const selectionForms = '`ids:3,7-9`, `zone:1` or `name:web_00*`';

/** The selection that a text names; undefined when it is none, or not well formed. */
export function parseSelection(text: string): Selection | undefined {
  const [, kind, rest = ''] = /^(ids|zone|name):\s*(\S+)$/i.exec(text.trim()) ?? [];
  switch (kind?.toLowerCase()) {
    case 'ids':
      return idsIn(rest);
    case 'zone':
      return { kind: 'zone', zone: rest };
    case 'name':
      return { kind: 'name', pattern: rest };
    default:
      return undefined;
  }
}

/** A range is written out only when it is one of nodes: `0-999999999` names no scale set. */
const mostNodes = 1000;

function idsIn(text: string): Selection | undefined {
  const ids = text.split(',').map((part) => {
    const [, first, last] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? [];
    if (first === undefined) return [];
    const from = Number(first);
    const length = Number(last ?? first) - from + 1;
    return length < 1 || length > mostNodes ? [] : Array.from({ length }, (_, index) => String(from + index));
  });
  return ids.some((part) => part.length === 0) ? undefined : { kind: 'ids', ids: [...new Set(ids.flat())] };
}

export function selected(nodes: readonly Node[], selection: Selection): readonly Node[] {
  switch (selection.kind) {
    case 'ids':
      return nodes.filter(({ id }) => selection.ids.includes(id));
    case 'zone':
      return nodes.filter(({ zone }) => zone === selection.zone);
    case 'name':
      return nodes.filter(({ name }) => matches(name.toLowerCase(), selection.pattern.toLowerCase().split('*')));
  }
}

/** Ids that are named and not there. */
export const missing = (nodes: readonly Node[], selection: Selection): readonly string[] =>
  selection.kind === 'ids' ? selection.ids.filter((id) => !nodes.some((node) => node.id === id)) : [];

/** The pieces between the stars, in this order; the first and the last at the ends. No pattern can make this slow. */
function matches(name: string, [first = '', ...rest]: readonly string[]): boolean {
  if (!name.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return name === first;
  let from = first.length;
  for (const piece of rest) {
    const at = name.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
