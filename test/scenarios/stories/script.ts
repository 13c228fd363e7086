/**
 * A story as text: what there is, what is done and what happens meanwhile; below the line what came of it.
 *
 *     # One sentence that says what the story shows.
 *     fleet nodes=4 zones=3
 *     image 3.0.0 never-healthy
 *     upgrade imageVersionId=3.0.0 nodes=1
 *       when drain shop_0: scale to=5
 *       at 5m: kill
 *       before POST /manualupgrade: vanish node=shop_1
 *     later 60h
 *     rollback
 *     ----
 */
export interface Script {
  readonly title: string;
  readonly words: Words;
  readonly images: readonly { readonly version: string; readonly content: string }[];
  readonly acts: readonly Act[];
  /** What it ended in when it was last told. */
  readonly told: string;
}

/** `name=value` pairs of a line. */
export type Words = Readonly<Record<string, string>>;

export type Act =
  | {
      readonly kind: 'task';
      readonly verb: 'upgrade' | 'rollback';
      readonly line: string;
      readonly inputs: Words;
      readonly meanwhile: readonly Meanwhile[];
    }
  | { readonly kind: 'later'; readonly line: string; readonly ms: number }
  | { readonly kind: 'happens'; readonly line: string; readonly event: Event };

/** Something that others do, or that befalls the world. */
export interface Event {
  readonly what: string;
  readonly words: Words;
}

export interface Meanwhile {
  /** So long after the task was begun, as soon as its log has these words, or while such a call is on its way to Azure. */
  readonly when: { readonly ms: number } | { readonly log: string } | { readonly call: string };
  readonly event: Event;
}

const divider = '----\n';

export function readScript(text: string): Script {
  const [upper = '', told = ''] = text.split(divider);
  const lines = upper.split('\n').filter((line) => line.trim() !== '');
  const title = lines.filter((line) => line.startsWith('#')).map((line) => line.slice(1).trim());
  const said = lines.filter((line) => !line.startsWith('#'));
  const setting = (first: string) => said.filter((line) => line.startsWith(`${first} `));
  return {
    title: title.join(' '),
    words: wordsIn(setting('fleet').join(' ')),
    images: setting('image').map((line) => {
      const [, version = '', ...words] = line.split(' ');
      return { version, content: [version, ...words].join(' ') };
    }),
    acts: actsIn(said.filter((line) => !/^(fleet|image) /.test(line))),
    told,
  };
}

/** The script with another ending. */
export const withEnding = (text: string, told: string) => `${text.split(divider)[0]}${divider}${told}`;

function actsIn(lines: readonly string[]): readonly Act[] {
  const acts: Act[] = [];
  for (const line of lines) {
    const last = acts.at(-1);
    if (!line.startsWith(' ')) acts.push(actIn(line));
    else if (last?.kind === 'task')
      acts[acts.length - 1] = { ...last, meanwhile: [...last.meanwhile, meanwhileIn(line)] };
    else throw new Error(`"${line.trim()}" happens while nothing is done`);
  }
  return acts;
}

function actIn(line: string): Act {
  const [verb = '', rest = ''] = [line.split(' ')[0], line.split(' ').slice(1).join(' ')];
  if (verb === 'upgrade' || verb === 'rollback')
    return { kind: 'task', verb, line, inputs: wordsIn(rest), meanwhile: [] };
  if (verb === 'later') return { kind: 'later', line, ms: msIn(rest) };
  return { kind: 'happens', line, event: eventIn(line) };
}

function meanwhileIn(line: string): Meanwhile {
  const [, kind, moment = '', event = ''] = /^\s+(at|when|before) (.+?): (.+)$/.exec(line) ?? [];
  const read = whens[kind ?? ''];
  if (!read) throw new Error(`"${line.trim()}" is not "at <time>: …", "when <log>: …" or "before <call>: …"`);
  return { when: read(moment), event: eventIn(event) };
}

const whens: Readonly<Record<string, (moment: string) => Meanwhile['when']>> = {
  at: (moment) => ({ ms: msIn(moment) }),
  when: (log) => ({ log }),
  before: (call) => ({ call }),
};

function eventIn(line: string): Event {
  const [what = '', ...rest] = line.split(' ');
  return { what, words: wordsIn(rest.join(' ')) };
}

/** A value that has blanks in it stands in quotes. */
const wordsIn = (text: string): Words =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)].map(([, name = '', quoted, bare = '']) => [name, quoted ?? bare]),
  );

const units: Words = { s: '1', m: '60', h: '3600' };

function msIn(text: string): number {
  const [, number, unit = ''] = /^(\d+)([smh])$/.exec(text.trim()) ?? [];
  const seconds = units[unit];
  if (number === undefined || seconds === undefined) throw new Error(`"${text}" is no time such as 90s, 5m or 60h`);
  return Number(number) * Number(seconds) * 1000;
}
