import { Failure } from '../../failure.ts';
import type { Tools } from '../rollout-plan.ts';

/** The agent's second signal comes 7.5 seconds after the first, and the last words of the task have to leave before. */
const lastMomentMs = 7_000;

/**
 * Ends a cancelled task in time, whatever it waits for: a token, an answer, a write that Azure puts off. It can be broken off
 * anywhere, as it can be killed anywhere; what it leaves is put back by its post-job step.
 */
export async function beforeTheKill<Result>(
  work: Promise<Result>,
  { cancelled, clock }: Pick<Tools, 'cancelled' | 'clock'>,
): Promise<Result> {
  const over = new Promise<never>((_resolve, reject) => {
    const wait = () => void clock.sleep(lastMomentMs).then(() => reject(brokenOff()));
    if (cancelled.aborted) wait();
    else cancelled.addEventListener('abort', wait, { once: true });
  });
  return Promise.race([work, over]);
}

const brokenOff = () =>
  new Failure(
    'Cancelled',
    `The run was cancelled, and the task broke off what it waited for after ${lastMomentMs / 1_000} seconds`,
    'Its post-job step puts back what is left. Run the task again: it goes on from where the fleet is.',
  );
