import assert from 'node:assert/strict';
import { bakeImage } from '../../tasks/BakeImage/bake-image.ts';
import { type FakePacker, fakePacker } from '../common/packer/fake-packer.ts';
import { hurriedClock, left, type Stage, type StageOptions, setStage, until } from './stage.ts';

const deploying = [
  '1,,ui,say,==> azure-arm: Creating resource group ...\n',
  "1,,ui,say,==> azure-arm:  -> ResourceGroupName : 'pkr-group'\n",
];

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('bakeImage that has to stop', () => {
  if (process.platform === 'win32') return; // signals to a group are a thing of POSIX

  let packer: FakePacker;
  let stage: Stage;
  afterEach(() => {
    packer.remove();
    stage.remove();
  });

  function set(cleanUpMs: number, options: Partial<StageOptions> = {}) {
    packer = fakePacker({ build: { output: deploying, untilInterrupted: { cleanUpMs } } });
    stage = setStage({ path: packer.path, ...options });
    return bakeImage(stage.request, stage.around);
  }
  const text = () => stage.lines.join('\n');
  const building = () => until(() => stage.lines.some((line) => line.includes('pkr-group')));

  it('interrupts Packer once when cancelled and waits until it has cleaned up', async () => {
    const bake = set(300);
    await building();
    stage.cancel.abort();
    await assert.rejects(bake, { code: 'Cancelled', message: /cleaned up/, hint: '' });
    assert.deepEqual(packer.marks(), ['interrupted', 'cleaned']);
    assert.match(text(), /asked to stop.*pkr-group may be left behind/);
    assert.match(text(), /Resource group has been deleted/);
    assert.deepEqual(left(stage), []);
  });

  it('ends before the agent’s patience does, says what may be left, and lets Packer go on', async () => {
    const bake = set(2_500, { environment: { PROCESS_SIGINT_TIMEOUT: '500', PROCESS_SIGTERM_TIMEOUT: '1500' } });
    await building();
    stage.cancel.abort();
    await assert.rejects(bake, {
      code: 'Cancelled',
      message: /had not ended/,
      hint: /az group delete --name pkr-group/,
    });
    assert.deepEqual(packer.marks(), ['interrupted']);
    assert.deepEqual(left(stage), []);
    await until(() => packer.marks().includes('cleaned')); // its output has a place to go, so it does not die of it
  });

  it('interrupts Packer when the time is over, and says in which step it was', async () => {
    const bake = set(100, {
      clock: { ...hurriedClock, sleep: (ms, signal) => hurriedClock.sleep(ms === 0 ? 0 : ms, signal) },
    });
    await assert.rejects(bake, { code: 'PackerTimeout', message: /5 minutes.*"Creating resource group \.\.\."/ });
    assert.deepEqual(packer.marks(), ['interrupted', 'cleaned']);
  });

  it('kills a Packer that never ends after its time', async () => {
    const bake = set(3_600_000, { clock: hurriedClock });
    await assert.rejects(bake, { code: 'PackerTimeout', message: /had not ended/, hint: /pkr-group may be left/ });
    assert.deepEqual(packer.marks(), ['interrupted']);
    const pid = packer.calls().at(-1)?.pid ?? 0;
    await until(() => !isRunning(pid));
  });

  it('does not start at all when it was cancelled before', async () => {
    packer = fakePacker({});
    stage = setStage({ path: packer.path });
    stage.cancel.abort();
    await assert.rejects(bakeImage(stage.request, stage.around), {
      code: 'Cancelled',
      message: /before packer validate began/,
    });
    assert.deepEqual(packer.calls(), []);
  });
});
