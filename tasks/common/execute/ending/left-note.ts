import type { Agent } from '../../agent/agent.ts';
import { Failure } from '../../failure.ts';
import type { ServiceConnection } from '../../sign-in/connection.ts';
import type { Leave, Left } from './handover.ts';

/** What a step has left, and by which connection it was at work: the inputs of its post-job step are expanded anew. */
export interface Legacy {
  readonly connection: Pick<ServiceConnection, 'id' | 'subscriptionId'>;
  readonly left: Left;
}

const name = 'phoenix.left';

/**
 * Takes down in the agent's memory what is left, as one task variable; what is known there already is not said again. The
 * script goes into a file, since an environment variable may not be long.
 */
export function leaveIn(memory: Agent['memory'], { id, subscriptionId }: Legacy['connection']): Leave {
  let [known, script]: [string | undefined, string | undefined] = [memory.recall(name), undefined];
  return (left) => {
    if (left?.undrain !== undefined) script ??= memory.keepText('undrain-script', left.undrain);
    const undrain = left?.undrain === undefined ? {} : { undrain: script };
    const legacy = left && { connection: { id, subscriptionId }, left: { ...left, ...undrain } };
    const note = legacy && JSON.stringify(legacy);
    if (note !== known) memory.remember(name, note ?? '');
    known = note;
    if (left || script === undefined) return;
    memory.dropText(script);
    script = undefined;
  };
}

/** Undefined when the step left nothing. */
export function readLegacy(memory: Agent['memory']): Legacy | undefined {
  const text = memory.recall(name);
  if (text === undefined) return undefined;
  const { connection, left } = JSON.parse(text) as Legacy; // no other step can write it
  if (left.undrain === undefined) return { connection, left };
  return { connection, left: { ...left, undrain: readScript(left.undrain, memory) } };
}

function readScript(path: string, memory: Agent['memory']): string {
  try {
    return memory.readText(path);
  } catch (error) {
    throw new Failure(
      'FileUnusable',
      `The undrain script that this step had kept for its end could not be read: ${(error as Error).message}`,
      "No step of the job may empty the agent's temporary folder. Run the task or RollbackScaleSet again: it puts back what is left.",
      { cause: error },
    );
  }
}
