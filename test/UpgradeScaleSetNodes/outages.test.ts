import assert from 'node:assert/strict';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { Answer, Call } from '../azure/core/http.ts';
import { guard } from '../support/fleet-guard.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const throttled: Answer = {
  status: 429,
  headers: { 'Retry-After': '20' },
  body: { error: { code: 'OperationNotAllowed', message: 'too many requests' } },
};
const unwell: Answer = { status: 503, body: { error: { code: 'ServiceUnavailable', message: 'unavailable' } } };

const isArm = ({ url }: Call) => url.hostname.startsWith('management.');
const isCommand = ({ url }: Call) => url.pathname.includes('/runCommand');
const isSet = ({ url }: Call) => url.pathname.endsWith('/shop');
const isUpgrade = ({ url }: Call) => url.pathname.endsWith('/manualupgrade');

interface Outage {
  readonly what: string;
  readonly hits: (call: Call) => boolean;
  readonly reply: Answer;
  /** The outage begins with this call; before, all goes well. */
  readonly from: (call: Call) => boolean;
}

const first = () => true;
const outages: readonly Outage[] = [
  { what: 'the record can be written', hits: isSet, reply: unwell, from: ({ method }) => method === 'PATCH' },
  { what: 'the record can be read', hits: isSet, reply: unwell, from: isCommand },
  {
    what: 'the model may be written',
    hits: (call) => isSet(call) && call.method === 'PATCH',
    reply: throttled,
    from: isCommand,
  },
  { what: 'upgrades are taken', hits: isUpgrade, reply: throttled, from: isUpgrade },
  {
    what: 'drains are taken',
    hits: (call) => isCommand(call) && call.method === 'PUT',
    reply: throttled,
    from: isCommand,
  },
  { what: 'anybody knows whether a drain began', hits: isCommand, reply: unwell, from: isCommand },
  {
    what: 'commands are removed',
    hits: (call) => isCommand(call) && call.method === 'DELETE',
    reply: throttled,
    from: first,
  },
  { what: 'anything is answered, in mid-drain', hits: isArm, reply: unwell, from: isCommand },
  { what: 'anything is answered, in mid-upgrade', hits: isArm, reply: unwell, from: isUpgrade },
];

/** From the first such call on, calls that are hit get that answer and have no effect. Gives the moment it began. */
function strike(shop: Shop, { hits, reply, from }: Outage, lastsMs: number) {
  const { faults } = shop.world;
  const next = faults.next.bind(faults);
  let begunAt: number | undefined;
  faults.next = (call) => {
    if (isArm(call) && from(call)) begunAt ??= Date.now();
    const isOn = begunAt !== undefined && Date.now() - begunAt < lastsMs;
    return isOn && hits(call) ? { on: '', times: 1, effect: 'none', reply } : next(call);
  };
  return { begunAt: () => begunAt };
}

