import assert from 'node:assert/strict';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { addGalleryVersion, addScaleSet } from '../azure/compute/builders.ts';
import { drainingMachines, guard, instancesOf } from '../support/fleet-guard.ts';
import { openRehearsal, type Rehearsal } from '../support/rehearsal.ts';
import { request } from './upgrade-request.ts';

const drain = { drain: 'phoenix-drain start', undrain: 'phoenix-drain cancel', timeoutMs: 60_000 };
const machines = () =>
  drainingMachines(4_000, {
    reimageMs: (_machine, random) => 60_000 + 120_000 * random(),
    healthyAfterMs: (_machine, random) => 5_000 + 20_000 * random(),
  });

describe('upgradeNodes on 200 nodes', () => {
  let rehearsal: Rehearsal;
  afterEach(() => rehearsal.close());

  for (const manualUpgradeConcurrency of ['overlap', 'startConflict', 'exclusive'] as const) {
    it(`keeps its limit and is never throttled when Azure's concurrency is "${manualUpgradeConcurrency}"`, async () => {
      const wall = performance.now();
      rehearsal = openRehearsal({ manualUpgradeConcurrency }, machines());
      const { world } = rehearsal;
      const v1 = addGalleryVersion(world, { version: '1.0.0' });
      const v2 = addGalleryVersion(world, { version: '2.0.0' });
      const set = addScaleSet(world, { name: 'shop', image: v1.id, capacity: 200, zones: ['1', '2', '3'] });
      const tally = guard(world, set, v2.id, 180);
      const started = Date.now();
      const maxUnavailable = { kind: 'percent', percent: 10 } as const;
      const tools = rehearsal.tools();
      const result = await rehearsal.play(upgradeNodes(request(v2.id, { drain, maxUnavailable }), tools));

      assert.equal(result.ending.outcome, 'completed', result.ending.reason);
      assert.ok(instancesOf(world, set).every(({ image }) => image.reference['id'] === v2.id));
      assert.equal(tally.throttled, 0);
      const minutes = Math.round((Date.now() - started) / 60_000);
      rehearsal.close();
      const seconds = ((performance.now() - wall) / 1000).toFixed(1);
      console.log(
        `      ${tally.calls} calls, ${tally.throttled} throttled, at least ${tally.fewestServing} of 200 serving, ${minutes} simulated minutes, ${seconds} s of wall time`,
      );
    }).timeout(120_000);
  }
});
