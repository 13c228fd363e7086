import { systemClock } from '../clock.ts';

/** What `runTask` needs of the process it runs in; a test hands in its own. */
export interface TaskProcess {
  /** Prints the last lines, waits until they have left, and ends the process. */
  end(lines: readonly string[]): Promise<void>;
  /** Calls back for an error that nobody awaited, and when nothing is left that could ever end the task. */
  onUnhandled(handler: (error: unknown) => void): void;
}

export const currentProcess: TaskProcess = {
  async end(lines) {
    const told = await written(`${lines.join('\n')}\n`);
    process.exit(told ? 0 : 1);
  },
  onUnhandled(handler) {
    process.on('unhandledRejection', handler);
    process.on('uncaughtException', handler);
    // Without it the process would end with 0 and no word, which the agent takes for success.
    process.on('beforeExit', () =>
      handler(new Error('The task stopped half-way: it waits for something that cannot come.')),
    );
  },
};

/** A pipe on Windows is written in the background: `process.exit` alone would cut off the last lines. */
async function written(text: string, limitMs = 10_000): Promise<boolean> {
  const flushed = new Promise<boolean>((resolve) => {
    process.stdout.once('error', () => resolve(false));
    process.stdout.write(text, (error) => resolve(!error));
  });
  return Promise.race([flushed, systemClock.sleep(limitMs).then(() => false)]);
}
