import assert from 'node:assert/strict';
import { HandClock } from '../support/hand-clock.ts';
import { playScratch, printed, type Scratch, stepsOf } from '../support/play-scratch.ts';

/** A task that says what it hears, and ends at the last of these signals. */
const stubborn = (signals: readonly string[]) => ({
  main: `
    const ignored = ${JSON.stringify(signals)};
    for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {
      console.log('heard ' + name);
      if (ignored.at(-1) === name) process.exit(0);
    });
    setInterval(() => {}, 1000);
    console.log('ready');`,
});

/** Presses cancel when `ready` is printed, then moves time as the table says at each line. */
function cancelling(scratch: Omit<Scratch, 'cancel'>, advance: Readonly<Record<string, number>> = {}) {
  const cancel = new AbortController();
  const clock = new HandClock();
  const heard: { readonly line: string; readonly at: number }[] = [];
  const start = clock.now();
  const output = (line: string) => {
    heard.push({ line, at: clock.now() - start });
    if (line.includes('ready')) cancel.abort();
    for (const [text, ms] of Object.entries(advance)) if (line.includes(text)) clock.advance(ms);
  };
  return { heard, played: playScratch({ ...scratch, cancel: cancel.signal, clock, output }) };
}

const one = 'steps: [{ checkout: none }, { task: Stubborn@1 }]';

describe('A cancelled run', () => {
  it('sends SIGINT, and asks no more of a task that ends by it', async () => {
    const { played } = cancelling({ yaml: one, tasks: { Stubborn: stubborn(['SIGINT']) } });
    const { result } = await played;
    assert.equal(result.result, 'canceled');
    assert.equal(stepsOf(result)[0]?.result, 'canceled');
    assert.deepEqual(printed(result).slice(-1), ['heard SIGINT']);
  });

  /** Still speaks a while after each signal, so that a signal that comes too soon cuts it off. */
  const talkative = {
    main: `${stubborn([]).main}
      for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => setTimeout(() => console.log('after ' + name), 100));`,
  };

  it('sends SIGTERM 7.5 seconds later and kills 2.5 seconds after that, and not a moment sooner', async () => {
    const signals = { 'heard SIGINT': 7499, 'after SIGINT': 1, 'heard SIGTERM': 2499, 'after SIGTERM': 1 };
    const { heard, played } = cancelling({ yaml: one, tasks: { Stubborn: talkative } }, signals);
    const { result } = await played;
    assert.equal(result.result, 'canceled');
    assert.deepEqual(printed(result).slice(-4), ['heard SIGINT', 'after SIGINT', 'heard SIGTERM', 'after SIGTERM']);
    const at = (text: string) => heard.find(({ line }) => line.includes(text))?.at;
    assert.deepEqual([at('heard SIGTERM'), at('Stubborn was canceled')], [7500, 10_000]);
  });

  it('skips what would only run on success, runs always() and canceled() steps, and the post-job last', async () => {
    const { played } = cancelling({
      yaml: `
steps:
- { task: Stubborn@1 }
- { script: echo never }
- { script: echo failed, condition: failed() }
- { script: echo canceled, condition: canceled() }
- { script: echo always, condition: always() }`,
      tasks: { Stubborn: { ...stubborn(['SIGINT']), post: "console.log('post-job')" } },
    });
    const { result } = await played;
    const skipped = 'Skipping step due to condition evaluation.';
    const cancelled = '##[error]The Operation will be canceled. The next steps may not contain expected logs.';
    assert.deepEqual(printed(result), [
      'ready',
      cancelled,
      'heard SIGINT',
      skipped,
      skipped,
      'canceled',
      'always',
      'post-job',
    ]);
  });

  it('lets a running step go on whose condition still holds', async () => {
    const { played } = cancelling({
      yaml: 'steps: [{ checkout: none }, { task: Brief@1, condition: always() }]',
      tasks: { Brief: { main: "console.log('ready');setTimeout(() => console.log('to the end'), 100)" } },
    });
    const { result } = await played;
    assert.deepEqual(printed(result), ['ready', 'to the end']);
    assert.equal(result.result, 'canceled');
  });

  it('starts no further job or stage but those that ask for it', async () => {
    const { played } = cancelling({
      yaml: `
stages:
- stage: A
  jobs:
  - { job: J, steps: [{ checkout: none }, { task: Stubborn@1 }] }
  - { job: K, dependsOn: J, steps: [{ script: echo never }] }
- { stage: B, jobs: [{ job: J, steps: [{ script: echo never }] }] }
- { stage: C, dependsOn: A, condition: always(), jobs: [{ job: J, condition: always(), steps: [{ script: echo tidy, condition: always() }] }] }`,
      tasks: { Stubborn: stubborn(['SIGINT']) },
    });
    const { result } = await played;
    assert.deepEqual(
      result.stages.map(({ name, result: ended }) => [name, ended]),
      [
        ['A', 'canceled'],
        ['B', 'skipped'],
        ['C', 'canceled'],
      ],
    );
    assert.equal(printed(result).at(-1), 'tidy');
  });
});
