import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentNodes, nodeBinary } from '../../support/agent-nodes.ts';
import { realPacker } from '../../support/recorded-packer.ts';
import type { TaskEnd } from '../../support/run-task.ts';
import { shopToUpgrade } from '../sign-in/run.ts';
import { onStage } from '../sign-in/stage.ts';
import { stepEnvironment } from '../sign-in/step.ts';
import { ways } from '../sign-in/ways.ts';
import { type HostilePlace, hostilePlace, withReadOnlyTask } from './hostile-place.ts';

const mark = '\ufeff';

/** Upgrades one node with scripts of an editor on Windows; gives what arrived at the node. */
function upgrade(place: HostilePlace, node: string) {
  const scripts: string[] = [];
  const script = (_: unknown, { lines }: { lines: string }) => {
    scripts.push(lines);
    return { afterMs: 100, exitCode: 0, output: '0' };
  };
  mkdirSync(join(place.work, '배포 스크립트'));
  for (const [name, word] of [
    ['drain', 'start'],
    ['undrain', 'cancel'],
  ])
    writeFileSync(join(place.work, '배포 스크립트', `${name} ✂.sh`), `${mark}phoenix-drain \\\r\n  ${word}\r\n`);
  return onStage({ way: ways.secret, machines: { script } }, async ({ world, azure, account }) => {
    const { inputs } = shopToUpgrade(world, 1);
    const drain = { drainScript: '배포 스크립트/drain ✂.sh', undrainScript: './배포 스크립트/undrain ✂.sh' };
    const { env } = stepEnvironment(world, azure, account, {}, { ...inputs, ...drain });
    const entry = withReadOnlyTask(place.home);
    return { end: await place.run({ task: 'UpgradeScaleSetNodes', env, node, entry }), scripts };
  });
}

/** What the provisioner writes shows that the variable of the file got through. */
const template = {
  variables: { app: 'unset' },
  builders: [{ type: 'null', communicator: 'none' }],
  provisioners: [{ type: 'shell-local', inline: ["echo '{{user `app`}}' > 'made 만든.txt'"] }],
};

function bake(place: HostilePlace, node: string) {
  mkdirSync(join(place.work, '이미지 v1'));
  writeFileSync(join(place.work, '이미지 v1', 'web 웹.json'), JSON.stringify(template));
  writeFileSync(join(place.work, 'my vars.json'), '{"app":"가나다 🚀"}');
  return onStage({ way: ways.federation }, async ({ world, azure, account }) => {
    const inputs = { templatePath: '이미지 v1/web 웹.json', variableFiles: 'my vars.json\r\n' };
    const { env } = stepEnvironment(world, azure, account, {}, inputs);
    return place.run({ task: 'BakeImage', env, node, entry: withReadOnlyTask(place.home) });
  });
}

describe('an agent in a folder with spaces, Korean and emoji, without HOME and temporary folder, with its tasks read-only', function () {
  this.timeout(120_000);
  const places: HostilePlace[] = [];
  const inPlace = <T>(run: (place: HostilePlace, node: string) => Promise<T>, node: string) => {
    const place = hostilePlace();
    places.push(place);
    const ended = run(place, node).then((end) => ({ end, place }));
    ended.catch(() => {}); // its own test waits for it
    return ended;
  };
  // All at once: they wait, each for its own Azure.
  const upgrades = new Map<number, Promise<{ end: Awaited<ReturnType<typeof upgrade>>; place: HostilePlace }>>();
  const bakes = new Map<number, Promise<{ end: TaskEnd; place: HostilePlace }>>();
  before(() => {
    const packer = realPacker();
    for (const major of agentNodes) {
      const node = nodeBinary(major);
      if (node !== undefined) upgrades.set(major, inPlace(upgrade, node));
      if (node !== undefined && packer !== undefined) bakes.set(major, inPlace(bake, node));
    }
  });
  after(() => {
    for (const place of places) place.remove();
  });

  for (const major of agentNodes) {
    it(`upgrades a node on Node ${major}, by scripts of an editor on Windows`, async function () {
      const run = await upgrades.get(major);
      if (!run) return this.skip();
      const { end, scripts } = run.end;
      assert.equal(end.result, 'Succeeded', `${end.stdout}${end.stderr}`);
      assert.deepEqual(new Set(scripts), new Set(['phoenix-drain \\\n  start\n']));
      assert.deepEqual(run.place.left('task'), ['icon.png', 'index.js', 'post-job.js', 'task.json']);
      assert.match(run.place.left('temp').join(), /^\.taskkey,phoenix-summary-[^/]+\/Upgrade shop\.md$/);
    });

    it(`runs the real Packer on Node ${major}`, async function () {
      const run = await bakes.get(major);
      if (!run) return this.skip();
      const { end, place } = run;
      assert.match(end.issues.join(), /\(NoImage\)$/, end.stdout);
      assert.equal(readFileSync(join(place.work, 'made 만든.txt'), 'utf8'), '가나다 🚀\n');
      assert.deepEqual(place.left('temp'), ['.taskkey']);
      assert.deepEqual(place.left('task'), ['icon.png', 'index.js', 'task.json']);
    });
  }

  it('really has its tasks read-only', function () {
    const place = hostilePlace();
    places.push(place);
    const [program, ...entry] = withReadOnlyTask(place.home);
    if (program === undefined) return this.skip();
    mkdirSync(join(place.home, 'task'));
    const attempt = () => execFileSync(program, [...entry, 'touch', join(place.home, 'task', 'x')], { stdio: 'pipe' });
    assert.throws(attempt, /Read-only file system/);
  });
});
