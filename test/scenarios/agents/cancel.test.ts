import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep, systemClock } from '../../pipeline/clock.ts';
import { type AgentNode, agentNodes, nodeBinary } from '../../support/agent-nodes.ts';
import { realPacker, recordedPacker } from '../../support/recorded-packer.ts';
import { startTask, type TaskEnd, type TaskStart } from '../../support/run-task.ts';
import { shopToUpgrade } from '../sign-in/run.ts';
import { onStage } from '../sign-in/stage.ts';
import { stepEnvironment } from '../sign-in/step.ts';
import { ways } from '../sign-in/ways.ts';

interface Cancelled {
  readonly end: TaskEnd;
  /** From the first signal to the end. */
  readonly tookMs: number;
}

/** Starts a task, and once it says this sends the two signals of the agent, the second a second after the first. */
async function cancelled(start: TaskStart, moment: RegExp): Promise<Cancelled> {
  let said = '';
  let at = 0;
  const onOutput = (text: string) => {
    said += text;
    if (at > 0 || !moment.test(said)) return;
    at = systemClock.now();
    task.process.kill('SIGINT');
    systemClock.after(1_000, () => task.process.kill('SIGTERM'));
  };
  const task = startTask({ ...start, onOutput });
  const end = await task.ended;
  return { end, tookMs: systemClock.now() - at };
}

function upgrade(node: string) {
  return onStage({ way: ways.secret, machines: { reimageMs: 20_000 } }, async ({ world, azure, account }) => {
    const { inputs } = shopToUpgrade(world, 2);
    const { env } = stepEnvironment(world, azure, account, {}, inputs);
    return cancelled({ task: 'UpgradeScaleSetNodes', env, node }, / replace +shop/);
  });
}

const template = {
  builders: [{ type: 'null', communicator: 'none' }],
  provisioners: [{ type: 'shell-local', inline: ['echo baking', 'sleep 60'] }],
};

async function bake(node: string, packer: string) {
  const folder = mkdtempSync(join(tmpdir(), 'phoenix-cancel-'));
  const { path, starts } = recordedPacker(packer, folder);
  writeFileSync(join(folder, 'web.json'), JSON.stringify(template));
  try {
    return await onStage({ way: ways.secret }, async ({ world, azure, account }) => {
      const { env } = stepEnvironment(world, azure, account, {}, { templatePath: join(folder, 'web.json') });
      const run = await cancelled({ task: 'BakeImage', env: { ...env, PATH: path }, node }, /null: baking/);
      return { ...run, pids: starts().map(({ pid }) => pid) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a bundled task that the agent cancels by its signals', function () {
  if (process.platform === 'win32') return; // nobody can send Ctrl-C to another process there
  this.timeout(90_000);

  const upgrades = new Map<AgentNode, Promise<Cancelled>>();
  const bakes = new Map<AgentNode, ReturnType<typeof bake>>();
  before(() => {
    const packer = realPacker();
    for (const major of agentNodes) {
      const node = nodeBinary(major);
      if (node === undefined) continue;
      upgrades.set(major, upgrade(node));
      if (packer !== undefined) bakes.set(major, bake(node, packer));
    }
    for (const run of [...upgrades.values(), ...bakes.values()]) run.catch(() => {}); // its own test waits for it
  });

  for (const major of agentNodes) {
    it(`says where the rollout stands and ends before it would be killed, on Node ${major}`, async function () {
      const run = await upgrades.get(major);
      if (!run) return this.skip();
      const { end, tookMs } = run;
      assert.deepEqual([end.exitCode, end.signal, end.result], [0, null, 'Failed'], end.stdout);
      assert.equal(end.outputs['outcome'], 'cancelled');
      assert.match(end.stdout, /^Cancelled \(SIGINT\): nothing new is started\.$/m);
      assert.ok(!end.stdout.includes('SIGTERM'), 'the second signal was news');
      assert.ok(tookMs < 10_000, `it took ${tookMs} ms`);
    });

    it(`passes it on to Packer, which ends with its provisioner, on Node ${major}`, async function () {
      const run = await bakes.get(major);
      if (!run) return this.skip();
      assert.match(run.end.issues.join(), /\(Cancelled\)$/, run.end.stdout);
      assert.deepEqual([run.end.exitCode, run.end.result], [0, 'Failed']);
      assert.ok(run.tookMs < 10_000, `it took ${run.tookMs} ms`);
      await sleep(systemClock, 100);
      assert.deepEqual(run.pids.filter(isRunning), []);
    });
  }
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
