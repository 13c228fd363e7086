import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { features, featureTable } from './features.ts';
import { featureCases } from './support/feature-cases.ts';
import { outline, playScratch, printed, stepsOf } from './support/play-scratch.ts';

/** Rows that are stories rather than one run, told in run/*.test.ts. */
const toldElsewhere = ['rerun stage'];

describe('The feature table', () => {
  for (const [id, { prints = [], outline: wanted, ...scratch }] of Object.entries(featureCases)) {
    it(`is true: ${id}`, async () => {
      const { result, lines } = await playScratch(scratch);
      assert.deepEqual(printed(result), prints, lines.join('\n'));
      if (wanted) assert.deepEqual(outline(result), wanted);
      else assert.ok(stepsOf(result).length > 0);
    });
  }

  it('has a case for every row and a row for every case', () => {
    assert.deepEqual([...Object.keys(featureCases), ...toldElsewhere].sort(), features.map(({ id }) => id).sort());
  });

  it('stands in the README', () => {
    const file = join(import.meta.dirname, 'README.md');
    const text = readFileSync(file, 'utf8');
    const wanted = text.replace(
      /<!-- features -->.*<!-- \/features -->/s,
      () => `<!-- features -->\n${featureTable()}\n<!-- /features -->`,
    );
    if (process.env['UPDATE']) writeFileSync(file, wanted);
    else assert.equal(text, wanted, 'run this test with UPDATE=1 to write the table');
  });
});
