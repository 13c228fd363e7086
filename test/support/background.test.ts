import assert from 'node:assert/strict';
import { Suite } from 'mocha';
import { beginInBackground, inBackground } from './background.ts';

/** A root of three suites, of which the first waits for work. */
function suites(work: () => Promise<string>) {
  const root = new Suite('');
  const [waiting] = ['waiting', 'second', 'third'].map((title) => Suite.create(root, title));
  assert.ok(waiting);
  return { root, done: inBackground(waiting, work), titles: () => root.suites.map(({ title }) => title) };
}

describe('work in the background', () => {
  it('begins with the whole suite, and once', async () => {
    let begun = 0;
    const { root, done } = suites(async () => `done ${++begun}`);
    beginInBackground(root);
    assert.equal(begun, 1);
    assert.deepEqual([await done(), await done()], ['done 1', 'done 1']);
  });

  it('begins when it is waited for, where the suite is not whole', async () => {
    let begun = 0;
    const { done } = suites(async () => `done ${++begun}`);
    beginInBackground(new Suite(''));
    assert.equal(begun, 0);
    assert.equal(await done(), 'done 1');
  });

  it('is waited for after all other suites', () => {
    const { root, titles } = suites(async () => '');
    beginInBackground(root);
    assert.deepEqual(titles(), ['second', 'third', 'waiting']);
  });

  it('fails for whoever waits for it', async () => {
    const { root, done } = suites(() => Promise.reject(new Error('no luck')));
    beginInBackground(root);
    await assert.rejects(done(), /no luck/);
  });
});
