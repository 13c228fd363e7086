import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { outline, playScratch, printed, stepsOf, withScratch } from '../support/play-scratch.ts';

const deployment = (name: string, steps: string, environment = 'prod') =>
  `{ deployment: ${name}, environment: ${environment}, strategy: { runOnce: { deploy: { steps: [${steps}] } } } }`;

/** Fails until a variable of the run's page says otherwise: the attempt decides. */
const flaky = {
  main: "const n = process.env.SYSTEM_STAGEATTEMPT; console.log('attempt', n, process.env.BUILD_BUILDID); process.exit(n === '1' ? 1 : 0)",
};

const threeStages = `
stages:
- { stage: Build, jobs: [{ job: J, steps: [{ bash: "echo '##vso[task.setvariable variable=v;isOutput=true]7'", name: set }] }] }
- stage: Canary
  jobs:
  - deployment: D
    environment: prod
    variables: { v: "$[ stageDependencies.Build.J.outputs['set.v'] ]" }
    strategy: { runOnce: { deploy: { steps: [{ task: Flaky@1 }, { script: echo v=$(v) }] } } }
- { stage: Rest, jobs: [{ job: J, steps: [{ script: echo rest }] }] }`;

/** A zombie that nobody has fetched yet is not running. */
function isRunning(processId: number): boolean {
  const file = `/proc/${processId}/stat`;
  return existsSync(file) && !readFileSync(file, 'utf8').includes(') Z ');
}

