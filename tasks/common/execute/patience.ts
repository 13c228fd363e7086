import type { Job } from './job.ts';
import { tickMs } from './pace.ts';
import { isPassing } from './passing.ts';

/** Reads again what fails for a passing reason, at most until `deadline`; anything else is thrown at once. */
export async function withPatience<Seen>(
  read: () => Promise<Seen>,
  deadline: number,
  { clock, cancelled, observer }: Pick<Job, 'clock' | 'cancelled' | 'observer'>,
): Promise<Seen> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!isPassing(error) || clock.now() >= deadline || cancelled.aborted) throw error;
      observer.remarked(`the fleet could not be seen, looking again: ${error.message}`);
      await clock.sleep(tickMs(1), cancelled);
    }
  }
}
