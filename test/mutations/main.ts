import { parseArgs } from 'node:util';
import { projectFolder } from '../../build/project.ts';
import { mutations } from './guards.ts';
import { type Tried, tryAll } from './try-all.ts';

/**
 * `npm run mutations`: all guards, or those with these words in what they see to; `-- --workers 4`, `-- --why`. With
 * `-- --part 2/3` each third of them, beginning with the second.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workers: { type: 'string', default: '2' },
    why: { type: 'boolean', default: false },
    part: { type: 'string', default: '1/1' },
  },
});
const [part = 0, parts = 0] = (/^([1-9])\/([1-9])$/.exec(values.part) ?? []).slice(1).map(Number);
if (part === 0 || part > parts) {
  console.error(`--part is "${values.part}": 2/3 is the second of three parts`);
  process.exit(2);
}
const named = mutations.filter(({ guard, file }) => positionals.every((word) => `${guard} ${file}`.includes(word)));
const chosen = named.filter((_guard, index) => index % parts === part - 1);
const startedAt = Date.now();
const tried = await tryAll(projectFolder, chosen, Number(values.workers), tell);
const found = tried.filter(({ verdict }) => verdict.kind === 'finding');
const tests = new Set(chosen.map(({ test }) => `${test.file} ${test.title}`));
console.log(
  `mutations, part ${values.part}: ${chosen.length} guards taken away, one at a time; ${tried.length - found.length} turned their test red; ` +
    `${tests.size} tests, all green with the guards in place; ${Math.round((Date.now() - startedAt) / 1000)} s`,
);
if (found.length > 0 || chosen.length === 0) process.exit(1);

function tell({ mutation: { guard, file, test }, verdict }: Tried): void {
  if (verdict.kind === 'red') console.log(`red  ${guard}${values.why ? `: ${verdict.because}` : ''}`);
  else console.log(`NOT  ${guard}: ${verdict.because}\n     ${file}, watched by "${test.title}" of ${test.file}`);
}
