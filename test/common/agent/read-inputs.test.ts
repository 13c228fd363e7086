import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { type ReadInputs, readInputs } from '../../../tasks/common/agent/read-inputs.ts';
import { Failure } from '../../../tasks/common/failure.ts';

const workFolder = resolve('/work/folder');
const there = [resolve(workFolder, 'template.json'), resolve('/elsewhere')];
const inputs = (values: Readonly<Record<string, string>>) =>
  readInputs((name) => values[name], { workFolder, exists: (path) => there.includes(path) });

const refused =
  (message: RegExp, hint = /./, code = 'InvalidInput') =>
  (error: unknown) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.match(error.hint, hint);
    return true;
  };

describe('readInputs: what is read', () => {
  const cases: readonly { name: string; value?: string; read: (of: ReadInputs) => unknown; is: unknown }[] = [
    { name: 'a text, without the spaces around it', value: ' web ', read: (of) => of.text('x'), is: 'web' },
    { name: 'no text where it may be left out', read: (of) => of.optionalText('x'), is: undefined },
    { name: 'only spaces as no text', value: '  ', read: (of) => of.optionalText('x'), is: undefined },
    {
      name: 'a word of a list in any case',
      value: 'ROLLBACK',
      read: (of) => of.choice('x', ['stop', 'rollback'], 'stop'),
      is: 'rollback',
    },
    {
      name: 'the word that counts when none is given',
      read: (of) => of.choice('x', ['stop', 'rollback'], 'stop'),
      is: 'stop',
    },
    { name: 'yes', value: 'True', read: (of) => of.flag('x', false), is: true },
    { name: 'no, although yes is usual', value: 'false', read: (of) => of.flag('x', true), is: false },
    { name: 'a whole number', value: '12', read: (of) => of.count('x', { min: 0, max: 20, fallback: 1 }), is: 12 },
    {
      name: 'the number that counts when none is given',
      read: (of) => of.count('x', { min: 0, max: 20, fallback: 1 }),
      is: 1,
    },
    {
      name: 'a number of nodes',
      value: '3',
      read: (of) => of.countOrPercent('x', '1'),
      is: { kind: 'count', count: 3, text: '3' },
    },
    {
      name: 'a share of the nodes',
      value: '12.5 %',
      read: (of) => of.countOrPercent('x', '1'),
      is: { kind: 'percent', percent: 12.5, text: '12.5%' },
    },
    {
      name: 'the share that counts when none is given',
      read: (of) => of.countOrPercent('x', '20%'),
      is: { kind: 'percent', percent: 20, text: '20%' },
    },
    { name: 'seconds', value: '90s', read: (of) => of.duration('x', limits), is: { ms: 90_000, text: '90s' } },
    {
      name: 'hours and minutes',
      value: '1h 30M',
      read: (of) => of.duration('x', limits),
      is: { ms: 5_400_000, text: '1h30m' },
    },
    {
      name: 'a bare number where a unit is agreed',
      value: '5',
      read: (of) => of.duration('x', { ...limits, unit: 'm' }),
      is: { ms: 300_000, text: '5m' },
    },
    {
      name: 'the time that counts when none is given',
      read: (of) => of.duration('x', limits),
      is: { ms: 600_000, text: '10m' },
    },
    { name: 'lines, without empty ones', value: 'a\r\n\n  b \n', read: (of) => of.lines('x'), is: ['a', 'b'] },
    { name: 'no lines', read: (of) => of.lines('x'), is: [] },
    { name: 'a path from the work folder', value: 'template.json', read: (of) => of.path('x'), is: there[0] },
    { name: 'an absolute path', value: '/elsewhere', read: (of) => of.path('x'), is: there[1] },
    { name: 'no path where it may be left out', read: (of) => of.optionalPath('x'), is: undefined },
    {
      name: 'the root of the sources, which the agent puts for an empty path, as no path',
      value: workFolder,
      read: (of) => of.optionalPath('x'),
      is: undefined,
    },
  ];
  const limits = { fallback: '10m', max: '2h' };
  for (const { name, value, read, is } of cases)
    it(name, () => assert.deepEqual(read(inputs(value === undefined ? {} : { x: value })), is));

  it('remembers which names were asked for', () => {
    const read = inputs({ a: '1' });
    read.text('a');
    read.optionalText('b');
    read.flag('c', true);
    assert.deepEqual([...read.asked], ['a', 'b', 'c']);
  });
});

