import assert from 'node:assert/strict';
import type { Clock } from '../../../tasks/common/clock.ts';
import type { Fleet } from '../../../tasks/common/execute/fleet.ts';
import { roll } from '../../../tasks/common/execute/roll.ts';
import { fleet, newImage } from '../../support/fleet-picture.ts';

describe('roll', () => {
  it('carries out no decision that breaks an invariant', async () => {
    const { nodes, limits } = fleet('old old', { maxUnavailable: 2 });
    const started: string[] = [];
    const lying: Fleet = {
      look: async () => ({ nodes: nodes.map((node) => ({ ...node, id: '0' })), problems: new Map(), pages: 1 }),
      startReplacement: async (ids) => {
        started.push(...ids);
        return 'accepted';
      },
      gone: async () => [],
      unprotect: async (ids) => ids,
      hold: async () => {},
      aim: async () => {},
      pass: async () => {},
      close: async () => {},
    };
    const clock: Clock = { now: () => 0, sleep: async () => {} };
    const over = new AbortController();
    const rolling = roll({
      fleet: lying,
      target: newImage,
      limits: () => limits,
      choices: { sickBefore: new Set(), drains: false, onDrainTimeout: 'fail' },
      passed: 0,
      mayBeDrained: false,
      clock,
      runDeadlineMs: 60_000,
      cancelled: over.signal,
      observer: { looked: () => {}, decided: () => over.abort(), remarked: () => {} },
    });
    await assert.rejects(rolling, { name: 'AssertionError', message: /a node was chosen twice in one decision/ });
    assert.deepEqual(started, []);
  });

  it('looks no more once the run is cancelled', async () => {
    const { nodes, limits } = fleet('moving old');
    const over = new AbortController();
    let looks = 0;
    const idle: Fleet = {
      look: async () => {
        looks += 1;
        assert.ok(looks < 3, 'it looks on');
        return { nodes, problems: new Map(), pages: 1 };
      },
      startReplacement: async () => 'accepted',
      gone: async () => [],
      unprotect: async (ids) => ids,
      hold: async () => {},
      aim: async () => {},
      pass: async () => {},
      close: async () => {},
    };
    const { outcome } = await roll({
      fleet: idle,
      target: newImage,
      limits: () => limits,
      choices: { sickBefore: new Set(), drains: false, onDrainTimeout: 'fail' },
      passed: 0,
      mayBeDrained: false,
      clock: { now: () => 0, sleep: async () => {} },
      runDeadlineMs: 60_000,
      cancelled: over.signal,
      observer: { looked: () => {}, decided: () => over.abort(), remarked: () => {} },
    });
    assert.deepEqual([outcome, looks], ['cancelled', 1]);
  });
});
