import assert from 'node:assert/strict';
import { checkNames, evaluate } from './evaluate.ts';
import { parseExpression } from './parse.ts';
import { ExpressionError } from './tokens.ts';
import { Dictionary, type Value } from './values.ts';

const names = new Map<string, Value>([
  [
    'variables',
    new Dictionary([
      ['Letters', 'ABC'],
      ['numbers', '123'],
      ['Build.Reason', 'Manual'],
      ['empty', ''],
    ]),
  ],
  ['list', ['a', 'b', 'C']],
  [
    'items',
    [
      new Dictionary([
        ['id', 1],
        ['name', 'x'],
      ]),
      new Dictionary([['id', 2]]),
    ],
  ],
  [
    'map',
    new Dictionary([
      ['one', '1'],
      ['two', 'b'],
    ]),
  ],
]);

/** Each row of expressions#functions and #type-casting with what the page says or follows from it. */
const cases: readonly (readonly [string, Value])[] = [
  ["'It''s'", "It's"],
  ['-1.5', -1.5],
  ['.5', 0.5],
  ['TRUE', true],
  ['null', null],
  ["variables['Build.Reason']", 'Manual'],
  ['variables.letters', 'ABC'],
  ["variables['nope']", null],
  ["and(eq(variables.letters, 'abc'), eq(variables.numbers, 123))", true],
  ['and(true, true, false)', false],
  ["or(false, '', 0, null)", false],
  ["or(false, 'x')", true],
  ["not('')", true],
  ["not('false')", false],
  ['xor(true, 1)', false],
  ["xor('', 1)", true],
  ["eq('a', 'A')", true],
  ["eq(1, '1.0')", true],
  ["eq('1', 1)", true],
  ["eq(1, 'one')", false],
  ["eq(true, 'x')", true],
  ["eq('true', true)", true],
  ['eq(null, variables.empty)', true],
  ["eq(variables['nope'], '')", true],
  ["eq('', null)", true],
  ["ne(1, 'x')", true],
  ['eq(1.2.3, 1.2.3)', true],
  ["eq(1.2.3, '1.2.3')", true],
  ['gt(1.10.0, 1.9.0)', true],
  ["gt(5, '2')", true],
  ["ge('b', 'A')", true],
  ['lt(2, 10)', true],
  ["lt('2', '10')", false],
  ['le(2, 2)', true],
  ["in('B', 'a', 'b')", true],
  ["notIn('d', 'a', 'b')", true],
  ["in('x')", false],
  ["contains('ABCDE', 'bcd')", true],
  ["startsWith('ABCDE', 'ab')", true],
  ["endsWith('ABCDE', 'dE')", true],
  ["containsValue(list, 'c')", true],
  ["containsValue(map, '1')", true],
  ["containsValue(map, 'one')", false],
  ["coalesce(variables.empty, variables['nope'], 'last')", 'last'],
  ["coalesce('', null)", null],
  ["iif(eq(1, 1), 'yes', 'no')", 'yes'],
  ["iif(false, gt('x', 1), 'not looked at')", 'not looked at'],
  ["format('{0}-{1} {{0}}', 'a', true)", 'a-True {0}'],
  ["join(';', list)", 'a;b;C'],
  ["join(';', 'x')", 'x'],
  ["split('a,b,,c', ',')", ['a', 'b', '', 'c']],
  ["split('a', ',')[0]", 'a'],
  ["lower('ÄB')", 'äb'],
  ["upper('ab')", 'AB'],
  ["trim('  a ')", 'a'],
  ["replace('a.b.c', '.', '$&')", 'a$&b$&c'],
  ["length('abc')", 3],
  ['length(list)', 3],
  ['items.*.id', [1, 2]],
  ["items[0]['name']", 'x'],
  ['items[9]', null],
  ['map.one', '1'],
];

const wrong: readonly (readonly [string, RegExp])[] = [
  ["gt(1, 'x')", /gt can't compare "1" and "x"/],
  ['eq(1)', /function "eq" was given 1 arguments/],
  ['eq(1, 2', /unexpected its end/],
  ['eq(1, 2))', /unexpected "\)"/],
  ['"double"', /unexpected "/],
  ["format('{1}', 'a')", /format can't fill/],
  ["format('{0:yyyy}', 'a')", /format can't fill/],
  ["counter('x', 1)", /function "counter" is not played/],
  ['nobody.knows', /"nobody" is not known here; known are variables/],
  ['1.2.3.4.5', /is no number/],
];

describe('An expression', () => {
  for (const [text, value] of cases) {
    it(`${text} gives ${JSON.stringify(value)}`, () => {
      assert.deepEqual(evaluate(parseExpression(text), { names, functions: new Map() }), value);
    });
  }

  for (const [text, says] of wrong) {
    it(`${text} is refused`, () => {
      assert.throws(
        () => {
          const expression = parseExpression(text);
          checkNames(expression, { names: [...names.keys()], functions: [] });
          evaluate(expression, { names, functions: new Map() });
        },
        (problem) => problem instanceof ExpressionError && says.test(problem.message),
      );
    });
  }
});
