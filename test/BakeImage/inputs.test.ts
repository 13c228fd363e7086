import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRequest } from '../../tasks/BakeImage/inputs.ts';
import { readInputs } from '../../tasks/common/agent/read-inputs.ts';
import { suiteFolder } from '../support/suite-folder.ts';
import { type Stage, setStage } from './stage.ts';

describe('the inputs of BakeImage', () => {
  const workFolder = suiteFolder('work');
  let stage: Stage;
  before(() => {
    stage = setStage({ path: '' });
    mkdirSync(join(workFolder, 'images'));
    for (const name of ['web.json', 'web.txt', 'values.json']) writeFileSync(join(workFolder, 'images', name), '{}');
  });
  after(() => stage.remove());

  const read = (values: Readonly<Record<string, string>>) =>
    readRequest({
      inputs: readInputs((name) => ({ templatePath: 'images/web.json', ...values })[name], { workFolder }),
      connection: () => stage.request.connection,
      workFolder,
    });

  it('start at the work folder', () => {
    const request = read({ variableFiles: 'images/values.json' });
    assert.equal(request.template.path, join(workFolder, 'images/web.json'));
    assert.equal(request.folder, workFolder);
    assert.deepEqual(request.variableFiles, [join(workFolder, 'images/values.json')]);
    assert.equal(request.timeoutInMinutes, 120);
  });

  it('take a folder for HCL2', () =>
    assert.deepEqual(read({ templatePath: 'images' }).template, {
      path: join(workFolder, 'images'),
      isFolder: true,
      kind: 'hcl2',
    }));

  it('take variables and builds by lines', () => {
    const request = read({
      variables: 'a=1\n\nb = two=2',
      onlyBuilds: 'azure-arm.web\nazure-arm.d*',
      exceptBuilds: 'x',
    });
    assert.deepEqual(request.variables, [
      { name: 'a', value: '1' },
      { name: 'b', value: 'two=2' },
    ]);
    assert.deepEqual(request.onlyBuilds, ['azure-arm.web', 'azure-arm.d*']);
    assert.deepEqual(request.exceptBuilds, ['x']);
  });

  const refusals = [
    { values: { templatePath: 'images/none.json' }, says: /templatePath.*none\.json/, code: 'FileNotFound' },
    { values: { workingDirectory: 'images/web.txt' }, says: /workingDirectory.*web\.txt/, code: 'FileUnusable' },
    { values: { templatePath: 'images/web.txt' }, says: /templatePath.*web\.txt/, code: 'FileUnusable' },
    { values: { variableFiles: 'images/none.json' }, says: /variableFiles.*none\.json/, code: 'FileNotFound' },
    { values: { variables: 'novalue' }, says: /line 1/ },
    { values: { onlyBuilds: 'a, b' }, says: /onlyBuilds.*a, b/ },
    { values: { timeoutInMinutes: '0' }, says: /timeoutInMinutes/, code: 'InputOutOfRange' },
  ];
  for (const { values, says, code = 'InvalidInput' } of refusals)
    it(`refuse ${JSON.stringify(values)}`, () => assert.throws(() => read(values), { code, message: says }));
});
