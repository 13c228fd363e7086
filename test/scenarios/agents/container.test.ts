import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentNodes, nodeBinary } from '../../support/agent-nodes.ts';
import type { TaskEnd } from '../../support/run-task.ts';
import { suiteFolder } from '../../support/suite-folder.ts';
import { shopToUpgrade } from '../sign-in/run.ts';
import { onStage } from '../sign-in/stage.ts';
import { stepEnvironment } from '../sign-in/step.ts';
import { ways } from '../sign-in/ways.ts';
import { runInContainer } from './container.ts';

describe('a job in a container', function () {
  this.timeout(90_000);
  const folder = suiteFolder('phoenix-container-');

  /** Upgrades one node; the agent's CA is where `mounted` says that the container sees it. */
  function upgrade(home: string, node: string, mounted: string) {
    for (const name of ['work', 'temp']) mkdirSync(join(home, name), { recursive: true });
    writeFileSync(join(home, 'work', 'drain.sh'), 'phoenix-drain start\n');
    return onStage({ way: ways.federation }, async ({ world, azure, account }) => {
      copyFileSync(azure.caFile, join(home, 'temp', 'agent-ca.pem'));
      const { inputs } = shopToUpgrade(world, 1);
      const wanted = { ...inputs, drainScript: '/__w/1/s/drain.sh' };
      const { env } = stepEnvironment(world, azure, account, {}, wanted);
      return runInContainer({ task: 'UpgradeScaleSetNodes', env: { ...env, AGENT_CAINFO: mounted }, node, home });
    });
  }

  const upgrades = new Map<number, Promise<TaskEnd>>();
  before(function () {
    if (!hasRoot()) return this.skip();
    // Both at once: they wait, each for its own Azure.
    for (const major of agentNodes) {
      const node = nodeBinary(major);
      if (node !== undefined)
        upgrades.set(major, upgrade(join(folder, `node${major}`), node, '/__w/_temp/agent-ca.pem'));
    }
    for (const run of upgrades.values()) run.catch(() => {}); // its own test waits for it
  });

  for (const major of agentNodes)
    it(`has nothing but the agent's folders, a user without a name and libraries: a node is upgraded on Node ${major}`, async function () {
      const end = await upgrades.get(major);
      if (!end) return this.skip();
      assert.equal(end.result, 'Succeeded', `${end.stdout}${end.stderr}`);
      assert.match(end.summaries.join(), /ready/);
    });

  it("says that the agent's CA file is not in there", async () => {
    const end = await upgrade(join(folder, 'without'), process.execPath, '/etc/agent/ca.pem');
    assert.match(
      end.issues.join(),
      /\/etc\/agent\/ca\.pem could not be read.*\(InvalidCertificateAuthority\)/,
      end.stdout,
    );
    assert.match(end.stdout, /A job in a container sees it only where it is mounted/);
  });
});

function hasRoot(): boolean {
  if (process.platform === 'linux' && process.geteuid?.() === 0) return true;
  assert.notEqual(process.env['REQUIRE_REAL'], '1', 'REQUIRE_REAL=1, and there is no root to make a container');
  console.log('    skipped: a container needs Linux and root');
  return false;
}
