import { type Source, withoutComments } from './source.ts';

const thrown = [
  /new Failure\(\s*'(\w+)'/g,
  /\bcode: '([A-Z]\w+)'/g, // a cure's code, or an issue's
  /\b(?:init|validate|build): '([A-Z]\w+)'/g, // one a command of Packer
  /\/i?,\s*'([A-Z]\w+)',\s*['"]/g, // a row of azure/arm-cures.ts: pattern, code, hint
];

/** `type InputCode = 'InvalidInput' | …`: a function that is told which code to fail with. */
const named = /\btype (?:\w*Code|Oddity) =([^;]+);/g;

/** Codes that shipped code can fail with, and those that a page explains, where one has what the other has not. */
export function failureCodeFindings(sources: readonly Source[], page: string): readonly string[] {
  const code = sources.filter(({ path }) => path.startsWith('tasks/')).map(({ text }) => withoutComments(text));
  const used = new Set(
    code.flatMap((text) => [
      ...thrown.flatMap((form) => [...text.matchAll(form)].map(([, name = '']) => name)),
      ...[...text.matchAll(named)].flatMap(([, words = '']) =>
        [...words.matchAll(/'(\w+)'/g)].map(([, name = '']) => name),
      ),
    ]),
  );
  used.delete('ETIMEDOUT'); // a socket's word, not ours
  const explained = new Set([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name));
  return [
    ...[...used]
      .filter((name) => !explained.has(name))
      .sort()
      .map((name) => `${name} is not explained`),
    ...[...explained]
      .filter((name) => !used.has(name))
      .sort()
      .map((name) => `${name} is explained, and nothing fails with it`),
  ];
}