describe('readInputs: what is refused', () => {
  const limits = { fallback: '10m', max: '2h' };
  const cases: readonly {
    name: string;
    value?: string;
    read: (of: ReadInputs) => unknown;
    says: RegExp;
    hint: RegExp;
    code?: string;
  }[] = [
    {
      name: 'a text that is needed',
      read: (of) => of.text('x'),
      says: /Input "x" is empty/,
      hint: /Give "x" a value/,
      code: 'InputMissing',
    },
    {
      name: 'a word that nobody offers',
      value: 'abort',
      read: (of) => of.choice('x', ['stop', 'rollback'], 'stop'),
      says: /"x" is "abort"/,
      hint: /stop, rollback/,
    },
    {
      name: 'a yes in other words',
      value: 'yes',
      read: (of) => of.flag('x', false),
      says: /"yes"/,
      hint: /true, false/,
    },
    {
      name: 'a number in words',
      value: 'lots',
      read: (of) => of.count('x', { min: 1, max: 9, fallback: 1 }),
      says: /Input "x" is "lots"/,
      hint: /1 to 9/,
    },
    {
      name: 'a number too small',
      value: '-1',
      read: (of) => of.count('x', { min: 0, max: 9, fallback: 1 }),
      says: /"-1"/,
      hint: /0 to 9/,
      code: 'InputOutOfRange',
    },
    {
      name: 'a number too large',
      value: '10',
      read: (of) => of.count('x', { min: 0, max: 9, fallback: 1 }),
      says: /"10"/,
      hint: /0 to 9/,
      code: 'InputOutOfRange',
    },
    {
      name: 'a broken number',
      value: '1.5',
      read: (of) => of.count('x', { min: 0, max: 9, fallback: 1 }),
      says: /"1.5"/,
      hint: /whole number/,
    },
    {
      name: 'a number of another kind',
      value: '0x1',
      read: (of) => of.count('x', { min: 0, max: 9, fallback: 1 }),
      says: /"0x1"/,
      hint: /whole/,
    },
    {
      name: 'half a node',
      value: '1.5',
      read: (of) => of.countOrPercent('x', '1'),
      says: /"1.5"/,
      hint: /whole number of nodes/,
    },
    {
      name: 'more than all nodes',
      value: '101%',
      read: (of) => of.countOrPercent('x', '1'),
      says: /"101%"/,
      hint: /100%/,
      code: 'InputOutOfRange',
    },
    {
      name: 'less than no nodes',
      value: '-1',
      read: (of) => of.countOrPercent('x', '1'),
      says: /"-1"/,
      hint: /nodes/,
      code: 'InputOutOfRange',
    },
    {
      name: 'a time without unit',
      value: '5',
      read: (of) => of.duration('x', limits),
      says: /"5"/,
      hint: /Say the unit/,
    },
    {
      name: 'a time in words',
      value: 'soon',
      read: (of) => of.duration('x', limits),
      says: /"soon"/,
      hint: /90s, 10m, 2h/,
    },
    {
      name: 'a time too long',
      value: '121m',
      read: (of) => of.duration('x', limits),
      says: /"121m"/,
      hint: /2h at most/,
      code: 'InputOutOfRange',
    },
    {
      name: 'a path where nothing is',
      value: 'gone.json',
      read: (of) => of.path('x'),
      says: /"gone.json"/,
      hint: /Nothing is there: .*gone\.json/,
      code: 'FileNotFound',
    },
    {
      name: 'an optional path where nothing is',
      value: 'gone.json',
      read: (of) => of.optionalPath('x'),
      says: /"gone.json"/,
      hint: /Nothing is there/,
      code: 'FileNotFound',
    },
    {
      name: 'a variable that was not set',
      value: 'v$(imageVersion)',
      read: (of) => of.optionalText('x'),
      says: /"v\$\(imageVersion\)"/,
      hint: /variable "imageVersion" was not set/,
      code: 'VariableNotSet',
    },
    {
      name: 'an output of a step that did not run',
      value: '$(bake.imageId)',
      read: (of) => of.text('x'),
      says: /bake\.imageId/,
      hint: /`name: bake`.*stageDependencies/,
      code: 'VariableNotSet',
    },
    {
      name: 'an output of a step that is named as predefined variables begin',
      value: '$(build.imageId)',
      read: (of) => of.text('x'),
      says: /build\.imageId/,
      hint: /Predefined variables begin so.*step is named "build"/,
      code: 'VariableNotSet',
    },
    {
      name: 'an unset variable in a number',
      value: '$(n)',
      read: (of) => of.count('x', { min: 0, max: 9, fallback: 1 }),
      says: /\$\(n\)/,
      hint: /not set/,
      code: 'VariableNotSet',
    },
    {
      name: 'an unset variable in lines',
      value: 'a\n$(regions)',
      read: (of) => of.lines('x'),
      says: /regions/,
      hint: /not set/,
      code: 'VariableNotSet',
    },
  ];
  for (const { name, value, read, says, hint, code } of cases)
    it(name, () =>
      assert.throws(() => read(inputs(value === undefined ? {} : { x: value })), refused(says, hint, code)),
    );
});
