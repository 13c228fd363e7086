import assert from 'node:assert/strict';
import { profileAt } from './profiles.ts';
import { fixedDate, profile, weekly } from './support.ts';

describe('the profile in force', () => {
  const usual = profile('usual', 1, 10);
  const pin = profile('pin', 4, 4, fixedDate('2026-01-01T09:00:00Z', '2026-01-01T10:00:00Z'));
  const weekend = profile('weekend', 1, 2, weekly(['Saturday', 'Sunday'], 6));
  const week = profile('week', 3, 9, weekly(['Saturday', 'Sunday'], 19));
  const seoul = profile('seoul', 5, 5, fixedDate('2026-01-01T09:00:00', '2026-01-01T10:00:00', 'Korea Standard Time'));
  const monday = profile('monday', 6, 6, weekly(['Monday'], 8, 30, 'Korea Standard Time'));

  // 2026-01-01 is a Thursday
  const cases = [
    { name: 'the default one without another', profiles: [usual], now: '2026-01-01T09:30:00Z', is: 'usual' },
    {
      name: 'none when there is nothing but a date to come',
      profiles: [pin],
      now: '2026-01-01T08:59:59Z',
      is: undefined,
    },
    { name: 'the fixed date from its start', profiles: [usual, pin], now: '2026-01-01T09:00:00Z', is: 'pin' },
    { name: 'the fixed date before a recurrence', profiles: [weekend, pin], now: '2026-01-01T09:59:59Z', is: 'pin' },
    {
      name: 'the default again, by itself, at its end',
      profiles: [usual, pin],
      now: '2026-01-01T10:00:00Z',
      is: 'usual',
    },
    { name: 'a recurrence before the default', profiles: [usual, weekend], now: '2026-01-03T06:00:00Z', is: 'weekend' },
    { name: 'the recurrence that began last', profiles: [weekend, week], now: '2026-01-03T05:59:00Z', is: 'week' },
    { name: 'the next one from its own start', profiles: [weekend, week], now: '2026-01-04T19:00:00Z', is: 'week' },
    { name: 'one between its days', profiles: [weekend, week], now: '2026-01-04T06:00:00Z', is: 'weekend' },
    { name: 'a date by its zone', profiles: [usual, seoul], now: '2026-01-01T00:30:00Z', is: 'seoul' },
    { name: 'a date by its zone, not by UTC', profiles: [usual, seoul], now: '2026-01-01T09:30:00Z', is: 'usual' },
    { name: 'a weekday by its zone', profiles: [week, monday], now: '2026-01-04T23:30:00Z', is: 'monday' },
    { name: 'a weekday by its zone, to the minute', profiles: [week, monday], now: '2026-01-04T23:29:00Z', is: 'week' },
  ];
  for (const { name, profiles, now, is } of cases)
    it(`is ${name}`, () => assert.equal(profileAt({ profiles }, Date.parse(now))?.name, is));

  it('has limits in numbers', () => {
    assert.deepEqual(profileAt({ profiles: [usual] }, 0), { name: 'usual', minimum: 1, maximum: 10 });
  });
});
