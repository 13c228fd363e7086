import assert from 'node:assert/strict';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { Settings } from '../azure/core/settings.ts';
import { armedCommands } from '../support/armed-commands.ts';
import { guard } from '../support/fleet-guard.ts';
import type { Death, ProcessTools } from '../support/rehearsal.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

/** Each unproven fact of Azure that a rollout meets, the other way round than by default (test/azure/core/settings.ts). */
const switches: readonly Partial<Settings>[] = [
  { imageShown: 'atEnd' },
  { writeDuringInstanceWork: 'accepted' },
  { writeDuringInstanceWork: 'accepted', imageShown: 'atEnd' },
  { healthTime: 'ofReport' },
  { manualUpgradeConcurrency: 'exclusive' },
  { manualUpgradeConcurrency: 'startConflict' },
  { runCommandShowsUpdating: true },
  { runCommandsReplayOnReimage: false, runCommandSamePut: 'ignored' },
  { runCommandNameAgain: 'runs' },
  { runCommandDelete: 'fails' },
  { etagFollowsState: false, tagWriteMakesModel: true },
];

const canary = (shop: Shop) => request(shop.v2, { drain, nodes: { kind: 'count', count: 2, text: '2' } });
const { nodes: _nodes, target: _target, ...rest } = request('');

/** What comes after a canary that was killed. */
const sequels = {
  'the same stage again': (shop: Shop, tools: ProcessTools) => upgradeNodes(canary(shop), tools),
  'the last stage': (shop: Shop, tools: ProcessTools) => upgradeNodes(request(shop.v2, { drain }), tools),
  'a rollback': (shop: Shop, tools: ProcessTools) => rollBack({ ...rest, to: shop.v1, drain }, tools),
} as const;

/** A canary of two nodes out of four, killed at one call and followed at once: what the set looks like in the end. */
async function canaryThen(sequel: keyof typeof sequels, settings: Partial<Settings>, death?: Death) {
  const shop = openShop({ settings });
  try {
    guard(shop.world, shop.set, shop.v2, 3);
    const first = shop.tools({ ...(death && { dies: death }) });
    await shop.play(Promise.race([upgradeNodes(canary(shop), first), first.died]));
    const second = shop.tools({ attempt: '2.1' });
    const { ending } = await shop.play(sequels[sequel](shop, second));
    assert.equal(ending.outcome, 'completed', [ending.reason, ...first.lines, '--', ...second.lines].join('\n'));
    await shop.pass(30_000);
    const state = readRecord(shop.set.tags)?.state;
    const end = [shop.versions(), shop.modelVersion(), shop.serving(), state, armedCommands(shop.world).length];
    return { end, calls: first.calls() };
  } finally {
    shop.close();
  }
}

describe('upgradeNodes and what follows it, whichever way Azure behaves', () => {
  for (const settings of switches)
    for (const sequel of Object.keys(sequels) as (keyof typeof sequels)[])
      it(`ends as if it had not been killed: ${JSON.stringify(settings)}, then ${sequel}`, async () => {
        const whole = await canaryThen(sequel, settings);
        for (let atCall = 8, applied = true as boolean; atCall <= whole.calls; atCall += 13, applied = !applied) {
          const { end } = await canaryThen(sequel, settings, { atCall, applied });
          const moment: string = `killed at call ${atCall}, its effect ${applied ? 'applied' : 'not applied'}`;
          // A rollback of a set that the dead run had not begun with has nothing to write.
          if (end[3] !== undefined) assert.deepEqual(end, whole.end, moment);
          else assert.deepEqual(end.slice(0, 3), whole.end.slice(0, 3), moment);
        }
      }).timeout(60_000);
});
