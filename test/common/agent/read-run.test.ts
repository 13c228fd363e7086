import assert from 'node:assert/strict';
import { readRun } from '../../../tasks/common/agent/read-run.ts';
import { Failure } from '../../../tasks/common/failure.ts';

const job = { 'System.CollectionUri': 'https://dev.azure.com/org/', 'System.TeamProjectId': 'project' };
const build = { ...job, 'Build.BuildId': '42', 'Build.BuildNumber': '20261122.3' };
const run = (variables: Readonly<Record<string, string>>) => readRun((name) => variables[name]);

describe('readRun', () => {
  it('names a run of a YAML pipeline', () =>
    assert.deepEqual(run({ ...build, 'System.StageAttempt': '2', 'System.JobAttempt': '3' }), {
      id: 'https://dev.azure.com/org/project/build/42',
      attempt: '2.3',
      name: '20261122.3',
      url: 'https://dev.azure.com/org/project/_build/results?buildId=42',
    }));

  it('gives all attempts of one run the same id', () =>
    assert.equal(run({ ...build, 'System.StageAttempt': '1' }).id, run({ ...build, 'System.StageAttempt': '2' }).id));

  it('tells the same number in two projects apart', () =>
    assert.notEqual(run(build).id, run({ ...build, 'System.TeamProjectId': 'other' }).id));

  it('names a classic release, not the build that it deploys', () =>
    assert.deepEqual(
      run({
        ...build,
        'Release.ReleaseId': '7',
        'Release.ReleaseName': 'Release-7',
        'Release.AttemptNumber': '2',
        'Release.ReleaseWebURL': 'https://x',
      }),
      { id: 'https://dev.azure.com/org/project/release/7', attempt: '2.1', name: 'Release-7', url: 'https://x' },
    ));

  for (const missing of ['System.CollectionUri', 'System.TeamProjectId', 'Build.BuildId'])
    it(`refuses to guess without ${missing}`, () =>
      assert.throws(
        () => run({ ...build, [missing]: '' }),
        (error) => error instanceof Failure && error.code === 'NotInPipeline' && error.message.includes(missing),
      ));
});
