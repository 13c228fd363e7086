import assert from 'node:assert/strict';
import { atTheEnd, inTime, patiently } from '../../../tasks/common/execute/patience.ts';
import { Failure } from '../../../tasks/common/failure.ts';

const failure = (code: string) => new Failure(code, 'no', '');

/** A clock that only moves while somebody sleeps, and how long they did. */
function stage(cancelled = new AbortController().signal) {
  let now = 0;
  const slept: number[] = [];
  const said: string[] = [];
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      slept.push(ms);
      now += ms;
    },
  };
  const observer = { looked: () => {}, decided: () => {}, remarked: (text: string) => void said.push(text) };
  return { clock, observer, cancelled, slept, said };
}

describe('patience', () => {
  const failing = (times: number, code = 'Throttled') => {
    let left = times;
    return async () => {
      if (left-- > 0) throw failure(code);
      return 'done';
    };
  };

  it('tries again what passes, with pauses that grow, and says so each time', async () => {
    const around = stage();
    assert.equal(await patiently(failing(5), { ...around, forMs: 600_000, what: 'it could not be read' }), 'done');
    assert.deepEqual(around.slept, [6_000, 12_000, 24_000, 30_000, 30_000]);
    assert.deepEqual(new Set(around.said), new Set(['it could not be read, trying again: no']));
  });

  it('has an end', async () => {
    const around = stage();
    await assert.rejects(patiently(failing(100), { ...around, forMs: 60_000, what: '' }), { code: 'Throttled' });
    assert.ok(around.clock.now() < 100_000);
  });

  it('is not had with what does not pass', () =>
    assert.rejects(patiently(failing(1, 'AccessDenied'), { ...stage(), forMs: 60_000, what: '' }), {
      code: 'AccessDenied',
    }));

  it('ends with the run', () =>
    assert.rejects(patiently(failing(1), { ...stage(AbortSignal.abort()), forMs: 60_000, what: '' })));

  it('is two seconds for putting back once the run is cancelled', async () => {
    const around = stage(AbortSignal.abort());
    await assert.rejects(patiently(failing(100), atTheEnd(around, '')));
    assert.ok(around.clock.now() <= 3_000, `${around.clock.now()} ms`);
  });

  it('waits for no call that hangs once the run is cancelled', async () => {
    const hanging = new Promise<string>((resolve) => setTimeout(() => resolve('it hung'), 300));
    await assert.rejects(inTime(hanging, 5_000, stage(AbortSignal.abort())), {
      message: 'there was no answer within 5 s',
    });
  });

  it('waits for a call that takes long while the run goes on', async () => {
    const slow = new Promise((resolve) => setTimeout(() => resolve('done'), 10));
    assert.equal(await inTime(slow, 0, stage()), 'done');
  });
});
