import assert from 'node:assert/strict';
import { type Amount, checkpointsOf, maxUnavailable, wantedNodes } from '../../../tasks/common/rollout/limits.ts';

const count = (number: number): Amount => ({ kind: 'count', count: number });
const percent = (number: number): Amount => ({ kind: 'percent', percent: number });

describe('maxUnavailable', () => {
  const cases: readonly (readonly [Amount, number, number])[] = [
    [percent(25), 15, 3],
    [percent(20), 4, 1],
    [percent(33), 10, 3],
    [percent(100), 7, 7],
    [count(2), 10, 2],
    [count(9), 4, 4],
    [count(1), 0, 1],
  ];
  for (const [amount, nodes, expected] of cases)
    it(`is ${expected} for ${JSON.stringify(amount)} of ${nodes} nodes`, () =>
      assert.equal(maxUnavailable(amount, nodes).nodes, expected));

  it('says so when a share comes to less than one node', () => {
    assert.equal(maxUnavailable(percent(20), 4).note, 'maxUnavailable 20% of 4 nodes is less than one node; 1 is used');
    assert.equal(maxUnavailable(percent(25), 4).note, undefined);
  });
});

describe('wantedNodes', () => {
  const cases: readonly (readonly [Amount, number, number | 'all'])[] = [
    [count(1), 4, 1],
    [count(4), 4, 'all'],
    [percent(10), 4, 1],
    [percent(10), 25, 3],
    [percent(60), 2, 1],
    [percent(99), 3, 2],
    [percent(100), 3, 'all'],
    [percent(50), 1, 1],
  ];
  for (const [amount, nodes, expected] of cases)
    it(`is ${expected} for ${JSON.stringify(amount)} of ${nodes} nodes`, () =>
      assert.equal(wantedNodes(amount, nodes), expected));
});

describe('checkpointsOf', () => {
  const cases: readonly (readonly [readonly Amount[], number, number | 'all', readonly number[]])[] = [
    [[percent(10), percent(50)], 4, 'all', [1, 2]],
    [[percent(10), percent(50)], 2, 'all', [1]],
    [[percent(10), percent(50)], 1, 'all', []],
    [[count(5), count(1)], 10, 'all', [1, 5]],
    [[count(5), count(1)], 10, 5, [1]],
    [[percent(50), count(2)], 4, 'all', [2]],
    [[], 10, 'all', []],
  ];
  for (const [amounts, nodes, wanted, expected] of cases)
    it(`are ${expected.join(' and ') || 'none'} for ${JSON.stringify(amounts)} of ${nodes} nodes, ${wanted} wanted`, () =>
      assert.deepEqual(checkpointsOf(amounts, nodes, wanted), expected));
});
