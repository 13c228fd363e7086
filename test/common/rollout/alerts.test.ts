import assert from 'node:assert/strict';
import type { AlertsSeen } from '../../../tasks/common/rollout/alerts.ts';
import type { Limits } from '../../../tasks/common/rollout/limits.ts';
import { type Choices, nextSteps } from '../../../tasks/common/rollout/next-steps.ts';
import { fleet } from '../../support/fleet-picture.ts';

const choices: Choices = { sickBefore: new Set(), drains: true, onDrainTimeout: 'fail' };
const now = 10_000_000;
const quiet: AlertsSeen = { fired: [], readSince: 0 };
const fired: AlertsSeen = { ...quiet, fired: [{ rule: 'errors', on: 'shop', since: '09:00' }] };
const unread = (forMs: number, more: Partial<AlertsSeen> = {}): AlertsSeen => ({
  ...quiet,
  unread: { since: now - forMs, why: 'no' },
  ...more,
});

interface Case {
  readonly title: string;
  readonly nodes: string;
  readonly alerts: AlertsSeen;
  readonly step: string;
  readonly limits?: Partial<Limits>;
}

const stop: Partial<Limits> = { checkpoints: [1], bakeMs: 500_000 };
const minute = 60_000;
const cases: readonly Case[] = [
  { title: 'goes on while they are quiet', nodes: 'old old', alerts: quiet, step: 'drain' },
  { title: 'halts when one has fired, before the first start', nodes: 'old old', alerts: fired, step: 'halt' },
  { title: 'halts when one has fired while nodes are on their way', nodes: 'moving old', alerts: fired, step: 'halt' },
  { title: 'halts when one has fired at the very end', nodes: 'new new', alerts: fired, step: 'halt' },
  { title: 'begins nothing while they cannot be read', nodes: 'old old', alerts: unread(minute), step: 'wait' },
  { title: 'replaces nothing that is drained meanwhile', nodes: 'drained old', alerts: unread(minute), step: 'wait' },
  { title: 'does not call a stage done meanwhile', nodes: 'new new', alerts: unread(minute), step: 'wait' },
  { title: 'halts when that lasts too long', nodes: 'old old', alerts: unread(30 * minute), step: 'halt unseen' },
  { title: 'heeds what was read before it broke off', nodes: 'old', alerts: unread(minute, fired), step: 'halt' },
  {
    title: 'does not count that time as time without progress',
    nodes: 'new old',
    alerts: unread(19 * minute),
    limits: { progressDeadlineMs: 20 * minute },
    step: 'wait',
  },
  {
    title: 'stops at the end of its time all the same',
    nodes: 'new old',
    alerts: unread(minute),
    limits: { beginsUntil: 1 },
    step: 'pause',
  },
  {
    title: 'is not done at the end of its time',
    nodes: 'new new',
    alerts: unread(minute),
    limits: { beginsUntil: 1 },
    step: 'wait',
  },
  {
    title: 'passes no checkpoint meanwhile',
    nodes: 'new old',
    alerts: unread(minute),
    limits: { ...stop, bakeMs: 1 },
    step: 'wait',
  },
  {
    title: 'bakes anew from when they could be read again',
    nodes: 'new old',
    alerts: { ...quiet, readSince: now - 8 * minute },
    limits: stop,
    step: 'wait',
  },
  {
    title: 'passes a checkpoint that has baked since',
    nodes: 'new old',
    alerts: { ...quiet, readSince: now - 9 * minute },
    limits: stop,
    step: 'pass',
  },
  { title: 'halts for a broken node as ever', nodes: 'new? old', alerts: unread(minute), step: 'halt' },
];

describe('nextSteps with alerts', () => {
  for (const { title, nodes, alerts, limits, step } of cases)
    it(title, () => {
      const seen = fleet(nodes, limits, now);
      const situation = { ...seen, logbook: { ...seen.logbook, lastProgress: now - 29 * minute }, alerts };
      const [first] = nextSteps(situation, choices);
      assert.equal(`${first?.kind}${first && 'unseen' in first ? ' unseen' : ''}`, step, first?.reason);
    });

  it('says which has fired, on what and since when', () => {
    const [halt] = nextSteps({ ...fleet('old'), alerts: fired }, choices);
    assert.equal(halt?.reason, 'alert errors has fired on shop, since 09:00');
  });
});
