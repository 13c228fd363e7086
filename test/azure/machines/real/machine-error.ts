import type { MachineProblem } from '../machines.ts';

/** What went wrong with a machine, with the code that ARM would give. */
export class MachineError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Anything else that was thrown is a failure of this host, which ARM calls an internal error. */
export function problemOf(error: unknown): MachineProblem {
  if (error instanceof MachineError) return { code: error.code, message: error.message };
  const text = error instanceof Error ? error.message : String(error);
  return {
    code: 'InternalExecutionError',
    message: `An internal execution error occurred. Please retry later. (${text})`,
  };
}
