import assert from 'node:assert/strict';
import type { StepResult } from '../result.ts';
import { playScratch, type Scratch, stepsOf } from '../support/play-scratch.ts';

/** Plays one task whose script prints these lines, and a script after it that shows what is left of them. */
async function hearing(
  lines: readonly string[],
  more: Partial<Scratch> & { after?: string; json?: object } = {},
): Promise<readonly StepResult[]> {
  const { after = ':', json = {}, ...options } = more;
  const { result } = await playScratch({
    yaml: `steps:\n- { checkout: none }\n- { task: Speaker@1, name: it }\n- script: |\n    ${after}`,
    tasks: { Speaker: { main: `process.stdout.write(${JSON.stringify(`${lines.join('\n')}\n`)})`, json: { ...json } } },
    ...options,
  });
  return stepsOf(result);
}

const spoken = (step: StepResult | undefined) => step?.log.filter((line) => !line.startsWith('##[section]'));

const endings = [
  { name: 'nothing said', says: [], result: 'succeeded' },
  { name: 'a word about success', says: ['##vso[task.complete result=Succeeded;]fine'], result: 'succeeded' },
  { name: 'a failure said with exit code 0', says: ['##vso[task.complete result=Failed;]no'], result: 'failed' },
  { name: 'issues', says: ['##vso[task.complete result=SucceededWithIssues;]so so'], result: 'succeededWithIssues' },
  {
    name: 'a success after a failure',
    says: ['##vso[task.complete result=Failed;]', '##vso[task.complete result=Succeeded;]'],
    result: 'failed',
  },
  { name: 'a result in lower case', says: ['##vso[task.complete result=succeeded;]'], result: 'failed' },
  { name: 'an unknown event of a known area', says: ['##vso[task.dance]x'], result: 'failed' },
  { name: 'an unknown area', says: ['##vso[dance.now]x'], result: 'succeeded' },
  { name: 'an error logged', says: ['##vso[task.logissue type=error]x'], result: 'succeeded' },
  { name: 'a variable without a name', says: ['##vso[task.setvariable]x'], result: 'failed' },
  {
    name: 'a secret of several lines',
    says: ['##vso[task.setvariable variable=a;issecret=true]x%0Ay'],
    result: 'failed',
  },
  { name: 'a summary that is not there', says: ['##vso[task.uploadsummary]/nowhere/x.md'], result: 'failed' },
] as const;

