import assert from 'node:assert/strict';
import { type Poller, start } from '../../../tasks/common/azure/long-running.ts';

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

  it('keeps even a defect of our own, for whoever looks to throw', async () => {
    const { made, fail } = poller();
    const operation = await start(made, 'x');
    fail(new TypeError('a defect'));
    await operation.settled;
    const progress = operation.progress();
    assert.ok(progress.kind === 'failed' && progress.failure instanceof TypeError);
  });
});