describe('A run', () => {
  it('plays a failed stage again in the same run, with the next attempt and the outputs of before', async () => {
    const asked: string[] = [];
    const approvals = async (environment: string, stage: string) => asked.push(`${environment} for ${stage}`) > 0;
    await withScratch({ yaml: threeStages, tasks: { Flaky: flaky }, approvals, buildId: 5 }, async (run) => {
      assert.deepEqual(outline(await run.play()), [
        'Build=succeeded',
        'Build.J=succeeded',
        'Canary=failed',
        'Canary.D.deploy=failed',
        'Rest=skipped',
      ]);
      const again = await run.rerunStage('canary');
      assert.deepEqual(outline(again), [
        'Build=succeeded',
        'Build.J=succeeded',
        'Canary=succeeded',
        'Canary.D.deploy=succeeded',
        'Rest=skipped',
      ]);
      assert.deepEqual(printed(again).slice(-2), ['attempt 2 5', 'v=7']);
      assert.equal(again.stages[1]?.attempt, 2);
      assert.deepEqual(asked, ['prod for Canary', 'prod for Canary']);
    });
  });

  it('that was cancelled can have its stage played again', async () => {
    const cancel = new AbortController();
    const yaml = 'stages: [{ stage: S, jobs: [{ job: J, steps: [{ checkout: none }, { task: Slow@1 }] }] }]';
    const main = "if (process.env.SYSTEM_STAGEATTEMPT === '1') setInterval(() => {}, 1000); console.log('ready')";
    const output = (line: string) => line.includes('ready') && cancel.abort();
    await withScratch({ yaml, tasks: { Slow: { main } }, output, cancel: cancel.signal }, async (run) => {
      assert.equal((await run.play()).result, 'canceled');
      assert.equal((await run.rerunStage('S')).result, 'succeeded');
    });
  });

  it('is canceled when the cancel came before anything ran', async () => {
    const { result } = await playScratch({ yaml: 'steps: [{ script: echo never }]', cancel: AbortSignal.abort() });
    assert.equal(result.result, 'canceled');
  });

  it('goes on with later stages after a rerun when asked to', async () => {
    await withScratch({ yaml: threeStages, tasks: { Flaky: flaky } }, async (run) => {
      await run.play();
      const again = await run.rerunStage('Canary', { later: true });
      assert.deepEqual(outline(again).slice(-2), ['Rest=succeeded', 'Rest.J=succeeded']);
      assert.equal(again.result, 'succeeded');
    });
  });

  it('starts with the attempt that it is told', async () => {
    const { result } = await playScratch({ yaml: threeStages, tasks: { Flaky: flaky }, attempt: 2 });
    assert.equal(result.result, 'succeeded');
  });

  it('names the process of the step that runs, so that it can be killed: the post-job step still runs', async () => {
    let killed = '';
    const yaml = 'steps: [{ checkout: none }, { task: Victim@1, name: victim }]';
    const tasks = {
      Victim: { main: "console.log('ready');setInterval(() => {}, 1000)", post: "console.log('tidied')" },
    };
    const lines: string[] = [];
    const result = await withScratch({ yaml, tasks, output: (line) => hear(line) }, async (run) => {
      hear = (line) => {
        lines.push(line);
        const running = run.running();
        if (!line.includes('ready') || running === undefined) return;
        killed = `${running.job} ${running.step}`;
        process.kill(running.processId, 'SIGKILL');
      };
      return run.play();
    });
    assert.equal(killed, 'Job victim');
    assert.match(printed(result).join('\n'), /^ready\n##\[error\]Exit code 137 returned from process: .*\ntidied$/);
    assert.equal(result.result, 'failed');
  });

  it('can lose its agent: the step is killed, no later or post-job step runs, and the next job does', async () => {
    const yaml = `
jobs:
- { job: A, steps: [{ checkout: none }, { task: Victim@1 }, { script: echo never, condition: always() }] }
- { job: B, dependsOn: A, condition: failed(), steps: [{ script: echo next job }] }`;
    const tasks = {
      Victim: { main: "console.log('ready');setInterval(() => {}, 1000)", post: "console.log('never')" },
    };
    const result = await withScratch({ yaml, tasks, output: (line) => hear(line) }, async (run) => {
      hear = (line) => line.includes('ready') && run.killAgent();
      return run.play();
    });
    assert.deepEqual(outline(result), ['__default=failed', '__default.A=failed', '__default.B=succeeded']);
    assert.match(result.stages[0]?.jobs[0]?.issues[0]?.message ?? '', /^We stopped hearing from the agent/);
    assert.equal(printed(result).at(-1), 'next job');
    assert.ok(!printed(result).includes('never'));
  });

  let hear: (line: string) => unknown = () => {};

  it('asks for each environment once before a stage starts, and a refusal fails the stage', async () => {
    const asked: string[] = [];
    const step = '{ script: echo deployed }';
    const yaml = `
stages:
- { stage: A, jobs: [${deployment('One', step)}, ${deployment('Two', step)}, ${deployment('Three', step, 'test')}] }
- { stage: B, jobs: [${deployment('One', step, 'locked')}] }
- { stage: C, condition: failed(), jobs: [{ job: J, steps: [{ script: echo told }] }] }`;
    const approvals = async (environment: string, stage: string) => {
      asked.push(`${stage} ${environment}`);
      return environment !== 'locked';
    };
    const { result, lines } = await playScratch({ yaml, approvals });
    assert.deepEqual(asked, ['A prod', 'A test', 'B locked']);
    assert.deepEqual(
      result.stages.map(({ result: ended }) => ended),
      ['succeeded', 'failed', 'succeeded'],
    );
    assert.ok(lines.some((line) => line.endsWith('Stage B does not start: environment locked was refused')));
  });

  it('stops waiting for an approval when it is cancelled', async () => {
    const cancel = new AbortController();
    const approvals = () => {
      setTimeout(() => cancel.abort(), 10);
      return new Promise<boolean>(() => {});
    };
    const yaml = `jobs: [${deployment('D', '{ script: echo never }')}]`;
    const { result } = await playScratch({ yaml, approvals, cancel: cancel.signal });
    assert.equal(result.result, 'canceled');
  });

  it('fails a canary at the increment that breaks, and rolls back with no outputs of the hooks before', async () => {
    const yaml = `
jobs:
- deployment: D
  environment: prod
  strategy:
    canary:
      increments: [10, 50]
      deploy: { steps: [{ bash: "echo '##vso[task.setvariable variable=v;isOutput=true]1'", name: set }] }
      postRouteTraffic: { steps: [{ bash: "echo '[$(set.v)]'; [ $(strategy.increment) = 10 ]" }] }
      on: { failure: { steps: [{ script: "echo 'back [$(set.v)] [$(strategy.increment)]'" }] } }`;
    const { result } = await playScratch({ yaml });
    assert.deepEqual(outline(result).slice(1), [
      '__default.D.deploy_10=succeeded',
      '__default.D.postRouteTraffic_10=succeeded',
      '__default.D.deploy_50=succeeded',
      '__default.D.postRouteTraffic_50=failed',
      '__default.D.on.failure=succeeded',
    ]);
    assert.equal(printed(result).at(-1), 'back [$(set.v)] [$(strategy.increment)]');
    assert.equal(result.result, 'failed');
  });

  it('sees only outputs of what dependsOn names, and says so', async () => {
    const yaml = `
jobs:
- { job: A, steps: [{ bash: "echo '##vso[task.setvariable variable=v;isOutput=true]1'", name: set }] }
- { job: B, dependsOn: A, steps: [{ script: ":" }] }
- job: C
  dependsOn: B
  variables:
    v: $[ dependencies.A.outputs['set.v'] ]
  steps: [{ script: "echo '[$(v)]'" }]`;
    const { result, lines } = await playScratch({ yaml });
    assert.equal(printed(result).at(-1), '[]');
    assert.ok(lines.some((line) => line.includes('azure-pipelines.yml:8: variable "v" is empty')));
  });

  it('keeps a secret output secret in the job that reads it', async () => {
    const yaml = `
jobs:
- { job: A, steps: [{ bash: "echo '##vso[task.setvariable variable=v;isOutput=true;issecret=true]hush'", name: set }] }
- job: B
  dependsOn: A
  variables: { v: "$[ dependencies.A.outputs['set.v'] ]" }
  steps: [{ bash: "echo \\"[$V] $(v)\\"" }]`;
    const { result } = await playScratch({ yaml });
    assert.equal(printed(result).at(-1), '[] ***');
  });

  it('gives every job an empty folder and an emptied temporary one', async () => {
    const yaml = `
jobs:
- { job: A, steps: [{ checkout: none }, { script: "touch here $(Agent.TempDirectory)/there" }] }
- { job: B, steps: [{ checkout: none }, { script: "ls; ls $(Agent.TempDirectory) | grep -v sh$ || echo empty" }] }`;
    const { result } = await playScratch({ yaml });
    assert.deepEqual(printed(result), ['empty']);
  });

  it('ends what a job has left running', async function () {
    if (process.platform !== 'linux') this.skip();
    const yaml = 'steps: [{ script: "sleep 60 >/dev/null 2>&1 & echo $!" }]';
    const { result } = await playScratch({ yaml });
    const processId = Number(printed(result)[0]);
    for (let tries = 0; isRunning(processId) && tries < 100; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(!isRunning(processId));
    assert.equal(stepsOf(result).length, 2);
  });
});
