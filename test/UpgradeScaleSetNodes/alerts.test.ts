import assert from 'node:assert/strict';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { foreseeUpgrade, upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import { type AlertRuleOptions, addAlertRule } from '../azure/index.ts';
import { instancesOf } from '../support/fleet-guard.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const alertsList = 'GET /alerts';
const refused = { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } };
const busy = {
  status: 409,
  body: { error: { code: 'OperationNotAllowed', message: 'Another operation is in progress.' } },
};

describe('alerts of Azure Monitor', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  /** A rule that fires as long as a node runs 2.0.0 and `soFar` says so: errors that health does not show. */
  const watchImage = (options: Partial<AlertRuleOptions> = {}, soFar: () => boolean = () => true) =>
    addAlertRule(shop.world, {
      name: 'errors',
      target: shop.set,
      holds: () => soFar() && instancesOf(shop.world, shop.set).some(({ image }) => image.reference['id'] === shop.v2),
      ...options,
    });
  const rules = [{ text: 'errors' }];
  const baking: Partial<UpgradeRequest> = {
    drain,
    alertRules: rules,
    bakeMs: 600_000,
    checkpoints: [{ kind: 'count', count: 1 }],
  };
  const upgrade = (changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(Promise.race([upgradeNodes(request(shop.v2, { ...baking, ...changes }), tools), tools.died]));
  const result = async (...of: Parameters<typeof upgrade>) => {
    const ended = await upgrade(...of);
    assert.ok(ended !== 'died');
    return ended;
  };
  const lists = () => {
    const at: number[] = [];
    shop.world.observers.push(({ url }) => {
      if (url.pathname.endsWith('/alerts')) at.push(Date.now());
    });
    return at;
  };

  for (const alertRuleShown of ['id', 'name'] as const)
    it(`bring a canary back whose alert fires while it bakes, named by its ${alertRuleShown}`, async () => {
      shop = openShop({ settings: { alertRuleShown } });
      watchImage();
      const { ending } = await result({ onFailure: 'rollback' });
      assert.deepEqual(
        [ending.outcome, shop.versions(), shop.modelVersion()],
        ['rolledBack', '1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0'],
      );
      assert.match(ending.reason, /^alert errors has fired on shop, since 2026-01-05T09:\d\d:\d\d/);
      assert.equal(readRecord(shop.set.tags)?.state, 'rolledBack');
    });

  it('stop a rollout whose author wants it stopped, and leave the other nodes alone', async () => {
    shop = openShop();
    watchImage();
    const { ending } = await result();
    assert.deepEqual(
      [ending.outcome, shop.versions(), shop.modelVersion()],
      ['halted', '2.0.0 1.0.0 1.0.0 1.0.0', '1.0.0'],
    );
    assert.equal(readRecord(shop.set.tags)?.state, 'halted');
  });

  it('that stay quiet let it go all the way, read before each start and about once a minute in between', async () => {
    shop = openShop();
    watchImage({ holds: () => false });
    const at = lists();
    const { ending } = await result();
    assert.deepEqual([ending.outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0'], ending.reason);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    assert.ok(
      gaps.every((gap) => gap >= 15_000 || gap === gaps[0]),
      JSON.stringify(gaps),
    );
    assert.ok(Math.max(...gaps) <= 70_000, JSON.stringify(gaps));
  });

  it('are read again before a start when the last reading is older', async () => {
    shop = openShop();
    watchImage({ holds: () => false });
    const at = lists();
    const starts: number[] = [];
    shop.world.observers.push(({ method, url }) => {
      if (method === 'PUT' && url.pathname.includes('/runCommands/')) starts.push(Date.now());
    });
    await result({ checkpoints: [] });
    for (const start of starts)
      assert.ok(
        at.some((read) => read <= start && start - read <= 30_000),
        `${start} ${JSON.stringify(at)}`,
      );
  });

  it('of others, resolved ones and closed ones do not count', async () => {
    shop = openShop();
    let bad = true;
    addAlertRule(shop.world, { name: 'other', target: shop.set, holds: () => true });
    watchImage({ holds: () => bad });
    watchImage({ name: 'closed', kind: 'activityLogAlerts', holds: () => true });
    await shop.pass(60_000);
    bad = false;
    await shop.pass(300_000);
    for (const alert of shop.world.alerts.alerts) if (alert.rule.name === 'closed') alert.state = 'Closed';
    const { ending } = await result({ alertRules: [...rules, { text: 'closed' }] });
    assert.equal(ending.outcome, 'completed', ending.reason);
  });

  it('that had fired before are refused by name before anything is written', async () => {
    shop = openShop();
    watchImage({ holds: () => true });
    await shop.pass(60_000);
    const before = shop.fingerprint();
    await assert.rejects(upgrade(), { code: 'AlertsAlreadyFired', message: /alert errors has fired on shop/ });
    assert.equal(shop.fingerprint(), before);
  });

  it('that fire during an approval stop the next stage before its first start', async () => {
    shop = openShop();
    let late = false;
    watchImage({}, () => late);
    const one = { kind: 'count', count: 1, text: '1' } as const;
    assert.equal((await result({ nodes: one, checkpoints: [] })).ending.outcome, 'completed');
    late = true;
    await shop.pass(3_600_000);
    const { ending } = await result({ onFailure: 'rollback' });
    assert.deepEqual([ending.outcome, shop.versions()], ['rolledBack', '1.0.0 1.0.0 1.0.0 1.0.0'], ending.reason);
  });

  for (const onFailure of ['stop', 'rollback'] as const)
    it(`that cannot be read stall the rollout and then halt it, with onFailure ${onFailure} as well`, async () => {
      shop = openShop();
      watchImage({ holds: () => false });
      const run = upgrade({ onFailure });
      setTimeout(
        () => shop.world.faults.add({ on: alertsList, times: 10_000, effect: 'none', reply: refused }),
        90_000,
      );
      const ended = await run;
      assert.ok(ended !== 'died');
      assert.deepEqual([ended.ending.outcome, ended.ending.failure?.code], ['halted', 'AlertsUnreadable']);
      assert.match(
        ended.ending.reason,
        /alerts could not be read for 18\d\d s, and what is not read is not quiet: .*403/,
      );
      assert.deepEqual(
        [shop.versions(), shop.modelVersion(), shop.drained.size],
        ['2.0.0 1.0.0 1.0.0 1.0.0', '1.0.0', 0],
      );
    });

  it('that can be read again let it go on, and the checkpoint begins anew', async () => {
    shop = openShop();
    watchImage({ holds: () => false });
    const tools = shop.tools();
    const run = upgrade({}, tools);
    setTimeout(() => shop.world.faults.add({ on: alertsList, times: 8, effect: 'none', reply: refused }), 240_000);
    const ended = await run;
    assert.ok(ended !== 'died');
    assert.equal(ended.ending.outcome, 'completed', ended.ending.reason);
    assert.match(tools.lines.join('\n'), /nothing is begun while alerts cannot be read/);
    const at = (what: string) => tools.observer.events.find((event) => event.what === what)?.at ?? 0;
    assert.ok(at('pass') - at('ready') > 900_000, `passed after ${(at('pass') - at('ready')) / 1000} s`);
  });

  it('that could not be read for nearly the progress deadline leave the next node all of its time', async () => {
    shop = openShop();
    watchImage({ holds: () => false });
    const limits = { ...request(shop.v2).limits, nodeHealthTimeoutMs: 300_000, progressDeadlineMs: 600_000 };
    const run = result({ limits, checkpoints: [] });
    setTimeout(() => shop.world.faults.add({ on: alertsList, times: 9, effect: 'none', reply: refused }), 120_000);
    const { ending } = await run;
    assert.equal(ending.outcome, 'completed', ending.reason);
  });

  it('that can be read only now and then hold nothing up for ever', async () => {
    shop = openShop();
    watchImage({ holds: () => false });
    const { faults } = shop.world;
    const next = faults.next.bind(faults);
    const begun = Date.now();
    faults.next = (call) => {
      const isMute =
        call.url.pathname.endsWith('/alerts') && Date.now() > begun + 60_000 && Date.now() % 300_000 > 60_000;
      const isRefused = call.url.pathname.endsWith('/manualupgrade');
      return isMute || isRefused ? { on: '', times: 1, effect: 'none', reply: isMute ? refused : busy } : next(call);
    };
    const { ending } = await result({ checkpoints: [] });
    assert.equal(ending.outcome, 'halted', ending.reason);
    assert.ok(Date.now() - begun < 2 * 3_600_000, `after ${(Date.now() - begun) / 60_000} minutes`);
  });

  it('that cannot be read before the rollout are a refusal', async () => {
    shop = openShop();
    watchImage();
    shop.world.faults.add({ on: alertsList, times: 10, effect: 'none', reply: refused });
    const before = shop.fingerprint();
    await assert.rejects(upgrade(), { code: 'AccessDenied' });
    assert.equal(shop.fingerprint(), before);
  });

  const named = (kind: AlertRuleOptions['kind']) => watchImage({ ...(kind && { kind }), holds: () => false });
  for (const kind of ['metricAlerts', 'scheduledQueryRules', 'activityLogAlerts'] as const)
    it(`may be of the kind ${kind}, named by id or by name`, async () => {
      shop = openShop();
      const { id } = named(kind);
      const [, subscription = '', group = ''] = /subscriptions\/([^/]+)\/resourceGroups\/([^/]+)/.exec(id) ?? [];
      const byId = { text: id, id: { subscription, group, kind, name: 'ERRORS' } };
      const one = { kind: 'count', count: 1, text: '1' } as const;
      for (const rule of [{ text: 'errors' }, byId])
        assert.equal((await result({ alertRules: [rule], nodes: one, checkpoints: [] })).ending.outcome, 'completed');
    });

  it('of rules that are not there or switched off are refused', async () => {
    shop = openShop();
    await assert.rejects(upgrade(), {
      code: 'AlertRuleNotFound',
      message: /"errors", and there is no such alert rule in resource group web/,
    });
    watchImage({ enabled: false });
    await assert.rejects(upgrade(), { code: 'AlertRuleDisabled' });
  });

  it('are counted in a plan, which a fired one of the same rollout ends', async () => {
    shop = openShop();
    let late = false;
    watchImage({}, () => late);
    const foresee = (alertRules: UpgradeRequest['alertRules']) =>
      shop.play(foreseeUpgrade(request(shop.v2, { ...baking, alertRules }), shop.tools()));
    const [without, heeding] = [await foresee([]), await foresee(rules)];
    const reads = (foresight: typeof without) => foresight.expected?.calls.reads ?? 0;
    assert.ok(reads(heeding) > reads(without) + 10, `${reads(heeding)} ${reads(without)}`);
    await result({ nodes: { kind: 'count', count: 1, text: '1' }, checkpoints: [] });
    late = true;
    await shop.pass(120_000);
    const { expected, refusals } = await foresee(rules);
    assert.deepEqual([expected?.outcome, refusals], ['halted', []]);
    assert.match(expected?.reason ?? '', /alert errors has fired/);
  });

  it('end it the same when the run is killed as it reads them', async () => {
    shop = openShop();
    watchImage();
    const first = shop.tools();
    let atCall = 0;
    shop.world.observers.push(({ url }, { body }) => {
      if (url.pathname.endsWith('/alerts') && JSON.stringify(body).includes('Fired')) atCall ||= first.calls();
    });
    const whole = await result({ onFailure: 'rollback' }, first);
    shop.close();
    for (const applied of [true, false]) {
      shop = openShop();
      watchImage();
      assert.equal(await upgrade({ onFailure: 'rollback' }, shop.tools({ dies: { atCall, applied } })), 'died');
      await shop.pass(600_000);
      const { ending } = await result({ onFailure: 'rollback' }, shop.tools({ attempt: '1.2' }));
      assert.deepEqual(
        [ending.outcome, shop.versions()],
        [whole.ending.outcome, '1.0.0 1.0.0 1.0.0 1.0.0'],
        ending.reason,
      );
      assert.equal(shop.drained.size, 0);
      if (applied) shop.close();
    }
  });
});
