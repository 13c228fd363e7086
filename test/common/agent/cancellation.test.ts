import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { cancellation } from '../../../tasks/common/agent/cancellation.ts';
import type { Log } from '../../../tasks/common/agent/log.ts';

const silentLog: Log = { line: () => {}, debug: () => {}, warning: () => {}, group: (_title, body) => body() };

describe('cancellation', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK'])
    it(`is told by ${signal}`, () => {
      const signals = new EventEmitter();
      const cancelled = cancellation(signals, silentLog);
      assert.equal(cancelled.aborted, false);
      signals.emit(signal);
      assert.equal(cancelled.aborted, true);
    });

  it('is said once, although the agent sends two signals', () => {
    const signals = new EventEmitter();
    const lines: string[] = [];
    cancellation(signals, { ...silentLog, line: (text) => lines.push(text) });
    signals.emit('SIGINT');
    signals.emit('SIGTERM');
    assert.deepEqual(lines, ['Cancelled (SIGINT): nothing new is started.']);
  });
});
