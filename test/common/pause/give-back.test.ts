import assert from 'node:assert/strict';
import type { ProtectionAnswer } from '../../../tasks/common/azure/protection.ts';
import { Failure } from '../../../tasks/common/failure.ts';
import { type LiftRequest, liftsOf } from '../../../tasks/common/pause/lifts.ts';
import type { Node } from '../../../tasks/common/rollout/node.ts';
import { fleet } from '../../support/fleet-picture.ts';

const minute = 60_000;
type Answer = (id: string, atMs: number) => ProtectionAnswer;

describe('protection that was lifted', () => {
  const [some] = fleet('old').nodes as [Node];

  /** Nodes `0`, `1`, … without their protection; Azure is at work with one for so long, and takes no other write meanwhile. */
  function lifted(many: number, answer: Answer = () => 'asked', { workMs = 0, onGoal = true } = {}) {
    let now = 0;
    const remarks: string[] = [];
    const backAt = new Map<string, number>();
    const ids = Array.from({ length: many }, (_, index) => String(index));
    const seen = (id: string): Node => {
      const at = backAt.get(id);
      const provisioning = at !== undefined && now < at ? 'working' : 'succeeded';
      return { ...some, id, name: `n${id}`, provisioning, protected: at !== undefined && now >= at };
    };
    const request: LiftRequest = {
      write: async (id) => {
        const isAtWork = [...backAt.values()].some((at) => now < at);
        const said = isAtWork ? 'busy' : answer(id, now);
        if (said === 'asked' && workMs < Number.POSITIVE_INFINITY) backAt.set(id, now + workMs);
        return said;
      },
      list: async () => ids.map(seen),
      clock: {
        now: () => now,
        sleep: async (ms) => {
          now += ms;
        },
      },
      cancelled: new AbortController().signal,
      remark: (text) => remarks.push(text),
      protectedNodes: 'replace',
      frozen: ids,
      goal: onGoal ? some.image : 'another',
      owed: onGoal ? ids : [],
      ours: async () => {},
      lifting: () => {},
    };
    const lifts = liftsOf(request);
    const end = () => lifts.end('done', (act) => act());
    const nodes = () => ids.map(seen);
    return { lifts, end, nodes, remarks, request, minutes: () => now / minute };
  }

  const sayingNo = (code: string) => {
    throw new Failure('ArmError', code, 'Ask.');
  };

  it('is given back to 60 nodes in turn, though that takes longer than one write may', async () => {
    const { lifts, end, minutes } = lifted(60, () => 'asked', { workMs: 40_000 });
    await end();
    assert.deepEqual(lifts.open, []);
    assert.ok(minutes() > 40, `${minutes()} minutes`);
  });

  it('is given up when no more nodes get it for as long as a write may take', async () => {
    const { lifts, end, minutes } = lifted(3, (id, at) => (id === '0' && at > 20 * minute ? 'asked' : 'busy'));
    await assert.rejects(end(), { code: 'ProtectionNotBack' });
    assert.deepEqual(lifts.open, ['1', '2']);
    assert.ok(minutes() > 44 && minutes() < 47, `${minutes()} minutes`);
  });

  const reasons: readonly (readonly [string, Answer, { workMs?: number }, RegExp])[] = [
    ['Azure answers each write that it is busy', () => 'busy', {}, /: Azure refuses the write while it is busy with/],
    ['Azure is still at work', () => 'asked', { workMs: 1e9 }, /: Azure is still at work with nodes$/],
    [
      'a write shows no effect',
      () => 'asked',
      { workMs: Infinity },
      /: Azure has taken the write and does not show it/,
    ],
    [
      'nodes differ',
      (id) => (id === '0' ? sayingNo('403 Forbidden') : 'busy'),
      {},
      /^n0, n1 may be without protection .*: 403 Forbidden; Azure refuses the write while it is busy with the set$/,
    ],
  ];
  for (const [what, answer, options, message] of reasons)
    it(`is said not to be back with the reason: ${what}`, async () => {
      const many = what === 'nodes differ' ? 2 : 1;
      await assert.rejects(lifted(many, answer, options).end(), { code: 'ProtectionNotBack', message });
    });

  for (const [what, onGoal] of [
    ['lift the protection of n0', false],
    ['give the protection of n0 back', true],
  ] as const)
    it(`is told of once in a run when Azure has long been too busy to ${what}`, async () => {
      const { lifts, nodes, remarks, request } = lifted(1, () => 'busy', { onGoal });
      const told: number[] = [];
      for (let look = 0; look < 30; look += 1) {
        await lifts.seen(nodes().map((node) => ({ ...node, protected: !onGoal })));
        await lifts.before(onGoal ? [] : ['0']);
        if (remarks.length > told.length) told.push(request.clock.now());
        await request.clock.sleep(10_000);
      }
      assert.deepEqual(told, [70_000]);
      assert.ok(remarks[0]?.startsWith(`Azure has been too busy with the set to ${what} for more than 60 seconds`));
    });

  it('is no matter for words when Azure is busy for a moment, again and again', async () => {
    const { lifts, nodes, remarks, request } = lifted(1, (_id, at) => (at % minute === 0 ? 'asked' : 'busy'), {
      workMs: Number.POSITIVE_INFINITY,
    });
    for (let look = 0; look < 60; look += 1) {
      await lifts.seen(nodes());
      await request.clock.sleep(10_000);
    }
    assert.deepEqual(remarks, []);
  });
});
