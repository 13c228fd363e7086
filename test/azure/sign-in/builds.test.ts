import assert from 'node:assert/strict';
import { registerBuild, registerJob } from '../index.ts';
import { type Bench, openBench } from '../support.ts';

const collection = 'https://dev.azure.com/phoenix-demo';
const project = '0e9b9a2c-0000-4000-8000-0000000000aa';

describe('Runs of pipelines, as the pipeline service shows them', () => {
  let bench: Bench;
  let accessToken: string;
  beforeEach(() => {
    bench = openBench();
    registerBuild(bench.world, collection, project, {
      id: 7,
      buildNumber: '1.7',
      status: 'completed',
      result: 'failed',
    });
    ({ accessToken } = registerJob(bench.world, { collectionUri: collection, projectId: project, connectionIds: [] }));
  });
  afterEach(() => bench.close());

  const get = (path: string, token = accessToken) =>
    bench.call(`GET ${collection}/${path}`, '', {
      authorization: `Bearer ${token}`,
      'x-tfs-fedauthredirect': 'Suppress',
    });

  it('show what has become of a run', () => {
    const { status, body } = get(`${project}/_apis/build/builds/7?api-version=7.1`);
    const { id, status: state, result } = body as { id: number; status: string; result: string };
    assert.deepEqual([status, id, state, result], [200, 7, 'completed', 'failed']);
  });

  for (const state of ['notStarted', 'postponed', 'inProgress', 'cancelling'] as const)
    it(`show that a run is ${state}, and no result of it`, () => {
      registerBuild(bench.world, collection, project, { id: 8, buildNumber: '1.8', status: state });
      const { status, result } = get(`${project}/_apis/build/builds/8?api-version=7.1`).body as Record<string, unknown>;
      assert.deepEqual([status, result], [state, undefined]);
    });

  const cases: readonly (readonly [string, string, number, string?])[] = [
    ['a run that is not there', `${project}/_apis/build/builds/8?api-version=7.1`, 404],
    ['a run of another project', '0e9b9a2c-0000-4000-8000-0000000000bb/_apis/build/builds/7?api-version=7.1', 404],
    ['no api-version', `${project}/_apis/build/builds/7`, 400],
    ['a stranger', `${project}/_apis/build/builds/7?api-version=7.1`, 401, 'stolen'],
  ];
  for (const [what, path, status, token] of cases)
    it(`refuse ${what} with ${status}`, () => assert.equal(get(path, token).status, status));

  it('are hidden from jobs where an administrator says so', () => {
    bench.world.signIn.jobsSeeBuilds = false;
    assert.equal(get(`${project}/_apis/build/builds/7?api-version=7.1`).status, 403);
  });
});
