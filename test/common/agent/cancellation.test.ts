import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { cancellation } from '../../../tasks/common/agent/cancellation.ts';
import type { Log } from '../../../tasks/common/agent/log.ts';

const silentLog: Log = { line: () => {}, debug: () => {}, warning: () => {}, group: (_title, body) => body() };

describe('cancellation', () => {
  const systems = [
    { platform: 'linux', tell: ['SIGINT', 'SIGTERM'] },
    { platform: 'darwin', tell: ['SIGINT', 'SIGTERM'] },
    { platform: 'win32', tell: ['SIGINT', 'SIGBREAK'] },
  ];
  for (const { platform, tell } of systems) {
    for (const signal of tell)
      it(`is told by ${signal} on ${platform}`, () => {
        const signals = new EventEmitter();
        const cancelled = cancellation(signals, platform, silentLog);
        assert.equal(cancelled.aborted, false);
        signals.emit(signal);
        assert.equal(cancelled.aborted, true);
      });
    it(`listens to no signal that ${platform} does not have`, () => {
      const signals = new EventEmitter();
      cancellation(signals, platform, silentLog);
      assert.deepEqual(signals.eventNames(), tell);
    });
  }

  it('is said once, although the agent sends two signals', () => {
    const signals = new EventEmitter();
    const lines: string[] = [];
    cancellation(signals, 'linux', { ...silentLog, line: (text) => lines.push(text) });
    signals.emit('SIGINT');
    signals.emit('SIGTERM');
    assert.deepEqual(lines, ['Cancelled (SIGINT): nothing new is started.']);
  });
});
