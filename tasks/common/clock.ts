/** The only place that knows the time of day. Everything else is handed a clock. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after the time has passed, or at once when the signal is aborted. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/**
 * The time of day as it was when the process started, and from there on a clock that nobody sets: an agent whose clock is
 * put right in mid-rollout would else see its deadlines pass at once, or never (perf_hooks, performance.timeOrigin).
 */
export const systemClock: Clock = { now: () => Math.floor(performance.timeOrigin + performance.now()), sleep };

function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, durationMs);
    signal?.addEventListener('abort', wake);
  });
}
