import assert from 'node:assert/strict';
import { nothingSeen, seenAt } from '../../../tasks/common/report/observed.ts';
import { changesBetween, eventOf, progressOf } from '../../../tasks/common/report/rollout-story.ts';
import { type RolloutReport, rolloutSummary } from '../../../tasks/common/report/rollout-summary.ts';
import { elapsed, imageName, lasting } from '../../../tasks/common/report/words.ts';
import { noteErrand, noteProblem } from '../../../tasks/common/rollout/logbook.ts';
import { fleet, newImage, oldImage } from '../../support/fleet-picture.ts';

describe('rolloutSummary', () => {
  const after = fleet('new new? old', { wanted: 2 });
  const before = fleet('old old old').nodes;
  const typed = { maxUnavailable: { kind: 'percent', percent: 50 } } as const;
  const page = (changes: Partial<RolloutReport> = {}) =>
    rolloutSummary({
      set: 'shop',
      kind: 'Upgrade',
      ending: 'halted. 1 node failed',
      goal: newImage,
      other: oldImage,
      before: [...before, { ...(before[0] as (typeof before)[number]), id: '9', name: 'n9' }],
      after,
      events: [{ at: after.now + 65_000, what: 'broken', text: 'n1: unhealthy | <b>' }],
      observed: nothingSeen(after.now),
      until: after.now + 70_000,
      typed,
      next: 'Run RollbackScaleSet.',
      ...changes,
    });

  it('says of nodes that ran the image before that they were renewed', () => {
    const told = page({ before: fleet('stale:old old').nodes, after: fleet('new new') });
    assert.match(told, /\| n0 \|.*\| ready, renewed \|\n\| n1 \|.*\| ready \|/);
  });

  it('shows how it ended, each node before and after, the limits, what happened and what to do next', () => {
    assert.equal(
      page(),
      `**Upgrade of shop to 2.0.0**: halted. 1 node failed

Nodes now: 2 of 3 on 2.0.0, 1 of 3 on 1.0.0; 2 of 3 healthy. It took 1m 10s. Way back: 1.0.0.

**Next:** Run RollbackScaleSet.

**Nodes**

| Node | Zone | Before | After | Health | Drain | New disk | To healthy | To ready | State |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| n0 | 1 | 1.0.0 | 2.0.0 | healthy | - | - | - | - | ready |
| n1 | 2 | 1.0.0 | 2.0.0 | unhealthy | - | - | - | - | n1: unhealthy on 2.0.0 for 600 s |
| n2 | 3 | 1.0.0 | 1.0.0 | healthy | - | - | - | - | not touched |
| n9 | 1 | 1.0.0 | gone | - | - | - | - | - | left the set |

**Limits**

| Limit | Set to | Seen |
| --- | --- | --- |
| nodes | 2 | 1 ready on the image |
| maxUnavailable | 50% of 3 = 1 node | at most 0 at once |
| maxFailedNodes | 0 | 1 node failed |
| minReadySeconds | 30 s | - |
| nodeHealthTimeout | 10m | - |
| progressDeadline | 30m | longest wait 1m 10s |

**What happened**

\`\`\`text
01:05  broken   n1: unhealthy | <b>
\`\`\``,
    );
  });

  it('lets no foreign text become markup', () => {
    const hostile = { ...after, nodes: after.nodes.map((node) => ({ ...node, name: '`|<img>\n| x' })) };
    const text = page({
      ending: 'halted. <img> [x](y)',
      before: [],
      after: hostile,
      events: [{ at: after.now, what: 'note', text: '```\n# x' }],
      observed: seenAt(nothingSeen(after.now), hostile),
    });
    assert.ok(text.includes('| \\`\\|\\<img\\> \\| x |'));
    assert.ok(text.includes('````text\n00:00  note     ```'));
    assert.ok(text.includes('halted. \\<img\\> \\[x\\](y)'));
  });

  it('lists what was paused and put back, and leaves out each wait', () => {
    const text = page({
      events: [
        { at: after.now, what: 'paused', text: 'repairs are suspended' },
        { at: after.now + 1_000, what: 'wait', text: 'waiting for n1' },
        { at: after.now + 2_000, what: 'restored', text: 'repairs are as they were' },
      ],
    });
    assert.match(
      text,
      /\*\*Paused and put back\*\*\n\n- 00:00 repairs are suspended\n- 00:02 repairs are as they were\n/,
    );
    assert.ok(!text.includes('waiting for n1'));
  });

  it('stays a page with 1,000 nodes that all fail with a long sentence', () => {
    const many = fleet(Array.from({ length: 1_000 }, () => 'new!').join(' '));
    const nodes = many.nodes.map((node) => ({ ...node, provisioning: 'failed' as const }));
    let { logbook } = many;
    for (const { id } of nodes) logbook = noteProblem(logbook, id, 'x'.repeat(5_000));
    const failed = { ...many, nodes, logbook };
    const events = nodes.map(({ name }) => ({ at: many.now, what: 'broken', text: `${name}: ${'x'.repeat(5_000)}` }));
    const text = page({ after: failed, before: nodes, events, observed: seenAt(nothingSeen(many.now), failed) });
    assert.ok(text.length < 150_000, `${text.length} characters`);
    assert.match(text, /960 nodes are left out: 960 failed\./);
    assert.match(text, /850 lines are left out here: the step's log has them/);
    assert.match(text, /above, 10 of 1000 that failed/);
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

  it('tells the same of several nodes in one line', () => {
    const errands = (picture: string) => {
      const looked = fleet(picture);
      const errand = { kind: 'replacing', since: 0, certain: true } as const;
      return { ...looked, logbook: noteErrand(noteErrand(looked.logbook, '0', errand), '1', errand) };
    };
    assert.deepEqual(
      changesBetween(errands('new~ new~ old'), fleet('new new old')).map(({ text }) => text),
      ['n0, n1 are healthy on 2.0.0'],
    );
  });

  it('says nothing of a node that was well all along', () => {
    assert.deepEqual(changesBetween(fleet('new~ old'), fleet('new old')), []);
  });

  it('counts progress by ready nodes of those wanted', () => {
    assert.deepEqual(progressOf(fleet('new new~ old old', { wanted: 2 })), { ready: 1, wanted: 2 });
    assert.deepEqual(progressOf(fleet('new old spared')), { ready: 1, wanted: 2 });
  });

  it('tells of nodes that somebody else upgraded', () => {
    assert.deepEqual(
      changesBetween(fleet('new old old'), fleet('new new~ new~')).map(({ what, text }) => `${what} ${text}`),
      ['others n1, n2 got 2.0.0 by an upgrade that this run did not start'],
    );
  });

  it('tells of no deed of others where this run began with the node after the look before', () => {
    const begun = fleet('old');
    const errand = { kind: 'replacing', since: 0, certain: true } as const;
    const after = fleet('new~');
    const asked = { ...after, logbook: noteErrand(after.logbook, '0', errand) };
    assert.deepEqual(changesBetween(begun, asked), []);
  });

  it('tells of nodes that somebody else renewed', () => {
    assert.deepEqual(
      changesBetween(fleet('stale:old'), fleet('new~')).map(({ what, text }) => `${what} ${text}`),
      ['others n0 got a fresh disk by a reimage that this run did not start'],
    );
  });

  it('names nodes that were renewed, as a step', () => {
    const situation = fleet('stale:drained');
    const step = { kind: 'replace', nodeIds: ['0'], reason: 'drained', renews: true } as const;
    assert.equal(eventOf(step, situation).what, 'renew');
  });

  it('writes times and images as people say them', () => {
    assert.deepEqual(
      [elapsed(65_000), elapsed(3_665_000), imageName(newImage), imageName('')],
      ['01:05', '1:01:05', '2.0.0', 'unknown'],
    );
    assert.deepEqual([0, 45_000, 65_999, 1_800_000, 3_665_000, 7_200_000].map(lasting), [
      '0s',
      '45s',
      '1m 5s',
      '30m',
      '1h 1m 5s',
      '2h',
    ]);
  });
});
