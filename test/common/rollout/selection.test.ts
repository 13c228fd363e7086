import assert from 'node:assert/strict';
import { missing, parseSelection, selected } from '../../../tasks/common/rollout/selection.ts';
import { fleet } from '../../support/fleet-picture.ts';

/** n0 to n5, in zones 1, 2, 3, 1, 2, 3. */
const { nodes } = fleet('old old old old old old');

describe('chosen nodes', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['ids:3', '3'],
    ['ids:4,0-2', '0 1 2 4'],
    ['IDS: 1,1', '1'],
    ['zone:2', '1 4'],
    ['zone:9', ''],
    ['name:n5', '5'],
    ['name:N*', '0 1 2 3 4 5'],
    ['name:*3*', '3'],
    ['name:n', ''],
    ['name:n5*5', ''],
  ];
  for (const [text, ids] of cases)
    it(`of ${text} are ${ids || 'none'}`, () => {
      const selection = parseSelection(text);
      assert.ok(selection);
      assert.equal(
        selected(nodes, selection)
          .map(({ id }) => id)
          .join(' '),
        ids,
      );
    });

  for (const text of ['ids:', 'ids:a', 'ids:3-1', 'ids:1,,2', 'ids:0-99999999', 'zones:1', 'name:a b', '3', ''])
    it(`are not named by "${text}"`, () => assert.equal(parseSelection(text), undefined));

  it('that are not there are told', () => {
    assert.deepEqual(missing(nodes, { kind: 'ids', ids: ['1', '7', '8'] }), ['7', '8']);
  });
});
