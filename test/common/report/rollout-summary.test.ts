import assert from 'node:assert/strict';
import { changesBetween, eventOf, progressOf } from '../../../tasks/common/report/rollout-story.ts';
import { rolloutSummary } from '../../../tasks/common/report/rollout-summary.ts';
import { elapsed, imageName } from '../../../tasks/common/report/words.ts';
import { noteErrand } from '../../../tasks/common/rollout/logbook.ts';
import { fleet, newImage, oldImage } from '../../support/fleet-picture.ts';

describe('rolloutSummary', () => {
  const after = fleet('new new? old', { wanted: 2 });
  const before = fleet('old old old').nodes;
  const summary = rolloutSummary({
    set: 'shop',
    kind: 'Upgrade',
    ending: 'halted. 1 node failed',
    goal: newImage,
    wayBack: oldImage,
    before: [...before, { ...(before[0] as (typeof before)[number]), id: '9', name: 'n9' }],
    after,
    events: [{ at: after.now + 65_000, what: 'broken', text: 'n1: unhealthy | <b>' }],
    startedAt: after.now,
    next: 'Run RollbackScaleSet.',
  });

  it('shows each node before and after, the limits, what happened and what to do next', () => {
    assert.equal(
      summary,
      `**Upgrade of shop to 2.0.0**: halted. 1 node failed

| Node | Zone | Before | After | Health | State |
| --- | --- | --- | --- | --- | --- |
| n0 | 1 | 1.0.0 | 2.0.0 | healthy | ready |
| n1 | 2 | 1.0.0 | 2.0.0 | unhealthy | n1: unhealthy on 2.0.0 600 s after the upgrade was accepted |
| n2 | 3 | 1.0.0 | 1.0.0 | healthy | not touched |
| n9 | 1 | 1.0.0 | gone | - | left the set |

Limits: 2 nodes on the image, at most 1 unavailable, at most 0 failed. Way back: 1.0.0.

**Next:** Run RollbackScaleSet.

**What happened**

\`\`\`text
01:05  broken   n1: unhealthy | <b>
\`\`\``,
    );
  });

  it('lets no foreign text become markup', () => {
    const hostile = { ...after, nodes: after.nodes.map((node) => ({ ...node, name: '`|<img>\n| x' })) };
    const text = rolloutSummary({
      set: 's',
      kind: 'Upgrade',
      ending: '',
      goal: newImage,
      wayBack: oldImage,
      before: [],
      after: hostile,
      events: [{ at: 0, what: 'note', text: '```\n# x' }],
      startedAt: 0,
      next: '',
    });
    assert.ok(text.includes('| \\`\\|\\<img\\> \\| x |'));
    assert.ok(text.includes('````text\n00:00  note     ```'));
  });
});

describe('the story of a rollout', () => {
  it('tells a step by the names of its nodes and its reason', () => {
    const situation = fleet('old old');
    assert.equal(eventOf({ kind: 'drain', nodeIds: ['1'], reason: 'because' }, situation).text, 'n1 (because)');
  });

  it('tells what became of nodes between two looks', () => {
    const looked = fleet('moving new~ old old');
    const errand = { kind: 'replacing', since: 0, certain: true } as const;
    const before = { ...looked, logbook: noteErrand(looked.logbook, '1', errand) };
    const after = fleet('new? new old');
    const joined = fleet('old old old old old');
    assert.deepEqual(
      changesBetween(before, after).map(({ what, text }) => `${what} ${text.split(':')[0]}`),
      ['broken n0', 'ready n1 is healthy on 2.0.0', 'gone n3 has left the set'],
    );
    assert.deepEqual(
      changesBetween(fleet('old old old old'), joined).map(({ text }) => text),
      ['n4 has joined the set'],
    );
  });

  it('says nothing of a node that was well all along', () => {
    assert.deepEqual(changesBetween(fleet('new~ old'), fleet('new old')), []);
  });

  it('counts progress by ready nodes of those wanted', () => {
    assert.deepEqual(progressOf(fleet('new new~ old old', { wanted: 2 })), { ready: 1, wanted: 2 });
    assert.deepEqual(progressOf(fleet('new old spared')), { ready: 1, wanted: 2 });
  });

  it('writes times and images as people say them', () => {
    assert.deepEqual(
      [elapsed(65_000), elapsed(3_665_000), imageName(newImage), imageName('')],
      ['01:05', '1:01:05', '2.0.0', 'unknown'],
    );
  });
});
