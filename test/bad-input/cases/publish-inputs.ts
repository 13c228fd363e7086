import type { BadCase } from '../support/case.ts';

type Row = readonly [bad: string, input: string, value: string, code: string, hint: RegExp];

const rows: readonly Row[] = [
  ['latest for a number', 'imageVersion', 'latest', 'ImageVersionNotConcrete', /number of its own/],
  ['two numbers', 'imageVersion', '1.2', 'InvalidInput', /three whole numbers/],
  ['four numbers', 'imageVersion', '1.2.3.4', 'InvalidInput', /three whole numbers/],
  ['a v before the number', 'imageVersion', 'v1.2.3', 'InvalidInput', /three whole numbers/],
  ['a pre-release', 'imageVersion', '1.2.3-rc.1', 'InvalidInput', /three whole numbers/],
  ['leading zeros', 'imageVersion', '2026.01.05', 'InvalidInput', /leading zeros/],
  ['a date too large', 'imageVersion', '1.0.20260105123', 'InputOutOfRange', /at most 2147483647/],
  ['a number below nothing', 'imageVersion', '1.-2.3', 'InvalidInput', /three whole numbers/],
  ['yes for true', 'excludeFromLatest', 'yes', 'InvalidInput', /one of: true, false/],
  ['hours for minutes', 'timeoutInMinutes', '2h', 'InvalidInput', /whole number from 1 to 2880/],
  ['no time', 'timeoutInMinutes', '0', 'InputOutOfRange', /from 1 to 2880/],
  ['three days', 'timeoutInMinutes', '4320', 'InputOutOfRange', /from 1 to 2880/],
];

const regions: readonly Row[] = [
  ['no replica', 'targetRegions', 'koreacentral=0', 'InputOutOfRange', /1 to 100 replicas/],
  ['too many replicas', 'targetRegions', 'koreacentral=101', 'InputOutOfRange', /1 to 100 replicas/],
  [
    'a storage that is none',
    'targetRegions',
    'koreacentral=1,Standard_GRS',
    'InvalidInput',
    /Standard_LRS, Standard_ZRS/,
  ],
  ['a region that is no word', 'targetRegions', '=2', 'InvalidInput', /Write a region/],
  ['a JSON list', 'targetRegions', '["koreacentral"]', 'InvalidInput', /Write a region/],
  ['storage without replicas', 'targetRegions', 'koreacentral,Standard_ZRS', 'InvalidInput', /region=replicas,storage/],
];

const refused = (verb: 'is' | 'has', [bad, input, value, code, hint]: Row): BadCase => ({
  task: 'PublishGalleryVersion',
  bad: `${bad} (${input}: ${value})`,
  inputs: { [input]: value },
  input,
  code,
  says: `Input "${input}" ${verb} "${value}"`,
  hint,
});

export const cases: readonly BadCase[] = [
  ...rows.map((row) => refused('is', row)),
  ...regions.map((row) => refused('has', row)),
  {
    task: 'PublishGalleryVersion',
    bad: 'one region twice',
    inputs: { targetRegions: 'koreacentral\nKorea Central=2' },
    input: 'targetRegions',
    code: 'ContradictoryInputs',
    says: 'Input "targetRegions" has "koreacentral; Korea Central=2"',
    hint: /koreacentral twice/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a variable among the regions',
    inputs: { targetRegions: 'koreacentral\n$(second)' },
    input: 'targetRegions',
    code: 'VariableNotSet',
    says: 'Input "targetRegions" still holds "$(second)"',
    hint: /The variable "second"/,
  },
];
