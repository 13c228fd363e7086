import assert from 'node:assert/strict';
import { playFast } from './fast-play.ts';
import { openRehearsal } from './rehearsal.ts';

/** What a process that was killed waits for. */
const never = new Promise<never>(() => {});

describe('a rehearsal', () => {
  it('is not closed without a word while something is still played, which ends then', async () => {
    const { play, close } = openRehearsal();
    const played = play(never);
    assert.throws(close, /ends while it still plays something/);
    await assert.rejects(played, /the clock was taken away/);
  });

  it('lets no time pass once it is closed', async () => {
    const { pass, close } = openRehearsal();
    close();
    await assert.rejects(pass(500), /the clock was taken away/);
  });

  it('ends what is played fast when its clock is taken away', async () => {
    const { clock, close } = openRehearsal();
    setTimeout(() => {}, 1_000);
    const played = playFast(clock, never);
    close();
    await assert.rejects(played, /the clock was taken away/);
  });
});
