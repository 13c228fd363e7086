import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addGalleryVersion } from '../../azure/compute/builders.ts';
import type { World } from '../../azure/index.ts';
import { systemClock } from '../../pipeline/clock.ts';
import { startTask, type TaskEnd } from '../../support/run-task.ts';
import { onStage } from '../sign-in/stage.ts';
import { stepEnvironment } from '../sign-in/step.ts';
import { ways } from '../sign-in/ways.ts';

/** Azure asks for a wait of a minute, and the agent kills ten seconds after its first signal. */
const throttled = {
  on: 'GET …/providers/microsoft.authorization/permissions',
  times: 100,
  effect: 'none',
  reply: { status: 429, headers: { 'Retry-After': '60' }, body: { error: { code: 'TooManyRequests', message: 'x' } } },
} as const;
const killedAfterMs = 5_000;

/** Cancels a task while it waits because Azure has throttled its first look. */
function cancelledWhileItWaits(task: string, inputs: Readonly<Record<string, string>>): Promise<TaskEnd> {
  return onStage({ way: ways.secret }, async ({ world, azure, account }) => {
    addGalleryVersion(world, { version: '0.9.0' });
    world.faults.add(throttled);
    const { env } = stepEnvironment(world, azure, account, {}, inputs);
    const running = startTask({ task, env });
    whenThrottled(world, () => {
      running.process.kill('SIGINT');
      systemClock.after(killedAfterMs, () => running.process.kill('SIGKILL'));
    });
    return running.ended;
  });
}

function whenThrottled(world: World, then: () => void): void {
  let first = true;
  world.observers.push(({ url }) => {
    if (!first || !url.pathname.endsWith('/permissions')) return;
    first = false;
    systemClock.after(500, then);
  });
}

const template = {
  variables: { secret: '{{env `ARM_CLIENT_SECRET`}}', subscription: '{{env `ARM_SUBSCRIPTION_ID`}}' },
  builders: [{ type: 'azure-arm', managed_image_resource_group_name: 'images' }],
};

describe('a bundled task that is cancelled while it waits for a throttled Azure', function () {
  if (process.platform === 'win32') return; // nobody can send Ctrl-C to another process there
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), 'phoenix-wait-'));
  const templatePath = join(folder, 'web.json');
  before(() => writeFileSync(templatePath, JSON.stringify(template)));
  after(() => rmSync(folder, { recursive: true }));

  const image = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/web/providers/Microsoft.Compute';
  const place = { resourceGroupName: 'web', galleryName: 'gallery', imageDefinitionName: 'web', imageVersion: '1.0.0' };
  const tasks = [
    { task: 'PublishGalleryVersion', inputs: { ...place, sourceImageId: `${image}/images/web-1` } },
    { task: 'BakeImage', inputs: { templatePath } },
  ];
  for (const { task, inputs } of tasks)
    it(`${task} waits no longer, and says how it ended`, async () => {
      const end = await cancelledWhileItWaits(task, inputs);
      assert.deepEqual([end.exitCode, end.signal, end.result], [0, null, 'Failed'], end.stdout);
      assert.match(end.stdout, /^Cancelled \(SIGINT\): nothing new is started\.$/m);
    });
});
