import assert from 'node:assert/strict';
import { addGalleryVersion, addGroup, addScaleSet, testSubscription } from '../compute/builders.ts';
import { assertRefused, bodyOf, openStage, type Stage } from '../compute/support.ts';
import type { Json } from '../core/http.ts';
import { fixedDate, profile, setting, version, weekly } from './support.ts';

describe('autoscale settings', () => {
  let stage: Stage;
  let set: string;
  beforeEach(() => {
    stage = openStage({ rateLimits: false });
    addGroup(stage.world, 'ops');
    const image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
    set = addScaleSet(stage.world, { name: 'shop', image, capacity: 3 }).id;
  });
  afterEach(() => stage.close());

  const at = (name: string, group = 'ops') =>
    `resourceGroups/${group}/providers/Microsoft.Insights/autoscalesettings/${name}?${version}`;
  const call = (method: string, path: string, body?: Json) => stage.call(method, path, body);
  const whole = () => setting(set, [profile('usual', 2, 5)]);
  const put = (body: Json, name = 'shop-scale') => call('PUT', at(name), body);
  const properties = (answer: ReturnType<typeof call>) => bodyOf(answer)['properties'] as Json;

  it('are made with 201, written again with 200, and shown as they were written', () => {
    const made = put({ ...whole(), tags: { team: 'web' } });
    assert.equal(made.status, 201);
    assert.deepEqual(bodyOf(made), {
      id: `/subscriptions/${testSubscription}/resourceGroups/ops/providers/microsoft.insights/autoscalesettings/shop-scale`,
      name: 'shop-scale',
      type: 'Microsoft.Insights/autoscaleSettings',
      location: 'koreacentral',
      tags: { team: 'web' },
      properties: { enabled: true, targetResourceUri: set, profiles: [profile('usual', 2, 5)] },
    });
    assert.equal(put(whole()).status, 200);
    assert.deepEqual(bodyOf(call('GET', at('SHOP-scale')))['tags'], {});
  });

  it('are disabled when a client does not say otherwise', () => {
    const { enabled: _, ...rest } = whole()['properties'] as Json;
    assert.equal(properties(put({ location: 'koreacentral', properties: rest }))['enabled'], false);
  });

  it('are listed in their group and in their subscription, not with the set that they scale', () => {
    put(whole());
    const list = (path: string) =>
      (bodyOf(call('GET', `${path}providers/Microsoft.Insights/autoscalesettings?${version}`))['value'] as Json[]).map(
        ({ name }) => name,
      );
    assert.deepEqual(
      [list(''), list('resourceGroups/ops/'), list('resourceGroups/web/')],
      [['shop-scale'], ['shop-scale'], []],
    );
  });

  it('are changed member by member by a PATCH, which must bring the profiles', () => {
    put({ ...whole(), tags: { team: 'web' } });
    const patched = call('PATCH', at('shop-scale'), {
      properties: { enabled: false, profiles: [profile('usual', 1, 9)] },
    });
    assert.equal(patched.status, 200);
    assert.deepEqual(properties(patched), {
      enabled: false,
      targetResourceUri: set,
      profiles: [profile('usual', 1, 9)],
    });
    assert.deepEqual(bodyOf(call('PATCH', at('shop-scale'), { tags: { a: '1' } }))['tags'], { a: '1' });
    assertRefused(
      call('PATCH', at('shop-scale'), { properties: { enabled: true } }),
      400,
      'BadRequest',
      /profiles .* required/,
    );
  });

  it('are deleted with 200, and with 204 when they are not there; a read is then 404', () => {
    put(whole());
    assert.deepEqual([call('DELETE', at('shop-scale')).status, call('DELETE', at('shop-scale')).status], [200, 204]);
    assertRefused(call('GET', at('shop-scale')), 404, 'ResourceNotFound');
    assertRefused(call('GET', at('shop-scale', 'nowhere')), 404, 'ResourceGroupNotFound');
  });

  it('go with their group', async () => {
    put(whole());
    assert.equal(call('DELETE', 'resourceGroups/ops').status, 202);
    await stage.pass(10_000);
    call('GET', 'resourceGroups/web');
    assert.equal(stage.world.autoscale.settings.size, 0);
  });

  it('of one resource are one: a second one is refused', () => {
    put(whole());
    assertRefused(put({ ...whole() }, 'other'), 409, 'Conflict', /shop-scale/);
    assertRefused(put(setting(set.toUpperCase(), [profile('usual', 1, 2)]), 'other'), 409, 'Conflict');
    assert.equal(put(whole()).status, 200);
  });

  const start = '2026-01-01T09:00:00Z';
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => profile(`p${index}`, 1, 2, weekly(['Monday'], index % 24)));
  const capacity = (minimum: unknown, standard: unknown, maximum: unknown) => ({
    ...profile('usual', 1, 2),
    capacity: { minimum, default: standard, maximum },
  });
  const refusals: readonly { readonly name: string; readonly profiles: readonly Json[]; readonly says: RegExp }[] = [
    { name: 'no profile', profiles: [], says: /at least one profile/ },
    { name: '21 profiles', profiles: many(21), says: /at most 20 profiles, not 21/ },
    { name: 'two default profiles', profiles: [profile('a', 1, 2), profile('b', 1, 2)], says: /one default/ },
    { name: 'a profile without a name', profiles: [profile('', 1, 2)], says: /needs a name/ },
    { name: 'a profile without rules', profiles: [{ ...profile('a', 1, 2), rules: undefined }], says: /needs rules/ },
    { name: 'eleven rules', profiles: [{ ...profile('a', 1, 2), rules: Array(11).fill({}) }], says: /more than 10/ },
    { name: 'numbers that are no text', profiles: [capacity(1, 1, 2)], says: /minimum .* as text/ },
    { name: 'a maximum that is no number', profiles: [capacity('1', '1', 'lots')], says: /maximum .* as text/ },
    { name: 'a minimum above the maximum', profiles: [capacity('3', '3', '2')], says: /minimum ≤ default ≤ maximum/ },
    { name: 'a default out of both', profiles: [capacity('1', '3', '2')], says: /minimum ≤ default ≤ maximum/ },
    {
      name: 'a fixed date and a recurrence in one',
      profiles: [profile('a', 1, 2, { ...fixedDate(start, '2026-01-01T10:00:00Z'), ...weekly(['Monday'], 1) })],
      says: /both a fixed date and a recurrence/,
    },
    { name: 'a fixed date that is none', profiles: [profile('a', 1, 2, fixedDate('soon', start))], says: /ISO 8601/ },
    {
      name: 'a fixed date that ends before it starts',
      profiles: [profile('a', 1, 2, fixedDate(start, '2025-12-31T00:00:00Z'))],
      says: /ends before/,
    },
    {
      name: 'a fixed date of more than a year',
      profiles: [profile('a', 1, 2, fixedDate(start, '2027-01-02T00:00:00Z'))],
      says: /longer than 365 days/,
    },
    {
      name: 'a recurrence by the day',
      profiles: [profile('a', 1, 2, { recurrence: { frequency: 'Day', schedule: {} } })],
      says: /must be Week/,
    },
    {
      name: 'a day that there is not',
      profiles: [profile('a', 1, 2, weekly(['Holiday'], 1))],
      says: /Sunday to Saturday/,
    },
    { name: 'an hour that there is not', profiles: [profile('a', 1, 2, weekly(['Monday'], 24))], says: /0 to 23/ },
    {
      name: 'a time zone with summer time',
      profiles: [profile('a', 1, 2, weekly(['Monday'], 1, 0, 'W. Europe Standard Time'))],
      says: /does not know the time zone/,
    },
  ];
  for (const { name, profiles, says } of refusals)
    it(`with ${name} are refused`, () => {
      assertRefused(put(setting(set, profiles)), 400, 'BadRequest', says);
      assert.equal(stage.world.autoscale.settings.size, 0);
    });

  it('take twenty profiles, and need a location and a group', () => {
    assert.equal(put(setting(set, many(20))).status, 201);
    assertRefused(put({ properties: {} }, 'other'), 400, 'LocationRequired');
    assertRefused(call('PUT', at('x', 'nowhere'), whole()), 404, 'ResourceGroupNotFound');
  });
});