describe('What a task prints', () => {
  for (const { name, says, result } of endings) {
    it(`ends the step as ${result} with ${name}`, async () => {
      const [step] = await hearing(says);
      assert.equal(step?.result, result, step?.log.join('\n'));
    });
  }

  it('sets variables: plain, output, declared output, secret, with a name of any case', async () => {
    const says = [
      '##vso[task.setvariable variable=plain]1',
      '##vso[task.setvariable variable=out;isOutput=true]2',
      '##vso[task.setvariable variable=declared]3',
      '##vso[task.setvariable variable=hidden;issecret=true]hush',
    ];
    const after = `echo '$(PLAIN) $(it.out) $(it.declared) $(hidden)' "[$HIDDEN]" '[$(out)]'`;
    const [first, second] = await hearing(says, { after, json: { outputVariables: [{ name: 'Declared' }] } });
    assert.deepEqual(spoken(second), ['1 2 3 *** [] [$(out)]']);
    assert.deepEqual(first?.outputs, { out: '2', declared: '3' });
  });

  it('warns when a read-only variable is set, and drops what restrictions forbid', async () => {
    const says = [
      '##vso[task.setvariable variable=build.sourcesDirectory]/etc',
      '##vso[task.uploadsummary]/etc/hostname',
      '##vso[build.updatebuildnumber]9',
      '##vso[task.prependpath]/evil',
      '##vso[task.setvariable variable=resultOne]1',
      '##vso[task.logissue type=warning]allowed',
    ];
    const restrictions = { commands: { mode: 'restricted' }, settableVariables: { allowed: ['result*'] } };
    const [step] = await hearing(says, { json: { restrictions } });
    assert.deepEqual(
      spoken(step)?.map((line) => line.replace(/ Please.*| See .*/, '')),
      [
        "##[warning]Overwriting readonly variable 'build.sourcesDirectory'. This behavior will be disabled in the future.",
        "##[warning]Setting variable 'build.sourcesDirectory' has been disabled by the task or build definition.",
        '##[warning]##vso[task.uploadsummary] is not allowed in this step due to policy restrictions.',
        '##[warning]##vso[build.updatebuildnumber] is not allowed in this step due to policy restrictions.',
        "##[warning]Setting variable 'PATH' has been disabled by the task or build definition.",
        '##[warning]allowed',
      ],
    );
    assert.deepEqual(step?.summaries, []);
    assert.equal(step?.result, 'succeeded');
  });

  it('keeps summaries, attachments, progress that never goes back, and ten issues of each type', async () => {
    const says = [
      '##vso[task.setprogress value=40;]on the way',
      '##vso[task.setprogress value=20;]later',
      ...Array.from(
        { length: 12 },
        (_, index) => `##vso[task.logissue type=warning;sourcepath=a.ts;linenumber=${index};code=C1]w`,
      ),
      '##vso[task.addattachment type=Report;name=r]/etc/hostname',
      '##vso[task.uploadsummary]/etc/hostname',
    ];
    const [step] = await hearing(says);
    assert.deepEqual(
      step?.progress.map(({ percent, text }) => [percent, text]),
      [
        [40, 'on the way'],
        [40, 'later'],
      ],
    );
    assert.equal(step?.warningCount, 12);
    assert.equal(step?.issues.length, 10);
    assert.equal(step?.issues[0]?.message, 'a.ts(0,): warning C1: w');
    assert.deepEqual(
      step?.attachments.map(({ type, name }) => [type, name]),
      [
        ['Report', 'r'],
        ['Distributedtask.Core.Summary', 'hostname'],
      ],
    );
    assert.equal(step?.summaries[0]?.title, 'hostname');
  });

  it('does what a foreign line says wherever the command stands in it: the agent does, so a task must break it up', async () => {
    const says = ['packer: ##vso[task.setvariable variable=evil]1', 'x\r##vso[task.setvariable variable=evil2]2'];
    const [, after] = await hearing(says, { after: "echo '$(evil) $(evil2)'" });
    assert.deepEqual(spoken(after), ['1 2']);
  });

  it('survives hostile output: control characters, half a character, a very long line, no end of line', async () => {
    const main = `
      process.stdout.write(Buffer.from([0xe2, 0x82]));
      setTimeout(() => process.stdout.write(Buffer.from([0xac, 0x0a, 0xff, 0x0a])), 30);
      setTimeout(() => process.stdout.write('\\u001b[2J\\u001b[31mred\\n' + 'x'.repeat(300000) + '\\n##vso[task.debug\\nlast'), 60);`;
    const { result, lines } = await playScratch({
      yaml: 'steps: [{ checkout: none }, { task: Hostile@1 }]',
      tasks: { Hostile: { main } },
    });
    const [step] = stepsOf(result);
    const log = spoken(step) ?? [];
    assert.deepEqual([log[0], log[1], log[2], log[3]?.length], ['€', '\ufffd', '\u001b[2J\u001b[31mred', 300_000]);
    assert.match(log[4] ?? '', /^##\[warning\]'##vso\[task\.debug' has ##vso in it/);
    assert.equal(log.at(-1), 'last');
    assert.ok(lines.every((line) => line.length < 260 && !line.includes('\u001b')));
  });

  it('is masked from the moment a secret is told, in the log, in issues, in progress and in summaries', async () => {
    const main = `
      require('fs').writeFileSync('s.md', 'key tops3cret');
      console.log('tops3cret');
      console.log('##vso[task.setsecret]tops3cret');
      console.log('tops3cret');
      console.log('##vso[task.logissue type=error]tops3cret');
      console.log('##vso[task.setprogress value=1]tops3cret');
      console.log('##vso[task.uploadsummary]' + process.cwd() + '/s.md');`;
    const { result } = await playScratch({ yaml: 'steps: [{ task: Teller@1 }]', tasks: { Teller: { main } } });
    const step = stepsOf(result).find(({ displayName }) => displayName === 'Teller');
    assert.deepEqual(spoken(step), ['tops3cret', '***', '##[error]***']);
    assert.equal(step?.issues[0]?.message, '***');
    assert.equal(step?.progress[0]?.text, '***');
    assert.equal(step?.summaries[0]?.markdown, 'key ***');
  });

  it('puts folders in front of PATH for the steps that follow', async () => {
    const [, after] = await hearing(['##vso[task.prependpath]/first', '##vso[task.prependpath]/second'], {
      after: 'echo $PATH',
    });
    assert.match(spoken(after)?.[0] ?? '', /^\/second:\/first:\//);
  });

  it('is waited for five seconds after "done", and no longer', async () => {
    const main =
      "console.log('##vso[task.complete result=Succeeded;done=true]');console.log('ready');setInterval(() => {}, 1000)";
    const { result } = await playScratch({
      yaml: 'steps: [{ checkout: none }, { task: Lingers@1 }]',
      tasks: { Lingers: { main } },
      advanceOn: { ready: 5000 },
    });
    assert.equal(result.result, 'succeeded');
  });
});
