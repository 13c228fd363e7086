import type { Failure } from '../failure.ts';
import { armFailure } from './arm-failure.ts';
import { unreadable } from './unreadable.ts';

/**
 * The same for what was only read and put into our words: where a type is not as Azure's documents give it, the SDK and we
 * stumble over it, and that is the answer's fault and no defect of the task.
 */
export function readFailure(error: unknown, attempted: string): Failure {
  if (!(error instanceof TypeError)) return armFailure(error, attempted);
  return unreadable(
    `${attempted} failed: the answer has not the form of Azure's (${error.message})`,
    'If there is nothing in between, please report it.',
    error,
  );
}

/** A text, or nothing where something else stands: it may be null, too. */
export const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
