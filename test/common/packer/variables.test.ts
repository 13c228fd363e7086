import assert from 'node:assert/strict';
import { parseVariables, variableFile } from '../../../tasks/common/packer/variables.ts';

describe('parseVariables', () => {
  const cases = [
    { line: 'name=value', name: 'name', value: 'value' },
    { line: 'a_b-1 = with spaces = and more', name: 'a_b-1', value: 'with spaces = and more' },
    { line: 'empty=', name: 'empty', value: '' },
  ];
  for (const { line, name, value } of cases)
    it(`reads "${line}"`, () => assert.deepEqual(parseVariables('variables', [line]), [{ name, value }]));

  it('refuses a line without a name, by its number and without showing it', () =>
    assert.throws(
      () => parseVariables('variables', ['a=1', 'sec ret']),
      (error: Error) => /line 2/.test(error.message) && !error.message.includes('sec'),
    ));

  it('refuses a name given twice', () => assert.throws(() => parseVariables('variables', ['a=1', 'a=2']), /"a" twice/));
});

describe('variableFile', () => {
  const list = [
    { name: 'zones', value: '["1", "2"]' },
    { name: 'odd', value: '[not json' },
    { name: 'count', value: '3' },
  ];
  it('writes JSON lists as lists for HCL2, and leaves texts alone', () =>
    assert.deepEqual(JSON.parse(variableFile(list, 'hcl2')), { zones: ['1', '2'], odd: '[not json', count: '3' }));
  it('writes texts only for a JSON template', () =>
    assert.equal(JSON.parse(variableFile(list, 'json')).zones, '["1", "2"]'));
});
