import assert from 'node:assert/strict';
import { requireRealMachines } from '../azure/machines/real/support.ts';
import { play, shows } from './real-nodes/demo.ts';
import { upgradeKilledFiveTimes } from './real-nodes/killed.ts';

/** Stories with real Packer and real machines. They wait more than they work, so they are told side by side. */
describe('on real nodes', function () {
  this.timeout(15 * 60_000);
  let demo: Settled<ReturnType<typeof play>>;
  let control: Settled<ReturnType<typeof play>>;
  let killed: Settled<Promise<void>>;

  before(async function () {
    await requireRealMachines(this);
    [demo, control, killed] = await Promise.allSettled([play(true), play(false), upgradeKilledFiveTimes()]);
  });

  it('the demo shows what it promises: nobody is cut off, the broken release stops at one node, the fleet is whole', () => {
    const run = endOf(demo);
    shows(run, true);
    assert.match(run.lines.join('\n'), /azure-arm/, 'real Packer says which builder it runs');
  });

  it('the demo shows requests that break when nodes are not drained: the measure works', () =>
    shows(endOf(control), false));

  it('an upgrade that is killed five times ends as if it had not been, and nobody in front of the balancer notices', () =>
    endOf(killed));
});

type Settled<Story> = PromiseSettledResult<Awaited<Story>>;

function endOf<End>(story: PromiseSettledResult<End>): End {
  if (story.status === 'rejected') throw story.reason;
  return story.value;
}
