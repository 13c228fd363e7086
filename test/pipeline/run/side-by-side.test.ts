import assert from 'node:assert/strict';
import { outline, playScratch, printed, withScratch } from '../support/play-scratch.ts';
import { sideBySide } from './side-by-side.ts';

/** Plays five items of a few turns each, and gives back the most that were under way at once. */
async function mostAtOnce(limit: number) {
  let [now, most] = [0, 0];
  const results = await sideBySide(['a', 'b', 'c', 'd', 'e'], limit, async (item, agent) => {
    most = Math.max(most, ++now);
    assert.ok(limit === 0 || agent < limit);
    for (let turn = 0; turn < 3; turn++) await null;
    now--;
    return item.toUpperCase();
  });
  assert.deepEqual(results, ['A', 'B', 'C', 'D', 'E']);
  return most;
}

/** Each waits until the other has printed, and gives up after ten seconds. */
const meeting = `
jobs:
- job: J
  strategy: { matrix: { one: { other: two }, two: { other: one } } }
  steps:
  - checkout: none
  - bash: |
      touch "$(meeting)/$(System.JobName)" "$(Agent.TempDirectory)/mine"
      for i in $(seq 200); do [ -e "$(meeting)/$(other)" ] && break; sleep 0.05; done
      [ -e "$(meeting)/$(other)" ] && echo "$(Agent.Name) met $(other), $(ls $(Agent.TempDirectory)/mine | wc -l) file"`;

describe('Jobs side by side', () => {
  for (const [limit, most] of [
    [0, 5],
    [1, 1],
    [2, 2],
    [9, 5],
  ] as const)
    it(`are ${most} of five where ${limit || 'nothing'} is the limit`, async () =>
      assert.equal(await mostAtOnce(limit), most));

  it('run at the same time, each on an agent with a temporary folder of its own', async () => {
    const { result, lines } = await playScratch({ yaml: meeting.replaceAll('$(meeting)', '$(Pipeline.Workspace)/..') });
    assert.deepEqual([...printed(result)].sort(), ['player met two, 1 file', 'player-2 met one, 1 file']);
    assert.ok(lines.some((line) => line.includes('| [one] player met two')));
  });

  it('all end when the agents die', async () => {
    const main = "console.log('ready');setInterval(() => {}, 1000)";
    const yaml = 'jobs: [{ job: J, strategy: { parallel: 2 }, steps: [{ checkout: none }, { task: Slow@1 }] }]';
    let ready = 0;
    let kill: () => void = () => {};
    const output = (line: string) => void (line.endsWith('ready') && ++ready === 2 && kill());
    await withScratch({ yaml, tasks: { Slow: { main } }, output }, async (run) => {
      kill = () => run.killAgent();
      const result = await run.play();
      assert.deepEqual(outline(result), ['__default=failed', '__default.J.job1=failed', '__default.J.job2=failed']);
      assert.equal(run.running(), undefined);
    });
  });
});
