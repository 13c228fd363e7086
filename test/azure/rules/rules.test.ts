import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultSettings } from '../core/settings.ts';
import { type Ground, groundOf, type RuleRow, ruleRows } from './rule-rows.ts';
import { type Switch, settingsIn, unusedValues } from './switches.ts';

const azure = fileURLToPath(new URL('..', import.meta.url));
const read = (...path: readonly string[]) => readFileSync(join(azure, ...path), 'utf8');
const files = (ending: string, folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));

describe('the rules of the simulated Azure', () => {
  const pages = files('README.md', azure);
  const rows = pages.flatMap(({ text }) => ruleRows(text));
  const settings = settingsIn(read('core', 'settings.ts'));
  const switches = [...settings, ...settingsIn(read('sign-in', 'state.ts'))].filter(({ values }) => values.length > 0);
  const tests = files('.test.ts', join(azure, '..'));

  it('have a source, a switch, or the word own', () => {
    const grounds = rows.map(groundOf);
    const count = (ground: Ground) => grounds.filter((one) => one === ground).length;
    console.log(
      `    rules: ${count('source')} with source, ${switches.length} switches, ${count('own')} own, ${count('gap')} gaps`,
    );
    assert.deepEqual(
      rows.filter((row) => groundOf(row) === 'none').map(({ cells }) => cells.join(' | ')),
      [],
    );
    assert.ok(rows.length > 100, `${rows.length} rows`);
  });

  it('name every setting that there is, switches with all of their values, the default first', () => {
    const known = settings.filter((setting) => !isNamed(setting, rows)).map(({ name }) => name);
    assert.deepEqual(known, [], 'settings that no row names');
    for (const { name, values } of settings.filter(({ values }) => values.length > 0)) {
      const row = rows.find(({ kind, cells }) => kind === 'switch' && cells[0] === `\`${name}\``);
      assert.ok(row, `${name} is a switch, and has no row`);
      const listed = [...(row.cells[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, value]) => value);
      const plain = values.map((value) => value.replaceAll("'", ''));
      assert.deepEqual([...listed].sort(), [...plain].sort(), name);
      assert.equal(listed[0], String(defaultSettings[name as keyof typeof defaultSettings]), `the default of ${name}`);
    }
  });

  it('name no switch that is not there', () => {
    const names = new Set([...settings, ...switches].map(({ name }) => name));
    const listed = rows.filter(({ kind }) => kind === 'switch').flatMap(({ cells: [first = ''] }) => quoted(first));
    assert.deepEqual(
      listed.filter((name) => !names.has(name)),
      [],
    );
  });

  for (const one of switches)
    it(`are under test with each setting of ${one.name}`, () => assert.deepEqual(unusedValues(one, tests), []));
});

describe('the READMEs of the simulated Azure', () => {
  for (const folder of ['.', 'compute'])
    it(`have a row for each folder of ${folder}`, () => {
      const [table = ''] = /\| folder \|[\s\S]*?\n\n/.exec(read(folder, 'README.md')) ?? [];
      const named = [...table.matchAll(/`([\w-]+)\/`/g)].map(([, name]) => name);
      const there = readdirSync(join(azure, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
      assert.deepEqual(
        there.map(({ name }) => name).filter((name) => !named.includes(name)),
        [],
      );
    });
});

const quoted = (cell: string) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
const isNamed = ({ name }: Switch, rows: readonly RuleRow[]) =>
  rows.some(({ cells }) => cells.some((cell) => quoted(cell).includes(name)));

describe('a row of a table of rules', () => {
  const cases: readonly (readonly [string, Ground])[] = [
    ['| a | spec; the rest: own |', 'source'],
    ['| a | Microsoft Learn, virtual-networks-faq |', 'source'],
    ['| a | code: own; issue azure-cli#1 |', 'source'],
    ['| a | own strictness; doc nowhere |', 'source'],
    ['| a | own: the order is not documented |', 'own'],
    ['| switch `x`: on or off | not proven |', 'switch'],
    ['| a | own: gap |', 'gap'],
    ['| a | gap; the real ones have it |', 'gap'],
    ['| a | everybody knows |', 'none'],
    ['| a | |', 'none'],
  ];
  for (const [row, ground] of cases)
    it(`rests on ${ground}: ${row}`, () => {
      const [read, ...others] = ruleRows(`| rule | source |\n|---|---|\n${row}\n\n| b | c |\n`);
      assert.ok(read);
      assert.deepEqual([groundOf(read), others.length], [ground, 0]);
    });
});

describe('the use of a switch', () => {
  const one = { name: 'speed', values: ["'fast'", "'slow'"] };
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["open({ speed: 'fast' }); open({ speed: 'slow' });", []],
    ["for (const speed of ['fast', 'slow']) open({ speed });", []],
    ["for (const [way] of [['fast'], ['slow']]) open({ speed: way });", []],
    ["open({ speed: 'fast' });", ["'slow'"]],
    ["'slow'; speed", ["'fast'", "'slow'"]],
    ['', ["'fast'", "'slow'"]],
  ];
  for (const [text, unused] of cases)
    it(`is seen in ${text || 'nothing'}`, () =>
      assert.deepEqual(unusedValues(one, [{ path: 'a.test.ts', text }]), unused));
});
