import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers, perSecond } from '../../examples/demo/traffic/tally.ts';
import { startTraffic } from '../../examples/demo/traffic/traffic.ts';
import { startSmallBalancer } from '../support/traffic-balancer.ts';
import { startShop } from '../support/traffic-shop.ts';

/** Two nodes behind a balancer; one is taken out under traffic, drained or not. */
async function takeOneOut(leave: 'drained' | 'at once') {
  const [going, staying] = [
    await startShop({ config: { keepAliveSeconds: 4 } }),
    await startShop({ config: { keepAliveSeconds: 4 } }),
  ];
  const balancer = await startSmallBalancer([going.port, staying.port]);
  const traffic = startTraffic({ host: '127.0.0.1', port: balancer.port });
  try {
    await sleep(3_000);
    if (leave === 'drained') await going.drainScript({ SETTLE_SECONDS: '1' });
    await going.kill('SIGKILL');
    await sleep(1_000);
    return await traffic.stop();
  } finally {
    await traffic.stop();
    await Promise.all([going.remove(), staying.remove(), balancer.close()]);
  }
}

describe('a node of the example app that leaves under traffic', function () {
  this.timeout(60_000);

  it('is missed by nobody when it has been drained', async () => {
    const tally = await takeOneOut('drained');
    assert.deepEqual(
      { failed: tally.failed, reset: tally.reset, problems: tally.problems },
      { failed: 0, reset: 0, problems: [] },
    );
    assert.ok(answers(tally) > 100 && perSecond(tally) >= 20, `${perSecond(tally)} requests a second`);
  });

  it('cuts requests off when it has not: the measure works', async () => {
    const tally = await takeOneOut('at once');
    assert.ok(tally.reset > 0, JSON.stringify(tally.problems));
  });
});
