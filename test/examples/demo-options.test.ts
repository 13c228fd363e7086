import assert from 'node:assert/strict';
import { readOptions } from '../../examples/demo/options.ts';

describe("the demo's options", () => {
  it('drains, asks and ends by itself when nothing is said', () => {
    const options = { approve: 'ask', keep: false, drain: true, verbose: false };
    assert.deepEqual(readOptions([], true), options);
  });

  it('takes all that the usage names', () => {
    const options = { approve: 'all', keep: true, drain: false, verbose: true };
    assert.deepEqual(readOptions(['--approve', 'all', '--keep', '--no-drain', '--verbose'], false), options);
  });

  const cases = [
    { argv: [], problem: /no terminal.*--approve all/ },
    { argv: ['--approve', 'some'], problem: /"some"/ },
    { argv: ['--approve', 'all', '--fast'], problem: /--fast/ },
  ];
  for (const { argv, problem } of cases)
    it(`refuses "${argv.join(' ')}" without a terminal`, () => {
      const options = readOptions(argv, false);
      assert.match('problem' in options ? options.problem : '', problem);
    });
});
