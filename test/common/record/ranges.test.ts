import assert from 'node:assert/strict';
import { fromRanges, toRanges } from '../../../tasks/common/record/ranges.ts';

describe('ranges', () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], ''],
    [['7'], '7'],
    [['0', '1', '2', '5'], '0-2,5'],
    [['10', '9'], '9-10'],
  ];
  for (const [ids, text] of cases) {
    it(`writes ${ids.join(' ') || 'nothing'} as "${text}" and reads it back`, () => {
      assert.equal(toRanges(ids), text);
      assert.deepEqual([...fromRanges(text)].sort(), [...ids].sort());
    });
  }
});