describe('a rollout through an outage', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  for (const outage of outages)
    it(`waits until ${outage.what}`, async () => {
      shop = openShop();
      guard(shop.world, shop.set, shop.v2, 3);
      const { begunAt } = strike(shop, outage, 15 * 60_000);
      const tools = shop.tools();
      const { ending } = await shop.play(upgradeNodes(request(shop.v2, { drain }), tools));
      assert.ok(begunAt() !== undefined, 'it never began');
      assert.equal(ending.outcome, 'completed', `${ending.reason}\n${tools.lines.join('\n')}`);
      assert.deepEqual(
        [shop.versions(), shop.serving(), shop.world.compute.runCommands.size],
        ['2.0.0 2.0.0 2.0.0 2.0.0', 4, 0],
      );
      assert.ok(
        tools.lines.some((line) => line.includes('trying again')),
        'it is said aloud',
      );
    });

  it('says why upgrades are refused, also where the list cannot be seen just then', async () => {
    shop = openShop();
    const body = { error: { code: 'AuthorizationFailed', message: 'no' } };
    strike(shop, { what: '', hits: isUpgrade, from: isUpgrade, reply: { status: 403, body } }, 1e9);
    const isList = ({ url }: Call) => url.pathname.endsWith('/virtualMachines');
    strike(shop, { what: '', hits: isList, from: isUpgrade, reply: unwell }, 20_000);
    const { ending } = await shop.play(upgradeNodes(request(shop.v2), shop.tools()));
    assert.deepEqual([ending.outcome, ending.failure?.code], ['halted', 'AccessDenied'], ending.reason);
  });

  it('takes a bad image back whose upgrade hangs and keeps Azure busy', async () => {
    shop = openShop({
      settings: { manualUpgradeConcurrency: 'exclusive' },
      machines: { behaviour: ({ id, disk }) => (id.endsWith('/0') && disk.content === '2.0.0' ? 'stuck' : 'works') },
    });
    const limits = { ...request('').limits, maxFailedNodes: 1 };
    const two = { kind: 'count', count: 2 } as const;
    const wish = request(shop.v2, { drain, onFailure: 'rollback', maxUnavailable: two, limits });
    const { ending } = await shop.play(upgradeNodes(wish, shop.tools()));
    assert.equal(ending.outcome, 'rolledBack', ending.reason);
    assert.deepEqual([shop.versions(), shop.serving()], ['1.0.0 1.0.0 1.0.0 1.0.0', 4]);
  });

  it('does not blame the image where another tool keeps Azure busy until the progress deadline', async () => {
    shop = openShop();
    const body = { error: { code: 'OperationNotAllowed', message: 'Another operation is in progress.' } };
    strike(shop, { what: '', hits: isUpgrade, from: isUpgrade, reply: { status: 409, body } }, 1e9);
    const { ending } = await shop.play(upgradeNodes(request(shop.v2, { drain, onFailure: 'rollback' }), shop.tools()));
    assert.deepEqual([ending.outcome, ending.failure?.code], ['halted', 'Conflict'], ending.reason);
    assert.match(ending.reason, /busy with other operations on this scale set/);
    await shop.pass(60_000);
    assert.deepEqual([shop.serving(), readRecord(shop.set.tags)?.state], [4, 'halted']);
  });

  it('says what is in the way when it does not end in time, takes nothing back, and leaves all nodes in service', async () => {
    const endless = outages.filter(({ what }) => /upgrades are|drains are|model may/.test(what));
    for (const outage of endless) {
      shop = openShop();
      // The end can be written again.
      strike(shop, { ...outage, hits: (call) => outage.hits(call) && !/"stopped"|"halted"/.test(call.body) }, 1e9);
      const started = Date.now();
      const result = await shop.play(upgradeNodes(request(shop.v2, { drain, onFailure: 'rollback' }), shop.tools()));
      await shop.pass(60_000);
      assert.deepEqual([result.ending.outcome, result.ending.failure?.code], ['halted', 'Throttled'], outage.what);
      assert.ok(Date.now() - started < 45 * 60_000, `it took ${(Date.now() - started) / 60_000} minutes`);
      assert.deepEqual(
        [shop.versions(), shop.serving(), readRecord(shop.set.tags)?.state],
        ['1.0.0 1.0.0 1.0.0 1.0.0', 4, 'halted'],
        outage.what,
      );
      shop.close();
    }
  }).timeout(60_000);

  const inProgress = 'Run command extension execution is in progress. Please wait for completion.';
  const backAgain = [
    { title: 'after an outage in the same minutes', reply: throttled },
    {
      title: 'when a command of somebody else has ended there',
      reply: { status: 409, body: { error: { code: 'Conflict', message: inProgress } } },
    },
  ];
  for (const { title, reply } of backAgain)
    it(`puts a node back into service ${title}`, async () => {
      shop = openShop();
      const broken = { ...drain, drain: 'phoenix-drain start\nexit 3' };
      const { machines } = shop.world;
      const run = machines.runScript.bind(machines);
      machines.runScript = (id, script, done) =>
        run(id, script, (result) => done(script.lines.includes('exit 3') ? { ...result, exitCode: 3 } : result));
      const undrains = ({ url }: Call) => url.pathname.endsWith('/runCommand');
      strike(shop, { what: '', hits: undrains, reply, from: undrains }, 5 * 60_000);
      const { ending } = await shop.play(upgradeNodes(request(shop.v2, { drain: broken }), shop.tools()));
      await shop.pass(60_000);
      assert.deepEqual([ending.outcome, shop.serving()], ['halted', 4]);
    });

  it('writes its end after an outage at its end', async () => {
    shop = openShop({ set: { capacity: 1, zones: [] } });
    const isEnd = (call: Call) => isSet(call) && call.body.includes('"whole"');
    strike(shop, { what: '', hits: isSet, reply: throttled, from: isEnd }, 5 * 60_000);
    const { ending } = await shop.play(upgradeNodes(request(shop.v2, { drain }), shop.tools()));
    assert.deepEqual([ending.outcome, readRecord(shop.set.tags)?.state], ['completed', 'whole']);
  });

  it('turns back through an outage of its first writes', async () => {
    shop = openShop();
    await shop.play(upgradeNodes(request(shop.v3, { drain }), shop.tools()));
    const isWrite = (call: Call) => isSet(call) && call.method === 'PATCH';
    strike(shop, { what: '', hits: isWrite, reply: throttled, from: isWrite }, 5 * 60_000);
    const { nodes: _nodes, target: _target, ...rest } = request('', { drain });
    const { ending } = await shop.play(rollBack({ ...rest, to: undefined }, shop.tools()));
    assert.deepEqual([ending.outcome, shop.versions()], ['completed', '1.0.0 1.0.0 1.0.0 1.0.0']);
  });

  for (const outage of outages)
    it(`ends in time when it is cancelled before ${outage.what}`, async () => {
      shop = openShop();
      const { begunAt } = strike(shop, outage, 1e9);
      const cancel = new AbortController();
      const tools = shop.tools({ cancelled: cancel.signal });
      const run = upgradeNodes(request(shop.v2, { drain }), tools);
      const ended = run.then(
        ({ ending }) => ending.outcome,
        () => 'thrown',
      );
      while (begunAt() === undefined) await shop.pass(500);
      await shop.pass(150_000);
      const at = Date.now();
      cancel.abort();
      await shop.play(ended);
      assert.ok(Date.now() - at <= 7_500, `it took ${Date.now() - at} ms\n${tools.lines.join('\n')}`);
    });
});
