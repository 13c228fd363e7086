import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lineSplitter, longestLine } from '../../../tasks/common/packer/line-splitter.ts';

function split(...pieces: readonly (string | Buffer)[]): readonly string[] {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));
  for (const piece of pieces) splitter.write(Buffer.from(piece));
  splitter.end();
  return lines;
}

describe('lineSplitter', () => {
  const cases = [
    { name: 'whole lines', pieces: ['a\nb\n'], lines: ['a', 'b'] },
    { name: 'a line in pieces', pieces: ['a', 'b', 'c\nd'], lines: ['abc', 'd'] },
    { name: 'Windows line ends, cut apart too', pieces: ['a\r', '\nb\r\n'], lines: ['a', 'b'] },
    { name: 'empty lines', pieces: ['\n\na\n'], lines: ['', '', 'a'] },
    { name: 'nothing', pieces: [], lines: [] },
  ];
  for (const { name, pieces, lines } of cases) it(`takes ${name}`, () => assert.deepEqual(split(...pieces), lines));

  it('puts a character together whose bytes come apart', () => {
    const bytes = Buffer.from('né\n');
    assert.deepEqual(split(bytes.subarray(0, 2), bytes.subarray(2)), ['né']);
  });

  it('shows half a character at the very end as what it is', () =>
    assert.deepEqual(split(Buffer.from([0x61, 0xc3])), ['a\ufffd']));

  it('cuts a line that never ends, says how much is gone, and goes on with the next', () => {
    const [long = '', next] = split('x'.repeat(longestLine), 'y'.repeat(1000), '\nnext\n');
    assert.equal(long, `${'x'.repeat(longestLine)} … (1000 more characters)`);
    assert.equal(next, 'next');
  });

  it('gives the same lines wherever the pieces are cut', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(64)), (texts, cuts) => {
        const bytes = Buffer.from(texts.map((text) => text.replace(/[\r\n]/g, '')).join('\n'));
        const ends = cuts.toSorted((a, b) => a - b);
        const pieces = [...ends, undefined].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        assert.deepEqual(split(...pieces), split(bytes));
      }),
    ));
});
