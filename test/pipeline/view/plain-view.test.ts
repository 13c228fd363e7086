import assert from 'node:assert/strict';
import { HandClock } from '../support/hand-clock.ts';
import { plainView } from './plain-view.ts';

/** What the view prints for one step, without the times of day. */
function shown(
  tell: (
    step: ReturnType<ReturnType<ReturnType<typeof plainView>['jobStarted']>['stepStarted']>,
    clock: HandClock,
  ) => void,
  verbose = false,
) {
  const lines: string[] = [];
  const clock = new HandClock();
  const view = plainView((line) => lines.push(line.replace(/^\d\d:\d\d:\d\d/, 'TIME')), { clock, verbose, width: 30 });
  view.stageStarted({ name: 'Canary', displayName: 'One node', attempt: 2 });
  const job = view.jobStarted({
    stage: 'Canary',
    name: 'D',
    displayName: 'D',
    hook: 'deploy',
    environment: 'prod',
    tag: '',
  });
  const step = job.stepStarted('Upgrade');
  tell(step, clock);
  step.finished('failed', ['web: upgrade']);
  job.finished('failed');
  view.stageFinished({ name: 'Canary', displayName: 'One node', result: 'failed' });
  return lines;
}

describe('The plain view', () => {
  it('shows headings with times, lines below them, a group as one line, and how long things took', () => {
    const lines = shown((step, clock) => {
      step.line('##[section]Starting: Upgrade');
      step.line('node 1 drains');
      step.line('##[group]Details');
      step.line('hidden');
      step.line('##[warning]seen');
      step.line('##[endgroup]');
      step.progress(50, '1 of 2');
      step.progress(50, '1 of 2');
      step.line('##[command]packer build');
      step.line('##[debug]no');
      clock.advance(65_000);
      step.line('##[error]node 2 broke');
    });
    assert.deepEqual(lines, [
      'TIME == Stage One node (Canary), attempt 2',
      'TIME -- Job D, deploy on environment prod',
      'TIME    > Upgrade',
      '         | node 1 drains',
      '         | WARNING seen',
      '         | > Details (1 lines)',
      '         . 50 % 1 of 2',
      '         | $ packer build',
      '         | ERROR node 2 broke',
      '         + summary "web: upgrade"',
      'TIME    < Upgrade FAILED after 65 s',
      'TIME -- Job D, deploy FAILED after 65 s',
      'TIME == Stage One node (Canary) FAILED after 65 s',
    ]);
  });

  it('shows everything when asked to, and never lets output move the cursor or fill the screen', () => {
    const lines = shown((step) => {
      step.line('##[group]Details');
      step.line('##[debug]yes');
      step.line('\u001b[2Jcleared\u0007\u001b]0;title\u0007');
      step.line('x'.repeat(500));
    }, true);
    assert.deepEqual(lines.slice(3, 7), [
      '         | ##[group]Details',
      '         | ##[debug]yes',
      '         | cleared··]0;title·',
      `         | ${'x'.repeat(29)}…`,
    ]);
  });
});
