import type { EventEmitter } from 'node:events';
import type { Log } from './log.ts';

/**
 * Aborted at the first signal that the agent sends to cancel: SIGINT, then SIGTERM 7.5 s later; on Windows Ctrl-C, then
 * Ctrl-Break. 2.5 s after the second it kills (azure-pipelines-agent `ProcessInvoker.cs`). Listening also keeps Node from ending at once.
 */
export function cancellation(signals: Pick<EventEmitter, 'on'>, platform: string, log: Log): AbortSignal {
  const controller = new AbortController();
  for (const signal of cancelSignals(platform)) {
    signals.on(signal, () => {
      if (!controller.signal.aborted) log.line(`Cancelled (${signal}): nothing new is started.`);
      controller.abort();
    });
  }
  return controller.signal;
}

/** Node tells Ctrl-Break as SIGBREAK, which no other system has; and nobody can send a SIGTERM to a process on Windows. */
export const cancelSignals = (platform: string): readonly string[] =>
  platform === 'win32' ? ['SIGINT', 'SIGBREAK'] : ['SIGINT', 'SIGTERM'];
