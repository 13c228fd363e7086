import assert from 'node:assert/strict';
import { finish, type Poller, start } from '../../../tasks/common/azure/long-running.ts';
import type { Clock } from '../../../tasks/common/clock.ts';
import { Failure } from '../../../tasks/common/failure.ts';

/** A poller whose end the test decides. */
function poller(refusal?: Error) {
  let succeed = (_: string) => {};
  let fail = (_: Error) => {};
  const done = new Promise<string>((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  const made: Poller<string> = {
    submitted: () => (refusal ? Promise.reject(refusal) : Promise.resolve()),
    pollUntilDone: () => done,
  };
  return { made, succeed: (result: string) => succeed(result), fail: (error: Error) => fail(error) };
}

/** A clock whose sleep lasts until it is told to end, or is woken. */
function handClock() {
  let ring = () => {};
  const clock: Clock = {
    now: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        ring = resolve;
        signal?.addEventListener('abort', () => resolve());
      }),
  };
  return { clock, ring: () => ring() };
}

describe('start', () => {
  it('returns as soon as Azure has accepted', async () => {
    const { made } = poller();
    const operation = await start(made, 'Upgrading node 1');
    assert.deepEqual(operation.progress(), { kind: 'running' });
  });

  it('says what was refused', async () =>
    assert.rejects(start(poller(new Error('no')).made, 'Upgrading node 1'), /Upgrading node 1 failed: no/));

  it('keeps the result for whoever looks next', async () => {
    const { made, succeed } = poller();
    const operation = await start(made, 'x');
    succeed('all well');
    await operation.settled;
    assert.deepEqual(operation.progress(), { kind: 'succeeded', result: 'all well' });
  });

  it('keeps a failure too, and never leaves it unhandled', async () => {
    const { made, fail } = poller();
    const operation = await start(made, 'Upgrading node 1');
    fail(new Error('no room'));
    await operation.settled;
    const progress = operation.progress();
    assert.ok(progress.kind === 'failed');
    assert.match(progress.failure.message, /Upgrading node 1 failed: no room/);
  });

  it('keeps even a defect of our own, for finish to throw', async () => {
    const { made, fail } = poller();
    const operation = await start(made, 'x');
    fail(new TypeError('a defect'));
    await operation.settled;
    await assert.rejects(finish(operation, { clock: handClock().clock, limitMs: 1 }), TypeError);
  });
});

describe('finish', () => {
  const codeOf = (code: string) => (error: unknown) => error instanceof Failure && error.code === code;

  it('waits for the result', async () => {
    const { made, succeed } = poller();
    const work = finish(await start(made, 'x'), { clock: handClock().clock, limitMs: 60_000 });
    succeed('done');
    assert.equal(await work, 'done');
  });

  it('leaves no timer behind when the operation has ended', async () => {
    const { made, succeed } = poller();
    let asleep: AbortSignal | undefined;
    const clock: Clock = {
      now: () => 0,
      sleep: (_ms, signal) => {
        asleep = signal;
        return new Promise(() => {});
      },
    };
    const work = finish(await start(made, 'x'), { clock, limitMs: 60_000 });
    succeed('done');
    await work;
    assert.equal(asleep?.aborted, true);
  });

  it('throws the failure', async () => {
    const { made, fail } = poller();
    const work = finish(await start(made, 'x'), { clock: handClock().clock, limitMs: 60_000 });
    fail(new Error('no room'));
    await assert.rejects(work, /no room/);
  });

  it('does not wait longer than its limit', async () => {
    const { clock, ring } = handClock();
    const work = finish(await start(poller().made, 'Copying'), { clock, limitMs: 600_000 });
    ring();
    await assert.rejects(work, codeOf('DeadlineExceeded'));
    await assert.rejects(work, /Copying did not end within 10 minutes/);
  });

  it('stops waiting when the run is cancelled', async () => {
    const cancel = new AbortController();
    const work = finish(await start(poller().made, 'Copying'), {
      clock: handClock().clock,
      limitMs: 1,
      cancelled: cancel.signal,
    });
    cancel.abort();
    await assert.rejects(work, codeOf('Cancelled'));
  });
});
