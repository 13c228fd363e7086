import assert from 'node:assert/strict';
import { takingAway } from '../../../tasks/common/azure/take-away.ts';
import { Failure } from '../../../tasks/common/failure.ts';

const broken = () => new Failure('AzureUnavailable', 'InternalOperationError', 'Later.');
const throttled = () => new Failure('Throttled', 'OperationNotAllowed', 'Later.');

/** Commands that an Azure removes, or does not. */
function bench() {
  const state = { now: 0, works: true, takesWrites: true, refusal: broken };
  const said: string[] = [];
  const takeAway = takingAway(
    {
      async remove(_id, name) {
        said.push(`remove ${name}`);
        if (!state.works) throw state.refusal();
      },
      async empty(_id, name) {
        if (!state.takesWrites) throw broken();
        said.push(`empty ${name}`);
      },
    },
    { now: () => state.now },
  );
  const at = (now: number, name: string) => {
    state.now = now;
    return takeAway('7', name);
  };
  return { at, state, said };
}

describe('takingAway', () => {
  it('removes, and once is enough', async () => {
    const { at, said } = bench();
    assert.equal(await at(0, 'a'), 'removing');
    assert.deepEqual(said, ['remove a']);
  });

  it('asks for a minute, then empties what Azure does not remove', async () => {
    const { at, state, said } = bench();
    state.works = false;
    for (const now of [0, 30_000, 59_999]) assert.equal(await at(now, 'a'), 'removing');
    assert.equal(await at(60_000, 'a'), 'emptied');
    assert.deepEqual(said.slice(-1), ['empty a']);
  });

  it('empties what is accepted and never goes', async () => {
    const { at } = bench();
    assert.equal(await at(0, 'a'), 'removing');
    assert.equal(await at(60_000, 'a'), 'emptied');
  });

  it('once it has been in vain waits no more, and tries each one all the same', async () => {
    const { at, state } = bench();
    state.works = false;
    await at(0, 'a');
    await at(60_000, 'a');
    assert.equal(await at(61_000, 'b'), 'emptied');
    state.works = true;
    assert.equal(await at(62_000, 'c'), 'removing');
  });

  it('takes no outage, in which nothing is written, for a refusal to remove', async () => {
    const { at, state } = bench();
    Object.assign(state, { works: false, takesWrites: false });
    await at(0, 'a');
    await assert.rejects(at(60_000, 'a'), /InternalOperationError/);
    Object.assign(state, { works: true, takesWrites: true });
    assert.equal(await at(66_000, 'a'), 'removing');
    state.works = false;
    assert.equal(await at(70_000, 'b'), 'removing');
  });

  it('takes no throttling for a refusal to remove', async () => {
    const { at, state } = bench();
    Object.assign(state, { works: false, refusal: throttled });
    for (const now of [0, 60_000, 900_000]) await assert.rejects(at(now, 'a'), /OperationNotAllowed/);
    state.refusal = broken;
    assert.equal(await at(905_000, 'a'), 'removing');
    assert.equal(await at(965_000, 'a'), 'emptied');
    state.refusal = throttled;
    await assert.rejects(at(966_000, 'b'), /OperationNotAllowed/);
  });

  it('throws a defect of our own on', async () => {
    const takeAway = takingAway(
      { remove: () => Promise.reject(new TypeError('ours')), empty: () => assert.fail() },
      { now: () => 0 },
    );
    await assert.rejects(takeAway('7', 'a'), TypeError);
  });
});
