import type { Source } from './source.ts';

/** What comments and pages may point to. */
export interface Notes {
  /** Pages of docs/sources by name: `azure.md`. */
  readonly sources: Readonly<Record<string, string>>;
  /** File names of docs/decisions. */
  readonly decisions: readonly string[];
}

/** Sections and decisions that somebody points to and that are not there; two decisions of one number. */
export function referenceFindings(texts: readonly Source[], { sources, decisions }: Notes): readonly string[] {
  const numbers = decisions.map((name) => Number(name.slice(0, 4))).sort((one, other) => one - other);
  return [
    ...texts.flatMap(({ path, text }) => [
      ...[...text.matchAll(/\b(\w+\.md) ((?:§\d+(?:, )?)+)/g)].flatMap(([, page = '', list = '']) =>
        [...list.matchAll(/§(\d+)/g)]
          .filter(([, section]) => !new RegExp(`^## ${section}\\. `, 'm').test(sources[page] ?? ''))
          .map(([mark]) => `${path} points to ${page} ${mark}`),
      ),
      ...[...text.matchAll(/docs\/decisions\/(\d{4}-[\w.-]+\.md)/g)]
        .filter(([, name = '']) => !decisions.includes(name))
        .map(([whole]) => `${path} points to ${whole}`),
    ]),
    ...numbers
      .filter((number, index) => number !== index + 1)
      .slice(0, 1)
      .map((number) => `decision ${number} is out of its row`),
  ];
}
