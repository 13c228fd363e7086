import assert from 'node:assert/strict';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { addGalleryVersion, addScaleSet } from '../azure/compute/builders.ts';
import { drainingMachines, guard, instancesOf, servingNodes } from '../support/fleet-guard.ts';
import { type Death, openRehearsal } from '../support/rehearsal.ts';
import { request } from './upgrade-request.ts';

const drain = { drain: 'phoenix-drain start', undrain: 'phoenix-drain cancel', timeoutMs: 60_000 };

/** A canary of two nodes out of four, killed at one call and run again: what the set looks like in the end. */
async function canaryKilledAt(death: Death | undefined) {
  const rehearsal = openRehearsal({}, drainingMachines());
  try {
    const { world } = rehearsal;
    const v1 = addGalleryVersion(world, { version: '1.0.0' });
    const v2 = addGalleryVersion(world, { version: '2.0.0' });
    const set = addScaleSet(world, { name: 'shop', image: v1.id, capacity: 4, zones: ['1', '2', '3'] });
    guard(world, set, v2.id, 3);
    const canary = request(v2.id, { drain, nodes: { kind: 'count', count: 2, text: '2' } });

    const first = rehearsal.tools({ ...(death && { dies: death }) });
    const ended = await rehearsal.play(Promise.race([upgradeNodes(canary, first), first.died]));
    if (ended === 'died') {
      await rehearsal.pass(20_000);
      const second = rehearsal.tools({ attempt: '2.1' });
      const again = await rehearsal.play(upgradeNodes(canary, second));
      assert.equal(again.ending.outcome, 'completed', `${again.ending.reason}\n${second.lines.join('\n')}`);
    }
    const images = instancesOf(world, set).map(
      ({ instanceId, image }) => `${instanceId} ${String(image.reference['id']).slice(-5)}`,
    );
    const model =
      JSON.stringify(set.properties).includes(v1.id) && !JSON.stringify(set.properties).includes(v2.id)
        ? '1.0.0'
        : '2.0.0';
    const leftCommands = world.compute.runCommands.size;
    const end = {
      state: readRecord(set.tags)?.state,
      model,
      images,
      serving: servingNodes(world, set).length,
      leftCommands,
    };
    return { end, calls: first.calls(), died: ended === 'died' };
  } finally {
    rehearsal.close();
  }
}

describe('upgradeNodes killed at any call', () => {
  it('ends as if it had not been killed, and never takes a node too many', async () => {
    const whole = await canaryKilledAt(undefined);
    assert.deepEqual(whole.end, {
      state: 'waiting',
      model: '1.0.0',
      images: ['0 2.0.0', '1 2.0.0', '2 1.0.0', '3 1.0.0'],
      serving: 4,
      leftCommands: 0,
    });
    let points = 0;
    for (let atCall = 1; atCall <= whole.calls; atCall += 1) {
      for (const applied of [true, false]) {
        const { end, died } = await canaryKilledAt({ atCall, applied });
        assert.ok(died, `call ${atCall} was never made`);
        assert.deepEqual(end, whole.end, `killed at call ${atCall}, its effect ${applied ? 'applied' : 'not applied'}`);
        points += 1;
      }
    }
    console.log(`      ${whole.calls} calls, ${points} moments of death`);
  }).timeout(300_000);
});
