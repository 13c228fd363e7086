import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { features, featureTable } from './features.ts';
import type { FeatureCase } from './support/feature-cases/feature-case.ts';
import { featureCases } from './support/feature-cases/index.ts';
import { outline, playScratch, printed, stepsOf } from './support/play-scratch.ts';

/** Rows that are stories rather than one run, told in run/*.test.ts. */
const toldElsewhere = ['rerun stage'];

describe('The feature table', () => {
  after(() => console.log(`      player: ${features.length} features, ${featureCases.length} cases`));

  for (const featureCase of featureCases) {
    const { feature, follows, about, prints = [], outline: wanted, sorted, only, ...scratch } = featureCase;
    it(`is true: ${feature}, as in ${follows}${about ? ` (${about})` : ''}`, async () => {
      const { result, lines } = await playScratch(scratch);
      assert.deepEqual(compared(printed(result), featureCase), prints, lines.join('\n'));
      if (wanted) assert.deepEqual(outline(result), wanted);
      else assert.ok(stepsOf(result).length > 0);
    });
  }

  it('has a case for every row and a row for every case', () => {
    const told = new Set([...featureCases.map(({ feature }) => feature), ...toldElsewhere]);
    assert.deepEqual([...told].sort(), features.map(({ id }) => id).sort());
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

function compared(lines: readonly string[], { sorted = false, only = /./ }: FeatureCase): readonly string[] {
  const chosen = lines.filter((line) => only.test(line));
  return sorted ? chosen.sort() : chosen;
}
