import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet } from '../compute/builders.ts';
import { instancesOf } from '../compute/lookup.ts';
import type { ScaleSet } from '../compute/state.ts';
import { assertRefused, bodyOf, openStage, type Stage, shop } from '../compute/support.ts';
import { gates } from '../core/gates.ts';
import { handle } from '../core/handle.ts';
import type { Answer, Json } from '../core/http.ts';
import type { Settings } from '../core/settings.ts';
import type { VirtualOptions } from '../machines/virtual/options.ts';

const whole = 'api-version=2020-07-01';

describe('terminate notifications', () => {
  let stage: Stage;
  let set: ScaleSet;
  afterEach(() => stage.close());

  const open = (
    notBeforeTimeout = 'PT5M',
    machines: VirtualOptions = {},
    settings: Partial<Settings> = { scheduledEventsBegin: 'atOnce' },
  ) => {
    stage = openStage({ rateLimits: false, ...settings }, machines);
    const image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
    set = addScaleSet(stage.world, { name: 'shop', image, capacity: 4, terminateNotification: notBeforeTimeout });
  };
  /** Asks the metadata service from inside an instance. */
  const inside = (id: string, method = 'GET', query = whole, body = '', headers: Json = { metadata: 'true' }): Answer =>
    handle(stage.world, gates(), {
      method,
      url: new URL(`http://169.254.169.254/metadata/scheduledevents?${query}`),
      headers: headers as Record<string, string>,
      body,
      from: `${set.id}/virtualMachines/${id}`.toLowerCase(),
    });
  const events = (id: string, query = whole) => bodyOf(inside(id, 'GET', query))['Events'] as Json[];
  const approve = (from: string, ...of: string[]) => {
    const starts = of.map((name) => ({
      EventId: events(from).find((event) => (event['Resources'] as string[])[0] === `shop_${name}`)?.['EventId'],
    }));
    return inside(from, 'POST', whole, JSON.stringify({ StartRequests: starts })).status;
  };
  const remove = (...instanceIds: string[]) => {
    const answer = stage.call('POST', `${shop}/delete`, { instanceIds });
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    return answer.headers?.['Azure-AsyncOperation'] ?? '';
  };
  const status = (operation: string) => bodyOf(stage.callAt('GET', new URL(operation), ''))['status'];
  const pass = async (ms: number) => {
    await stage.pass(ms);
    stage.call('GET', shop);
  };
  const left = () => instancesOf(stage.world, set).map(({ instanceId }) => instanceId);
  const minutes = 60_000;

  it('tell every machine of the set that one will be deleted, when, and who wants it', () => {
    open('PT7M');
    remove('2');
    const [{ EventId, ...event } = {}] = events('0');
    assert.match(String(EventId), /^[0-9A-F-]{36}$/);
    assert.deepEqual(event, {
      EventType: 'Terminate',
      ResourceType: 'VirtualMachine',
      Resources: ['shop_2'],
      EventStatus: 'Scheduled',
      NotBefore: 'Thu, 01 Jan 2026 00:07:00 GMT',
      Description: 'Virtual machine is being deleted as requested by authorized user.',
      EventSource: 'User',
      DurationInSeconds: -1,
    });
    assert.deepEqual(events('2'), events('0'));
  });

  it('hold the deletion, its operation and the machine as long as nobody approves', async () => {
    open();
    const operation = remove('2');
    await pass(5 * minutes - 1000);
    assert.deepEqual([left(), status(operation)], [['0', '1', '2', '3'], 'InProgress']);
    assert.equal(stage.world.machines.health(`${set.id}/virtualMachines/2`.toLowerCase())?.state, 'healthy');
    await pass(1000);
    assert.deepEqual([events('0')[0]?.['EventStatus'], events('0')[0]?.['NotBefore']], ['Started', '']);
    await pass(20_000);
    assert.deepEqual([left(), status(operation), events('0')], [['0', '1', '3'], 'Succeeded', []]);
  });

  it('lower the capacity at once all the same', () => {
    open();
    remove('2');
    assert.equal(set.sku.capacity, 3);
  });

  it('let it go at once when it is approved, by whichever machine of the set', async () => {
    open();
    const operation = remove('2');
    await pass(10_000);
    assert.equal(approve('0', '2'), 200);
    assert.equal(approve('2', '2'), 200, 'approving again is well');
    await pass(20_000);
    assert.deepEqual([left(), status(operation)], [['0', '1', '3'], 'Succeeded']);
  });

  it('count the changes of the list', async () => {
    open();
    const incarnation = () => Number(bodyOf(inside('0'))['DocumentIncarnation']);
    const seen = [incarnation()];
    remove('2');
    seen.push(incarnation(), incarnation());
    approve('0', '2');
    seen.push(incarnation());
    await pass(20_000);
    seen.push(incarnation());
    assert.deepEqual(seen, [1, 2, 2, 3, 4]);
  });

  it('release an approved one only with all the others that are pending', async () => {
    open('PT10M');
    remove('1');
    await pass(1 * minutes);
    remove('2', '3');
    approve('0', '3');
    approve('0', '2');
    await pass(2 * minutes);
    assert.deepEqual(left(), ['0', '1', '2', '3']);
    approve('0', '1');
    await pass(20_000);
    assert.deepEqual(left(), ['0']);
  });

  it('release an approved one when the time of the pending other has run out', async () => {
    open('PT10M');
    remove('1');
    await pass(4 * minutes);
    remove('2');
    approve('2', '2');
    await pass(6 * minutes + 20_000);
    assert.deepEqual(left(), ['0', '3']);
  });

  const deletions: readonly { readonly name: string; readonly call: () => Answer }[] = [
    { name: 'a deletion by id', call: () => stage.call('POST', `${shop}/delete`, { instanceIds: ['3'] }) },
    {
      name: 'a forced one',
      call: () => stage.call('POST', `${shop}/delete?forceDeletion=true`, { instanceIds: ['3'] }),
    },
    { name: 'a deletion on its own path', call: () => stage.call('DELETE', `${shop}/virtualMachines/3`) },
    { name: 'a lower capacity', call: () => stage.call('PATCH', shop, { sku: { capacity: 3 } }) },
    { name: 'the end of the set', call: () => stage.call('DELETE', shop) },
  ];
  for (const { name, call } of deletions)
    it(`are raised by ${name}`, async () => {
      open();
      assert.ok(call().status < 300);
      await pass(5_000);
      assert.ok(events('0').some((event) => String(event['Resources']) === 'shop_3'));
    });

  it('are raised once for a machine, though its set goes while it waits; all is gone when all is approved', async () => {
    open();
    remove('3');
    assert.equal(stage.call('DELETE', shop).status, 202);
    assert.equal(events('0').length, 4);
    for (const name of ['0', '1', '2', '3']) approve('0', name);
    await pass(30_000);
    assert.deepEqual([left(), stage.world.compute.scheduledEvents.get(set.id.toLowerCase())?.events], [[], []]);
  });

  for (const action of ['restart', 'reimage', 'deallocate', 'poweroff', 'start'])
    it(`are not raised by ${action}`, async () => {
      open();
      assert.equal(stage.call('POST', `${shop}/${action}`, { instanceIds: ['3'] }).status, 202);
      await pass(1_000);
      assert.deepEqual(events('0'), []);
    });

  it('go by the model that the instance has, not by that of the set', async () => {
    open();
    stage.call('PATCH', shop, {
      properties: {
        virtualMachineProfile: {
          scheduledEventsProfile: { terminateNotificationProfile: { notBeforeTimeout: 'PT15M', enable: true } },
        },
      },
    });
    await pass(5_000);
    stage.call('POST', `${shop}/manualupgrade`, { instanceIds: ['1'] });
    await pass(5_000);
    remove('1', '2');
    assert.deepEqual(
      events('0').map(({ NotBefore }) => NotBefore),
      ['Thu, 01 Jan 2026 00:15:10 GMT', 'Thu, 01 Jan 2026 00:05:10 GMT'],
    );
  });

  it('are no matter of a set that wants none', async () => {
    open('off');
    remove('2');
    await pass(20_000);
    assert.deepEqual([events('0'), left()], [[], ['0', '1', '3']]);
  });

  it('may be approved by the machine itself, after its time to drain', async () => {
    open('PT10M', { approvesAfterMs: ({ id }) => (id.endsWith('/2') ? 30_000 : undefined) });
    remove('2');
    await pass(49_000);
    assert.deepEqual(left(), ['0', '1', '2', '3']);
    await pass(1_000);
    assert.deepEqual(left(), ['0', '1', '3']);
  });

  for (const [begin, first] of [
    ['afterFirstCall', 0],
    ['atOnce', 1],
  ] as const)
    it(`show ${first} events to the first who asks in a day when the switch says ${begin}`, async () => {
      open('PT15M', {}, { scheduledEventsBegin: begin });
      remove('2');
      assert.deepEqual([events('0').length, events('1').length], [first, 1]);
      await pass(24 * 60 * minutes);
      remove('3');
      assert.deepEqual([events('0').length, events('0').length], [first, 1]);
    });

  const bad = [
    { name: 'no header', headers: {}, says: /metadata header/ },
    { name: 'a proxy', headers: { metadata: 'true', 'x-forwarded-for': '1.2.3.4' }, says: /X-Forwarded-For/ },
    { name: 'no version', query: 'x=1', says: /api-version/ },
    { name: 'a version that there is not', query: 'api-version=2020-01-01', says: /Unknown api-version/ },
    { name: 'no body', method: 'POST', says: /StartRequests/ },
    {
      name: 'an id that there is not',
      method: 'POST',
      body: '{"StartRequests":[{"EventId":"x"}]}',
      says: /no event 'x'/,
    },
  ];
  for (const { name, headers, query, method, body, says } of bad)
    it(`refuse a request with ${name}`, () => {
      open();
      const answer = inside('0', method, query, body, headers);
      assert.equal(answer.status, 400);
      assert.match(String(bodyOf(answer)['error']), says);
    });

  const members: readonly (readonly [string, readonly string[]])[] = [
    ['2017-11-01', []],
    ['2019-01-01', []],
    ['2019-04-01', ['Description']],
    ['2019-08-01', ['Description', 'EventSource']],
    ['2020-07-01', ['Description', 'EventSource', 'DurationInSeconds']],
  ];
  for (const [version, later] of members)
    it(`are shown with the members of version ${version}`, () => {
      open();
      remove('2');
      const [event] = events('0', `api-version=${version}`);
      const all = ['EventId', 'EventType', 'ResourceType', 'Resources', 'EventStatus', 'NotBefore', ...later];
      assert.deepEqual(event && Object.keys(event), version < '2019-01-01' ? undefined : all);
    });

  for (const timeout of ['PT4M59S', 'PT15M1S', 'soon', 'P1D'])
    it(`are refused for ${timeout}`, () => {
      open();
      const terminateNotificationProfile = { enable: true, notBeforeTimeout: timeout };
      const virtualMachineProfile = { scheduledEventsProfile: { terminateNotificationProfile } };
      assertRefused(
        stage.call('PATCH', shop, { properties: { virtualMachineProfile } }),
        400,
        'InvalidParameter',
        /PT5M to PT15M/,
      );
    });

  it('can be told apart by a machine, which learns its own name', () => {
    open();
    const ask = (path: string, from?: string) =>
      handle(stage.world, gates(), {
        method: 'GET',
        url: new URL(`http://169.254.169.254/metadata/${path}`),
        headers: { metadata: 'true' },
        body: '',
        ...(from !== undefined && { from }),
      });
    const me = `${set.id}/virtualMachines/2`.toLowerCase();
    assert.equal(ask('instance/compute/name?api-version=2021-02-01&format=text', me).body, 'shop_2');
    const { compute } = ask('instance?api-version=2021-02-01', me).body as { compute: Json };
    assert.deepEqual(
      [compute['name'], compute['vmScaleSetName'], compute['location']],
      ['shop_2', 'shop', 'koreacentral'],
    );
    assert.equal(ask('instance?api-version=2021-02-01').status, 404);
    assert.equal(ask('instance/compute/name?api-version=2021-02-01', me).status, 400);
    assert.equal(ask(`identity/oauth2/token?api-version=2018-02-01&resource=x`, me).status, 400);
    assert.deepEqual(bodyOf(ask(`scheduledevents?${whole}`))['Events'], []);
  });
});
