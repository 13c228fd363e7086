import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beginInBackground } from '../support/background.ts';
import { type Conclusion, conclude, unused } from './conclude.ts';
import { findDocuments, whereDocumentsAre } from './documents.ts';
import { exceptions } from './exceptions.ts';
import { openJudge } from './judge.ts';
import { Recorder } from './recorder.ts';

const recorder = new Recorder();
recorder.listen();

/**
 * Around whatever mocha runs, one file or all: what the tests said to the simulated Azure and heard from it is held
 * against Azure's own documents at the end (.mocharc.json requires this file).
 */
export const mochaHooks = {
  beforeAll(this: Mocha.Context): void {
    const root = this.test?.parent;
    if (root && isWholeSuite(this)) beginInBackground(root);
  },
  beforeEach(this: Mocha.Context): void {
    recorder.test = this.currentTest?.fullTitle() ?? '';
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    if (recorder.pairs.size === 0) return;
    this.timeout(120_000);
    const documents = findDocuments();
    if (!documents) return console.log(`\n  conformance: not checked, ${whereDocumentsAre}`);
    const conclusion = await conclude(await openJudge(documents), recorder.pairs.values());
    console.log(`\n  ${counts(conclusion)}`);
    const left = isWholeSuite(this) ? unused(conclusion.exceptionsUsed) : [];
    const problems = [...conclusion.deviations, ...left.map(({ name }) => `exception "${name}": nothing needs it`)];
    assert.equal(problems.length, 0, `the simulated Azure and its documents differ:\n- ${problems.join('\n- ')}`);
  },
};

function counts({ pairs, polls, operations, exceptionsUsed, deviations }: Conclusion): string {
  return [
    `conformance: ${recorder.calls} calls are ${pairs} different pairs of request and answer`,
    `${operations.size} operations covered, ${polls} pairs of polling`,
    `${recorder.madeUp} planned faults left out`,
    `${exceptionsUsed.size} of ${exceptions.length} exceptions used (${[...exceptionsUsed].map(({ name }) => name).join(', ')})`,
    `${deviations.length} deviations`,
  ].join('; ');
}

/** With a part of the tests, or where az and Packer are missing, an exception may well find nothing to do. */
function isWholeSuite({ test }: Mocha.Context): boolean {
  if (process.env['REQUIRE_REAL'] !== '1') return false;
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts'));
  const suites = test?.parent?.suites ?? [];
  return new Set(suites.map(({ file }) => file)).size === files.length;
}
