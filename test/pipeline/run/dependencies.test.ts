import assert from 'node:assert/strict';
import { parseExpression } from '../expressions/parse.ts';
import { Dictionary } from '../expressions/values.ts';
import type { Result } from '../result.ts';
import { conditionHolds, overall } from './dependencies.ts';

/** Jobs that have ended, as `name=result` with what they depend on: `B<A=skipped`. */
function ended(picture: string) {
  return picture
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const [head = '', result] = word.split('=');
      const [name = '', dependsOn = ''] = head.split('<');
      return { name, dependsOn: dependsOn ? dependsOn.split('+') : [], result: result as Result, outputs: {} };
    });
}

/** What docs/process/expressions#job-status-check-functions says of jobs and stages. */
const cases: readonly (readonly [string, string, string, boolean])[] = [
  // condition, what has ended, dependsOn, holds
  ['', '', '', true],
  ['', 'A=succeeded', 'A', true],
  ['', 'A=succeededWithIssues', 'A', true],
  ['', 'A=failed', 'A', false],
  ['', 'A=skipped', 'A', false],
  ['', 'A=canceled', 'A', false],
  ['', 'A=failed B<A=succeeded', 'B', false],
  ['', 'A=failed B=succeeded', 'B', true],
  ['failed()', 'A=failed', 'A', true],
  ['failed()', 'A=failed B<A=skipped', 'B', true],
  ['failed()', 'A=succeeded', 'A', false],
  ['failed()', 'A=canceled', 'A', false],
  ["failed('A')", 'A=failed B=succeeded', 'A+B', true],
  ["failed('B')", 'A=failed B=succeeded', 'A+B', false],
  ["succeeded('B')", 'A=failed B=succeeded', 'A+B', true],
  ["succeeded('A', 'B')", 'A=failed B=succeeded', 'A+B', false],
  ['succeededOrFailed()', 'A=failed', 'A', true],
  ["succeededOrFailed('A')", 'A=skipped', 'A', false],
  ['always()', 'A=skipped', 'A', true],
  ['canceled()', 'A=succeeded', 'A', false],
  ["and(always(), eq(variables.v, '1'))", 'A=failed', 'A', true],
];

const onCancel: readonly (readonly [string, boolean])[] = [
  ['', false],
  ['succeeded()', false],
  ['failed()', false],
  ['succeededOrFailed()', false],
  ['always()', true],
  ['canceled()', true],
];

function holds(text: string, done: string, dependsOn: string, cancelled: boolean): boolean {
  const place = { file: 'x.yml', line: 1 };
  const condition = text === '' ? {} : { condition: { expression: parseExpression(text), text, place } };
  const node = { dependsOn: dependsOn ? dependsOn.split('+') : [], ...condition };
  return conditionHolds(node, ended(done), cancelled, new Map([['variables', new Dictionary([['v', '1']])]]));
}

describe('A condition of a stage or job', () => {
  for (const [text, done, dependsOn, wanted] of cases) {
    it(`"${text}" ${wanted ? 'holds' : 'does not hold'} after ${done || 'nothing'}`, () => {
      assert.equal(holds(text, done, dependsOn, false), wanted);
    });
  }

  for (const [text, wanted] of onCancel) {
    it(`"${text}" ${wanted ? 'holds' : 'does not hold'} when the run was cancelled`, () => {
      assert.equal(holds(text, 'A=succeeded', 'A', true), wanted);
    });
  }
});

describe('The result of several', () => {
  const results: readonly (readonly [readonly Result[], Result])[] = [
    [[], 'succeeded'],
    [['succeeded', 'skipped'], 'succeeded'],
    [['succeeded', 'succeededWithIssues'], 'succeededWithIssues'],
    [['failed', 'skipped', 'succeeded'], 'failed'],
    [['failed', 'canceled'], 'canceled'],
    [['skipped', 'skipped'], 'skipped'],
  ];
  for (const [some, wanted] of results) {
    it(`${some.join(', ') || 'none'} is ${wanted}`, () => assert.equal(overall(some), wanted));
  }
});
