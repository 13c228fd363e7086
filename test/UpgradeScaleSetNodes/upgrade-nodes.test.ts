import assert from 'node:assert/strict';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { type UpgradeRequest, upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { addGalleryVersion, addScaleSet } from '../azure/compute/builders.ts';
import { openRehearsal, type Rehearsal } from '../support/rehearsal.ts';

export const request = (target: string, changes: Partial<UpgradeRequest> = {}): UpgradeRequest => ({
  set: { resourceGroup: 'web', name: 'shop' },
  target,
  nodes: { kind: 'percent', percent: 100, text: '100%' },
  maxUnavailable: { kind: 'count', count: 1 },
  limits: { maxFailedNodes: 0, minReadyMs: 30_000, nodeHealthTimeoutMs: 600_000, progressDeadlineMs: 1_800_000 },
  cutSessions: false,
  takeover: false,
  ...changes,
});

const drain = { drain: 'phoenix-drain start', undrain: 'phoenix-drain cancel', timeoutMs: 60_000 };

describe('upgradeNodes', () => {
  let rehearsal: Rehearsal;
  afterEach(() => rehearsal.close());

  it('brings a canary, puts the model back, then brings the rest and lets the model go', async () => {
    rehearsal = openRehearsal();
    const { world } = rehearsal;
    const v1 = addGalleryVersion(world, { version: '1.0.0' });
    const v2 = addGalleryVersion(world, { version: '2.0.0' });
    const set = addScaleSet(world, { name: 'shop', image: v1.id, capacity: 4, zones: ['1', '2', '3'] });

    const canary = rehearsal.tools();
    const first = await rehearsal.play(
      upgradeNodes(request(v2.id, { drain, nodes: { kind: 'count', count: 1, text: '1' } }), canary),
    );
    console.log(canary.lines.join('\n'));
    assert.equal(first.ending.outcome, 'completed');
    assert.equal(readRecord(set.tags)?.state, 'waiting');

    const rest = rehearsal.tools();
    const second = await rehearsal.play(upgradeNodes(request(v2.id, { drain }), rest));
    console.log(rest.lines.join('\n'));
    assert.equal(second.ending.outcome, 'completed');
    assert.equal(readRecord(set.tags)?.state, 'whole');
  });
});
