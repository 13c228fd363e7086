import assert from 'node:assert/strict';
import { cases as agent } from './cases/agent.ts';
import { cases as azureSays } from './cases/azure-says.ts';
import { cases as bakeInputs } from './cases/bake-inputs.ts';
import { cases as commonInputs } from './cases/common-inputs.ts';
import { cases as connections } from './cases/connections.ts';
import { cases as foreignAnswers } from './cases/foreign-answers.ts';
import { cases as imageIds } from './cases/image-ids.ts';
import { cases as misfits } from './cases/misfits.ts';
import { cases as missing } from './cases/missing.ts';
import { cases as names } from './cases/names.ts';
import { cases as network } from './cases/network.ts';
import { cases as packer } from './cases/packer.ts';
import { cases as publishInputs } from './cases/publish-inputs.ts';
import { cases as rights } from './cases/rights.ts';
import { cases as rolloutInputs } from './cases/rollout-inputs.ts';
import { cases as sets } from './cases/sets.ts';
import { cases as signIn } from './cases/sign-in.ts';
import { codesOf, uncovered } from './support/coverage.ts';
import { describeCases } from './support/describe-cases.ts';

const tables = {
  'what all tasks ask': commonInputs,
  'names of resources': names,
  'ids of images': imageIds,
  'numbers, times and scripts of a rollout': rolloutInputs,
  publishing: publishInputs,
  baking: bakeInputs,
  Packer: packer,
  'the agent': agent,
  'the service connection': connections,
  'sign-in': signIn,
  'no answer': network,
  'answers of somebody else': foreignAnswers,
  'rights, locks and policies': rights,
  'what is not there': missing,
  'what does not fit': misfits,
  'sets and what others left in them': sets,
  'what Azure says': azureSays,
};

for (const [subject, cases] of Object.entries(tables)) describeCases(subject, cases);

/** What is known before the first write is known to a dry run too. */
const foreseen = [...missing, ...misfits, ...sets, ...rights]
  .filter(({ task, foreseen = true }) => task === 'UpgradeScaleSetNodes' && foreseen)
  .map((bad) => ({ ...bad, inputs: { ...bad.inputs, plan: 'true' } }));
describeCases('the same of a plan', foreseen);

describe('the table of bad input', () => {
  const all = Object.values(tables).flat();
  const fewest = 300;

  it('blames every input of every task.json at least once', () => assert.deepEqual(uncovered(all), []));

  it('would say which input nobody blames', () =>
    assert.deepEqual(uncovered(all.filter(({ input }) => input !== 'drainTimeout')), [
      'RollbackScaleSet: drainTimeout',
      'UpgradeScaleSetNodes: drainTimeout',
    ]));

  it('has no case twice', () => {
    const titles = all.map(({ task, bad, code }) => `${task} ${bad} ${code}`);
    assert.deepEqual(
      titles.filter((title, index) => titles.indexOf(title) < index),
      [],
    );
  });

  it(`holds ${fewest} cases at least`, () => assert.ok(all.length >= fewest, `there are ${all.length}`));

  after(() => console.log(`\n  bad input: ${all.length} cases, ${codesOf(all).size} codes`));
});
