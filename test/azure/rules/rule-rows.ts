/** One row of a table of rules or of switches in a README of the simulated Azure. */
export interface RuleRow {
  readonly kind: 'rule' | 'switch';
  /** The cells as they stand, Markdown and all. */
  readonly cells: readonly string[];
}

const heads: Readonly<Record<string, RuleRow['kind']>> = {
  'rule|source': 'rule',
  'switch|settings (default first)|what it decides': 'switch',
};

/** The rows of all tables that begin with one of these heads; other tables are no rules. */
export function ruleRows(markdown: string): readonly RuleRow[] {
  let kind: RuleRow['kind'] | undefined;
  return markdown.split('\n').flatMap((line): readonly RuleRow[] => {
    const cells = cellsOf(line);
    if (cells.length === 0) kind = undefined;
    const head = heads[cells.join('|')];
    if (head) kind = head;
    const isRow = kind !== undefined && !head && !/^[-|: ]+$/.test(line);
    return isRow && kind ? [{ kind, cells }] : [];
  });
}

/** Cells of `| a | b |`; a bar behind a backslash belongs to its cell. */
function cellsOf(line: string): readonly string[] {
  if (!/^\|.*\|$/.test(line.trim())) return [];
  const bars = /(?<!\\)\|/;
  return line
    .trim()
    .slice(1, -1)
    .split(bars)
    .map((cell) => cell.trim());
}

export type Ground = 'source' | 'switch' | 'own' | 'gap' | 'none';

/** Documents and pages by name, threads, other people's code, what has been seen of Azure or its clients. */
const source =
  /§|\b(?:spec|docs?|documents|documentation|Microsoft Learn|REST page|issues?|threads|code|seen|numbers?)\b|`az |[a-z0-9]+(?:-[a-z0-9]+)+/i;

/** What a row rests on: a source where it has one, else a switch, else our own choice or a gap. */
export function groundOf({ kind, cells }: RuleRow): Ground {
  const [rule = '', because = ''] = cells;
  if (kind === 'switch' || /\bswitch `\w+`/.test(rule)) return 'switch';
  if (/^(?:own: )?gaps?\b/.test(because)) return 'gap';
  if (source.test(because.replace(/\bown\b.*?(?:;|$)/g, ''))) return 'source';
  return /\bown\b/.test(because) ? 'own' : 'none';
}
