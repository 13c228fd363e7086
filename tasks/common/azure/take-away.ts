import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { RunCommands } from './run-command.ts';

/** How long Azure is given to remove a run command. */
const patienceMs = 60_000;

export type TakeAway = (nodeId: string, name: string) => Promise<'removing' | 'emptied'>;

/**
 * Takes run commands away from their instances: removes them, or, where Azure does not, leaves them with nothing to do.
 * Deletion on instances of Uniform sets has been seen to fail for everybody (azure-rest-api-specs#35784,
 * azure-sdk-for-python#41868). What fails once may pass: the first one is asked to go for a minute, and as long as that is
 * of no use the ones after it once each. Rejects
 * where one can't be emptied either, and where Azure says no more than that it is asked too often: then the minute begins
 * anew.
 */
export function takingAway(commands: Pick<RunCommands, 'remove' | 'empty'>, clock: Pick<Clock, 'now'>): TakeAway {
  const since = new Map<string, number>();
  let isInVain = false;
  return async (nodeId, name) => {
    const which = `${nodeId} ${name}`;
    const begun = since.get(which) ?? clock.now();
    since.set(which, begun);
    const isLate = clock.now() - begun >= patienceMs;
    const isRefused = await refuses(commands.remove(nodeId, name), () => since.delete(which));
    if (!isLate && !(isRefused && isInVain)) return 'removing';
    since.delete(which); // an Azure that does not take this write either gets as long again
    await commands.empty(nodeId, name);
    isInVain = true;
    return 'emptied';
  };
}

/** There is no time to wait for a removal: what is not removed at once is emptied, which stops its script too. */
export async function takeAwayAtOnce(
  commands: Pick<RunCommands, 'remove' | 'empty'>,
  nodeId: string,
  name: string,
): Promise<void> {
  try {
    await commands.remove(nodeId, name);
  } catch (refusal) {
    await commands.empty(nodeId, name).catch(() => {
      throw refusal;
    });
  }
}

/** Whatever Azure says, what counts is whether the command goes; but "later" and a defect of ours are thrown on. */
const refuses = (work: Promise<void>, later: () => void): Promise<boolean> =>
  work.then(
    () => false,
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      if (error.code !== 'Throttled') return true;
      later();
      throw error;
    },
  );
