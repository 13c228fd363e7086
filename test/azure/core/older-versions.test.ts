import assert from 'node:assert/strict';
import { type Bench, openBench } from '../support.ts';

describe('An answer is in the words of the caller’s api-version', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = openBench();
  });
  afterEach(() => bench.close());

  const membersAt = (version: string, path = '/resourceGroups/old') =>
    Object.keys(bench.arm(`GET ${path}?api-version=${version}`).body as object);

  it('without members that came later, alone and in lists', () => {
    bench.arm('PUT /resourceGroups/old', { location: 'koreacentral' });
    assert.ok(membersAt('2021-04-01').includes('type'));
    assert.ok(!membersAt('2018-02-01').includes('type'));
    const { value } = bench.arm('GET /resourceGroups?api-version=2018-02-01').body as { value: readonly object[] };
    assert.deepEqual(
      value.map((group) => 'type' in group),
      [false],
    );
  });

  it('and what has no body gets none', () => {
    bench.arm('PUT /resourceGroups/old', { location: 'koreacentral' });
    const { status, body } = bench.arm('HEAD /resourceGroups/old?api-version=2018-02-01');
    assert.deepEqual([status, body], [204, undefined]);
  });

  it('and an error stays whole', () => assert.deepEqual(membersAt('2018-02-01', '/resourceGroups/gone'), ['error']));
});
