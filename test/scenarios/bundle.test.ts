import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addGalleryVersion, addScaleSet, testSubscription } from '../azure/compute/builders.ts';
import { createWorld, registerSubscription, registerTenant, startAzure, virtualMachines } from '../azure/index.ts';
import { asInputs } from '../support/agent-environment.ts';
import { type AgentNode, agentNodes, nodeBinary } from '../support/agent-nodes.ts';
import { drainingMachines, guard, instancesOf } from '../support/fleet-guard.ts';
import { startTask } from '../support/run-task.ts';
import { proxy, stepEnvironment } from './sign-in/step.ts';
import { tenantId, ways } from './sign-in/ways.ts';

/** Quick machines in real time: the task waits for them over HTTPS as it would for Azure. */
const quick = drainingMachines(300, { reimageMs: 700, bootMs: 700, healthyAfterMs: 300 });
const settings = { retryAfterS: 1, setWriteMs: 200, instanceWriteMs: 200 };

function newWorld() {
  const world = createWorld({ clock: { now: () => Date.now() }, settings, machines: virtualMachines(quick) });
  registerTenant(world, { id: tenantId, name: 'contoso' });
  registerSubscription(world, { id: testSubscription, name: 'shop', tenantId });
  return { world, account: ways.federation.register(world, { certificate: '', key: '' }) };
}

/** Upgrades a set of four nodes by the staged task on one Node.js version. */
async function upgradeOn(major: AgentNode, node: string) {
  const { world, account } = newWorld();
  const azure = await startAzure({ world, proxyCredentials: proxy });
  try {
    const v1 = addGalleryVersion(world, { version: '1.0.0' });
    const v2 = addGalleryVersion(world, { version: '2.0.0' });
    const set = addScaleSet(world, { name: `shop${major}`, image: v1.id, capacity: 4, zones: ['1', '2'] });
    const tally = guard(world, set, v2.id, 2);
    const limits = { maxUnavailable: '50%', minReadySeconds: '1' };
    const scripts = { drainScript: 'drain.sh', undrainScript: 'undrain.sh' };
    const place = { resourceGroupName: 'web', vmssName: set.name, imageVersionId: v2.id };
    const { env } = stepEnvironment(world, azure, account, {}, { ...place, ...limits, ...scripts });
    const run = (more: Record<string, string>) => {
      const task = startTask({ task: 'UpgradeScaleSetNodes', env: { ...env, ...asInputs(more) }, node });
      writeFileSync(join(task.folder, 'drain.sh'), 'phoenix-drain start\n');
      writeFileSync(join(task.folder, 'undrain.sh'), 'phoenix-drain cancel\n');
      return task.ended;
    };
    const before = JSON.stringify(set);
    const plan = await run({ plan: 'true' });
    return {
      plan: { end: plan, changed: JSON.stringify(set) !== before },
      end: await run({}),
      set,
      world,
      tally,
      v1: v1.id,
      v2: v2.id,
      hosts: new Set(azure.connects.map(({ host }) => host)),
    };
  } finally {
    await azure.close();
  }
}

describe('the bundled UpgradeScaleSetNodes', function () {
  this.timeout(180_000);

  // Both at once: they mostly wait, each for its own Azure.
  const runs = new Map<AgentNode, ReturnType<typeof upgradeOn>>();
  before(() => {
    for (const major of agentNodes) {
      const node = nodeBinary(major);
      if (node !== undefined) runs.set(major, upgradeOn(major, node));
    }
  });

  for (const major of agentNodes) {
    it(`rolls four nodes over HTTPS through the agent's proxy and CA on Node ${major}`, async function () {
      const run = await runs.get(major);
      if (!run) return this.skip();
      const { plan, end, set, world, tally, v1, v2 } = run;
      const output = `${end.stdout}\n${end.stderr}`;
      // The agent takes the first as what to hide; the second is task-lib's own as it loads, and the agent has known
      // this secret since the job began (`SECRET_AGENT_PROXYPASSWORD`).
      const printed = output.replaceAll(/^##vso\[task\.(setsecret\]|debug\]Agent\.ProxyPassword=).*$/gm, '');
      assert.deepEqual([plan.end.result, plan.changed], ['Succeeded', false], plan.end.stdout);
      assert.equal(plan.end.outputs['outcome'], 'planned');
      assert.equal(end.result, 'Succeeded', output);
      assert.ok(instancesOf(world, set).every(({ image }) => image.reference['id'] === v2));
      assert.equal(tally.throttled, 0);
      assert.deepEqual(
        [end.outputs['outcome'], end.outputs['previousImageId'], end.outputs['newImageId']],
        ['completed', v1, v2],
      );
      assert.match(end.summaries.join(), /\| shop\d+_0 \| 1 \| 1\.0\.0 \| 2\.0\.0 \| healthy \|.*\| ready \|/);
      assert.deepEqual(run.hosts, new Set(['dev.azure.com', 'login.microsoftonline.com', 'management.azure.com']));
      const leaks = printed.split('\n').filter((line) => line.includes(proxy.password));
      assert.deepEqual(leaks, [], 'the proxy password was printed');
    });
  }
});
