/** Time as the player sees it; a test hands in its own. */
export interface Clock {
  now(): number;
  /** Calls back once; the returned function takes the call back. */
  after(durationMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(durationMs, callback) {
    const timer = setTimeout(callback, durationMs);
    return () => clearTimeout(timer);
  },
};

export function sleep(clock: Clock, durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = () => {
      takeBack();
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const takeBack = clock.after(durationMs, wake);
    signal?.addEventListener('abort', wake);
  });
}
