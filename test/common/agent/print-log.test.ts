import assert from 'node:assert/strict';
import { command, printLog } from '../../../tasks/common/agent/print-log.ts';

const printed = () => {
  const lines: string[] = [];
  return { lines, log: printLog((line) => lines.push(line)) };
};

describe('printLog', () => {
  it('prints each line of a text, harmless', () => {
    const { lines, log } = printed();
    log.line('one\n##vso[task.complete result=Failed]two');
    assert.deepEqual(lines, ['one', '##_vso[task.complete result=Failed]two']);
  });

  it('prints details for those who ask for them', () => {
    const { lines, log } = printed();
    log.debug('a\n##[error]b');
    assert.deepEqual(lines, ['##vso[task.debug]a', '##vso[task.debug]##_[error]b']);
  });

  it('warns in one command, whatever the text', () => {
    const { lines, log } = printed();
    log.warning('50%\n##vso[x.y]');
    assert.deepEqual(lines, ['##vso[task.logissue type=warning;]50%AZP25%0A##_vso[x.y]']);
  });

  it('folds what is printed in a group', () => {
    const { lines, log } = printed();
    assert.equal(
      log.group('Two\nlines ##[x]', () => {
        log.line('in');
        return 7;
      }),
      7,
    );
    log.line('out');
    assert.deepEqual(lines, ['##[group]Two lines ##_[x]', 'in', '##[endgroup]', 'out']);
  });

  it('closes a group when the work in it has failed', () => {
    const { lines, log } = printed();
    assert.throws(() => log.group('g', () => assert.fail('broken')), /broken/);
    assert.equal(lines.at(-1), '##[endgroup]');
  });

  it('closes a group only after the work that it waits for', async () => {
    const { lines, log } = printed();
    const late = async (fail: boolean) => {
      await Promise.resolve();
      log.line('late');
      if (fail) throw new Error('broken');
      return 7;
    };
    assert.equal(await log.group('g', () => late(false)), 7);
    await assert.rejects(() => log.group('g', () => late(true)), /broken/);
    assert.deepEqual(lines, ['##[group]g', 'late', '##[endgroup]', '##[group]g', 'late', '##[endgroup]']);
  });
});

describe('command', () => {
  it('escapes what would end it or begin another', () =>
    assert.equal(
      command('task.x', { name: 'a;b]c%0A\n' }, 'text\r\n100%'),
      '##vso[task.x name=a%3Bb%5Dc%AZP250A%0A;]text%0D%0A100%AZP25',
    ));
});
