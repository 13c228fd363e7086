import assert from 'node:assert/strict';
import { Failure } from '../../tasks/common/failure.ts';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { registerBuild, registerJob } from '../azure/index.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const collection = 'https://dev.azure.com/contoso';
const projectId = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const idOf = (build: number) => `${collection}/${projectId}/build/${build}`;

describe('a rollout that another run holds', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  /** Run 41 is killed with a node in mid-drain; run 42 comes ten minutes later. */
  async function leave(firstRun = idOf(41)) {
    shop = openShop();
    const dead = shop.tools({ run: firstRun, dies: { atCall: 30, applied: true } });
    await shop.play(Promise.race([upgradeNodes(request(shop.v2, { drain }), dead), dead.died]));
    await shop.pass(600_000);
    const { accessToken } = registerJob(shop.world, { collectionUri: collection, projectId, connectionIds: [] });
    return shop.tools({ run: idOf(42), service: { collection, projectId, accessToken } });
  }

  const become = (status: 'completed' | 'inProgress', result?: 'canceled') =>
    registerBuild(shop.world, collection, projectId, {
      id: 41,
      buildNumber: '20261122.41',
      status,
      ...(result && { result }),
    });

  it('is taken over at once when Azure DevOps says that the run has ended, and that is said', async () => {
    const tools = await leave();
    become('completed', 'canceled');
    const { ending } = await shop.play(upgradeNodes(request(shop.v2, { drain }), tools));
    assert.deepEqual([ending.outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0']);
    assert.match(tools.lines.join('\n'), /has ended, as Azure DevOps says \(completed, canceled\): taking it over/);
    assert.equal(readRecord(shop.set.tags)?.owner.run, idOf(42));
  });

  it('is rolled back at once when the run has ended', async () => {
    const tools = await leave();
    become('completed');
    const { nodes: _nodes, target: _target, ...rest } = request('');
    const { ending } = await shop.play(rollBack({ ...rest, to: undefined, drain }, tools));
    assert.deepEqual([ending.outcome, shop.versions()], ['completed', '1.0.0 1.0.0 1.0.0 1.0.0']);
    assert.match(tools.lines.join('\n'), /taking it over/);
  });

  interface Refusal {
    readonly title: string;
    readonly firstRun?: string;
    readonly prepare: () => void;
    readonly says: RegExp;
    readonly asked?: boolean;
  }
  const refusals: readonly Refusal[] = [
    {
      title: 'while the run is in progress',
      prepare: () => become('inProgress'),
      says: /Azure DevOps says that it is inProgress.*Wait for that run to end, or cancel it/,
    },
    { title: 'where the run was deleted', prepare: () => {}, says: /could not be asked: .*knows no such run.*404/ },
    {
      title: 'where the job may not see the run',
      prepare: () => {
        become('completed');
        shop.world.signIn.jobsSeeBuilds = false;
      },
      says: /could not be asked: .*\(403\)/,
    },
    {
      title: 'where the job’s token is over',
      prepare: () => {
        become('completed');
        shop.world.signIn.jobs.clear();
      },
      says: /could not be asked: .*\(401\)/,
    },
    {
      title: 'where the run belongs to another organization',
      firstRun: `https://dev.azure.com/fabrikam/${projectId}/build/41`,
      prepare: () => become('completed'),
      says: /could not be asked: it belongs to https:\/\/dev\.azure\.com\/fabrikam/,
      asked: false,
    },
    {
      title: 'where Azure DevOps does not answer',
      prepare: () => {
        become('completed');
        shop.world.faults.add({ on: 'GET /41', times: 3, effect: 'none', reply: { status: 500, lost: true } });
      },
      says: /could not be asked: /,
    },
  ];
  for (const { title, firstRun, prepare, says, asked = true } of refusals) {
    it(`is refused ${title}, nothing is changed, and at its end it is free`, async () => {
      const tools = await leave(firstRun);
      prepare();
      let questions = 0;
      shop.world.observers.push(({ url }) => {
        if (url.pathname.includes('/_apis/build/')) questions += 1;
      });
      const before = shop.fingerprint();
      await assert.rejects(
        shop.play(upgradeNodes(request(shop.v2, { drain }), tools)),
        (error) =>
          error instanceof Failure &&
          error.code === 'RolloutHeldByAnotherRun' &&
          says.test(`${error.message} ${error.hint}`),
      );
      assert.equal(shop.fingerprint(), before);
      assert.equal(questions > 0, asked);
      await shop.pass(7 * 3_600_000);
      const { ending } = await shop.play(upgradeNodes(request(shop.v2, { drain }), tools));
      assert.equal(ending.outcome, 'completed');
    });
  }

  it('is asked about only where somebody is in the way', async () => {
    const tools = await leave(idOf(42));
    shop.world.observers.push(({ url }) => assert.doesNotMatch(url.pathname, /_apis/));
    const { ending } = await shop.play(upgradeNodes(request(shop.v2, { drain }), tools));
    assert.equal(ending.outcome, 'completed');
  });
});
