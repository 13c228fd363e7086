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
      hold: async () => {},
      aim: async () => {},
      pass: async () => {},
    };
    const clock: Clock = { now: () => 0, sleep: async () => {} };
    const over = new AbortController();
    const rolling = roll({
      fleet: lying,
      target: newImage,
      limits: () => limits,
      choices: { sickBefore: new Set(), drains: false, cutSessions: false },
      passed: 0,
      mayBeDrained: false,
      clock,
      runDeadlineMs: 60_000,
      cancelled: over.signal,
      observer: { decided: () => over.abort(), remarked: () => {} },
    });
    await assert.rejects(rolling, { name: 'AssertionError', message: /a node was chosen twice in one decision/ });
    assert.deepEqual(started, []);
  });
});
