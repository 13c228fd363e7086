import { cases as bakeInputs } from './cases/bake-inputs.ts';
import { cases as commonInputs } from './cases/common-inputs.ts';
import { cases as imageIds } from './cases/image-ids.ts';
import { cases as names } from './cases/names.ts';
import { cases as publishInputs } from './cases/publish-inputs.ts';
import { cases as rolloutInputs } from './cases/rollout-inputs.ts';
import { describeCases } from './support/describe-cases.ts';

const tables = {
  'what all tasks ask': commonInputs,
  'names of resources': names,
  'ids of images': imageIds,
  'numbers, times and scripts of a rollout': rolloutInputs,
  publishing: publishInputs,
  baking: bakeInputs,
};

for (const [subject, cases] of Object.entries(tables)) describeCases(subject, cases);
