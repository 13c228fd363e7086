import assert from 'node:assert/strict';
import { parseNodeUrl } from '../../../tasks/common/health/node-url.ts';
import { rollBack } from '../../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import { type Assignment, addAlertRule, addAutoscaleSetting, addLock } from '../../azure/index.ts';
import { protect } from '../../support/protected-nodes.ts';
import { actionsSeen, documented, isOptional, restrict, sorted, without } from '../../support/rights.ts';
import { drain, openShop, type Shop } from '../../support/shop.ts';
import { request } from '../../UpgradeScaleSetNodes/upgrade-request.ts';

const canary = { drain, nodes: { kind: 'count', count: 1, text: '1' } } as const;
const ofSet = documented('scaleSet', 'drain', 'undrain', 'repairs');
const ofGroup = documented('operations', 'autoscale');
const ofImage = documented('imageVersion');

describe('the rights of a rollout', () => {
  let shop: Shop;
  let galleryId = '';
  let groupId = '';
  beforeEach(() => {
    shop = openShop({ set: { automaticRepairs: true } });
    addAutoscaleSetting(shop.world, { set: shop.set, minimum: 2, maximum: 8 });
    groupId = shop.set.id.slice(0, shop.set.id.indexOf('/providers'));
    galleryId = shop.v1.slice(0, shop.v1.lastIndexOf('/images/'));
  });
  afterEach(() => shop.close());

  const role = (): readonly Assignment[] => [
    { scope: shop.set.id, actions: ofSet },
    { scope: groupId, actions: ofGroup },
    { scope: galleryId, actions: ofImage },
  ];
  const upgrade = (
    target: string,
    changes: Partial<UpgradeRequest> = { drain, autoscale: 'pause' },
    tools = shop.tools(),
  ) => shop.play(upgradeNodes(request(target, changes), tools));
  const back = (to: string | undefined = undefined, tools = shop.tools()) => {
    const { nodes: _all, target: _none, ...options } = request('', { drain, autoscale: 'pause' });
    return shop.play(rollBack({ ...options, to }, tools));
  };
  /** Canary, halt, way back, whole rollout, way back: every kind of call that the two tasks make. */
  async function everyStory() {
    const outcomes = [
      await upgrade(shop.v2, canary),
      await upgrade(shop.v2),
      await upgrade(shop.v3),
      await back(),
      await back(shop.v1),
      await upgrade(shop.v2, { drain: { ...drain, drain: 'exit 3' } }),
    ];
    return outcomes.map(({ ending }) => ending.outcome);
  }
  /** A drain that fails makes its node stay, and it must be put back. */
  function failDrains() {
    const { machines } = shop.world;
    const run = machines.runScript.bind(machines);
    machines.runScript = (id, script, done) =>
      run(id, script, (result) => done(script.lines.includes('exit 3') ? { ...result, exitCode: 3 } : result));
  }

  it('are enough as documented, all of them are used, and no other', async () => {
    failDrains();
    restrict(shop.world, role());
    const seen = actionsSeen(shop.world);
    assert.deepEqual(await everyStory(), ['completed', 'completed', 'halted', 'completed', 'completed', 'halted']);
    assert.deepEqual(sorted(seen), sorted([...ofSet, ...ofGroup, ...ofImage]));
  });

  it('do not include scripts when nothing drains, nor repairs and autoscale when neither is paused', async () => {
    shop.set.properties = { ...shop.set.properties, automaticRepairsPolicy: { enabled: false } };
    restrict(shop.world, [
      { scope: shop.set.id, actions: documented('scaleSet') },
      { scope: groupId, actions: documented('operations') },
      { scope: galleryId, actions: ofImage },
    ]);
    assert.equal((await upgrade(shop.v2, {})).ending.outcome, 'completed');
  });

  describe('with protected nodes that are replaced', () => {
    const replace = { drain, protectedNodes: 'replace' } as const;
    const withRight = () => [...role(), { scope: shop.set.id, actions: documented('protection') }];

    it('include the write of a node, and it is used', async () => {
      protect(shop, ['1']);
      restrict(shop.world, withRight());
      const seen = actionsSeen(shop.world);
      assert.equal((await upgrade(shop.v2, replace)).ending.outcome, 'completed');
      assert.ok(sorted(documented('protection')).every((action) => seen.has(action)));
    });

    it('are asked before the first write, in an upgrade and in a rollback', async () => {
      protect(shop, ['1']);
      restrict(shop.world, role());
      const before = shop.fingerprint();
      const { nodes: _all, target: _none, ...options } = request('', replace);
      const lacks = { code: 'RightsMissing', message: /virtualMachines\/write$/ };
      await assert.rejects(upgrade(shop.v2, replace), lacks);
      await assert.rejects(shop.play(rollBack({ ...options, to: shop.v2 }, shop.tools())), lacks);
      assert.equal(shop.fingerprint(), before);
    });

    it('do not include it when no node is protected', async () => {
      restrict(shop.world, role());
      assert.equal((await upgrade(shop.v2, replace)).ending.outcome, 'completed');
    });
  });

  const url = parseNodeUrl('http://:8080/');
  const asks = { drain, ...(url && { health: { kind: 'http', url } as const }) };

  it('include the interfaces of the nodes when the agent asks them, and no others', async () => {
    const [set = assert.fail(), ...others] = role();
    restrict(shop.world, [
      { ...set, actions: documented('scaleSet', 'drain', 'undrain', 'repairs', 'healthHttp') },
      ...others,
    ]);
    const seen = actionsSeen(shop.world);
    assert.equal((await upgrade(shop.v2, asks)).ending.outcome, 'completed');
    for (const action of documented('healthHttp')) assert.ok(seen.has(action.toLowerCase()), action);
    restrict(shop.world, role());
    await assert.rejects(upgrade(shop.v2, asks), {
      code: 'RightsMissing',
      message: /Missing on \S+: \S+networkInterfaces\/read$/,
    });
  });

  it('include reimage with force, and only then', async () => {
    const [set = assert.fail(), ...others] = role();
    const onSet = { ...set, actions: documented('scaleSet', 'drain', 'undrain', 'repairs') };
    restrict(shop.world, [{ ...onSet, actions: [...onSet.actions, ...documented('reimage')] }, ...others]);
    const seen = actionsSeen(shop.world);
    assert.equal((await upgrade(shop.v1, { force: true })).ending.outcome, 'completed');
    for (const action of documented('reimage')) assert.ok(seen.has(action.toLowerCase()), action);
    restrict(shop.world, [onSet, ...others]);
    await assert.rejects(upgrade(shop.v1, { force: true }), { code: 'RightsMissing', message: /\/reimage\/action$/ });
  });

  it('include run commands when a script says whether nodes are well, and the lock that stops their removal counts', async () => {
    const scripted = { health: { kind: 'script', script: 'true' } } as const;
    const [, ...others] = role();
    const onSet = { scope: shop.set.id, actions: documented('scaleSet', 'repairs', 'healthScript') };
    restrict(shop.world, [onSet, ...others]);
    assert.equal((await upgrade(shop.v2, scripted)).ending.outcome, 'completed');
    addLock(shop.world, groupId, 'CanNotDelete');
    await assert.rejects(upgrade(shop.v2, scripted), { code: 'ScopeLocked' });
    restrict(shop.world, [{ ...onSet, actions: documented('scaleSet', 'repairs') }, ...others]);
    await assert.rejects(upgrade(shop.v2, scripted), { code: 'RightsMissing', message: /runCommands\/write/ });
  });

  it('include rules and alerts when some are heeded', async () => {
    addAlertRule(shop.world, { name: 'errors', target: shop.set, holds: () => false });
    const subscription = groupId.slice(0, groupId.indexOf('/resourceGroups'));
    const kinds = ['metricAlerts', 'scheduledQueryRules', 'activityLogAlerts'];
    const heeding = { drain, alertRules: [{ text: 'errors' }] };
    const onRules = { scope: groupId, actions: documented(...kinds) };
    const onAlerts = { scope: subscription, actions: documented('alerts') };
    restrict(shop.world, [...role(), onRules, onAlerts]);
    const seen = actionsSeen(shop.world);
    assert.equal((await upgrade(shop.v2, heeding)).ending.outcome, 'completed');
    for (const action of documented('metricAlerts', 'alerts')) assert.ok(seen.has(action.toLowerCase()), action);
    restrict(shop.world, [...role(), onAlerts]);
    await assert.rejects(upgrade(shop.v2, heeding), {
      code: 'RightsMissing',
      message: /Microsoft\.Insights\/metricAlerts\/read/,
    });
    restrict(shop.world, [...role(), onRules]);
    await assert.rejects(upgrade(shop.v2, heeding), {
      code: 'AccessDenied',
      message: /Listing the alerts of subscription/,
    });
  });

  it('may come from a role on the subscription, with wildcards', async () => {
    const scope = shop.set.id.slice(0, shop.set.id.indexOf('/resourceGroups'));
    restrict(shop.world, [
      { scope, actions: ['Microsoft.Compute/*', 'Microsoft.Insights/autoscaleSettings/*', '*/read'] },
    ]);
    assert.equal((await upgrade(shop.v2)).ending.outcome, 'completed');
  });

  const each = [
    ...ofSet.map((action) => ({ action, on: 'the set' as const })),
    ...ofGroup.map((action) => ({ action, on: 'the group' as const })),
    ...ofImage.map((action) => ({ action, on: 'the gallery' as const })),
  ];
  const scopeOf = (on: 'the set' | 'the group' | 'the gallery') =>
    ({ 'the set': shop.set.id, 'the group': groupId, 'the gallery': galleryId })[on];
  const tasks = { UpgradeScaleSetNodes: () => upgrade(shop.v2), RollbackScaleSet: () => back(shop.v2) };
  for (const [task, run] of Object.entries(tasks))
    for (const { action, on } of each.filter((one) => !isOptional(one.action)))
      it(`are missed by ${task} before it writes: ${action} on ${on}`, async () => {
        restrict(shop.world, without(role(), action, scopeOf(on)));
        const before = shop.fingerprint();
        await assert.rejects(run(), { code: 'RightsMissing', message: new RegExp(`Missing on \\S+: ${action}$`) });
        assert.equal(shop.fingerprint(), before);
      });

  for (const { action, on } of each.filter((one) => isOptional(one.action)))
    it(`may lack ${action} on ${on}: it is said aloud, and the rollout goes on`, async () => {
      // what the group gives, the set has too
      const rest = on === 'the set' ? without(role(), action, groupId) : role();
      restrict(shop.world, without(rest, action, scopeOf(on)));
      const tools = shop.tools();
      assert.equal((await upgrade(shop.v2, { drain }, tools)).ending.outcome, 'completed');
      assert.match(tools.lines.join('\n'), /are not known, so a missing one shows only when it is needed.*403/);
    });

  it('are all named at once, with the connection and each scope', async () => {
    restrict(shop.world, [
      { scope: shop.set.id, actions: ['Microsoft.Authorization/*/read', '*/read'] },
      { scope: galleryId, actions: ['Microsoft.Authorization/*/read'] },
    ]);
    await assert.rejects(upgrade(shop.v2), ({ code, message }: { code: string; message: string }) => {
      assert.equal(code, 'RightsMissing');
      assert.match(message, /service connection "test" \(application 22222222/);
      for (const action of documented('scaleSet', 'drain', 'undrain').filter((name) => !/\/read$/.test(name)))
        assert.ok(message.includes(action), action);
      assert.ok(message.includes(`on ${shop.v2}: Microsoft.Compute/galleries/images/read`), message);
      return true;
    });
  });

  it('are told of both when a way back lacks some on the set and some on the gallery that the record names', async () => {
    await upgrade(shop.v2);
    restrict(shop.world, [
      { scope: shop.set.id, actions: ['*/read'] },
      { scope: galleryId, actions: ['Microsoft.Authorization/*/read'] },
    ]);
    await assert.rejects(back(), { code: 'RightsMissing', message: /manualUpgrade[\s\S]*galleries\/images\/versions/ });
  });

  it('are not asked of an answer that makes no sense: the rollout goes on and says so', async () => {
    const reply = { status: 200, body: '<html>sign in to the proxy</html>' };
    shop.world.faults.add({ on: 'GET /permissions', times: 2, effect: 'none', reply });
    const tools = shop.tools();
    assert.equal((await upgrade(shop.v2, { drain }, tools)).ending.outcome, 'completed');
    assert.match(tools.lines.join('\n'), /rights on .* are not known/);
  });

  describe('locks', () => {
    const group = () => shop.set.id.slice(0, shop.set.id.indexOf('/providers'));
    for (const level of ['ReadOnly', 'CanNotDelete'] as const)
      for (const on of ['set', 'group', 'subscription'] as const)
        it(`refuse before the first write: ${level} on the ${on}`, async () => {
          const scope = { set: shop.set.id, group: group(), subscription: group().split('/resourceGroups')[0] ?? '' }[
            on
          ];
          const lock = addLock(shop.world, scope, level, 'keep');
          const before = shop.fingerprint();
          const refusal = { code: 'ScopeLocked', message: new RegExp(`${level} lock ${lock.id}$`) };
          await assert.rejects(upgrade(shop.v2), refusal);
          await assert.rejects(back(shop.v2), refusal);
          assert.equal(shop.fingerprint(), before);
        });

    it('against deletion do not stop a rollout that drains nothing', async () => {
      addLock(shop.world, group(), 'CanNotDelete');
      assert.equal((await upgrade(shop.v2, {})).ending.outcome, 'completed');
    });

    it('on the gallery do not stop a rollout, which only reads there', async () => {
      addLock(shop.world, galleryId, 'ReadOnly');
      assert.equal((await upgrade(shop.v2)).ending.outcome, 'completed');
    });
  });
});
