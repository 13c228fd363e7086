/** One assignment of a unit file, in its section. */
export interface Assignment {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

/** Reads the syntax of systemd.syntax(7): sections, assignments, comments, lines continued by a backslash. */
export function parseUnitFile(text: string): readonly Assignment[] {
  const assignments: Assignment[] = [];
  let section = '';
  for (const line of joinedLines(text)) {
    const header = /^\[(.+)\]$/.exec(line);
    const equals = line.indexOf('=');
    if (header) section = header[1] ?? '';
    else if (equals > 0) {
      assignments.push({ section, key: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim() });
    }
  }
  return assignments;
}

function joinedLines(text: string): readonly string[] {
  const lines: string[] = [];
  let open = false;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (/^[#;]/.test(line)) continue;
    const continued = line.endsWith('\\');
    const content = continued ? line.slice(0, -1).trimEnd() : line;
    if (open) lines.push(`${lines.pop() ?? ''} ${content}`.trim());
    else lines.push(content);
    open = continued;
  }
  return lines.filter((line) => line !== '');
}

/** Splits words at blanks; quotes hold a word together and a backslash takes the next character as it is. */
export function splitWords(text: string): readonly string[] {
  const piece = /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'|(\s+)|([^\s"'\\]+|["'\\])/gs;
  const words: string[] = [];
  let word: string | undefined;
  for (const [, escaped, double, single, blank, plain] of text.matchAll(piece)) {
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const inDouble = double?.replaceAll(/\\(.)/gs, (_, character: string) => unescaped(character));
    word = (word ?? '') + (inDouble ?? single ?? plain ?? unescaped(escaped ?? ''));
  }
  return word === undefined ? words : [...words, word];
}

const unescaped = (character: string) => ({ n: '\n', t: '\t', s: ' ' })[character] ?? character;

/** `250ms`, `5`, `1min 30s`, `infinity`: systemd.time(7), in milliseconds; undefined when it is none of them. */
export function parseSpan(text: string): number | undefined {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)\s*/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined;
  let total = 0;
  for (const [, number, unit = ''] of parts) {
    const factor = spanUnits[unit];
    if (factor === undefined) return undefined;
    total += Number(number) * factor;
  }
  return total;
}

const spanUnits: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  ms: 1,
  msec: 1,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
};
