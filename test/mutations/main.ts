import { parseArgs } from 'node:util';
import { projectFolder } from '../../build/project.ts';
import { mutations } from './guards.ts';
import { type Tried, tryAll } from './try-all.ts';

/** `npm run mutations`: all guards, or those with these words in what they see to; `-- --workers 4`, `-- --why`. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { workers: { type: 'string', default: '2' }, why: { type: 'boolean', default: false } },
});
const chosen = mutations.filter(({ guard, file }) => positionals.every((word) => `${guard} ${file}`.includes(word)));
const startedAt = Date.now();
const tried = await tryAll(projectFolder, chosen, Number(values.workers), tell);
const found = tried.filter(({ verdict }) => verdict.kind === 'finding');
const tests = new Set(chosen.map(({ test }) => `${test.file} ${test.title}`));
console.log(
  `mutations: ${chosen.length} guards taken away, one at a time; ${tried.length - found.length} turned their test red; ` +
    `${tests.size} tests, all green with the guards in place; ${Math.round((Date.now() - startedAt) / 1000)} s`,
);
if (found.length > 0 || chosen.length === 0) process.exit(1);

function tell({ mutation: { guard, file, test }, verdict }: Tried): void {
  if (verdict.kind === 'red') console.log(`red  ${guard}${values.why ? `: ${verdict.because}` : ''}`);
  else console.log(`NOT  ${guard}: ${verdict.because}\n     ${file}, watched by "${test.title}" of ${test.file}`);
}
