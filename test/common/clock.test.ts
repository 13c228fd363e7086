import assert from 'node:assert/strict';
import { install } from '@sinonjs/fake-timers';
import { systemClock } from '../../tasks/common/clock.ts';

describe('systemClock', () => {
  const epoch = Date.parse('2026-01-05T09:00:00Z');

  for (const jump of [3 * 3_600_000, -3 * 3_600_000])
    it(`goes on by what has passed when the time of day is set by ${jump / 3_600_000} hours`, async () => {
      const clock = install({ now: epoch });
      try {
        await clock.tickAsync(1_000);
        clock.setSystemTime(epoch + jump);
        await clock.tickAsync(2_000);
        assert.equal(systemClock.now(), epoch + 3_000);
      } finally {
        clock.uninstall();
      }
    });

  it('tells the time of day', () => {
    assert.ok(Math.abs(systemClock.now() - Date.now()) < 60_000);
  });
});
