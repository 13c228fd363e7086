/**
 * The world said no: bad input, a refused call, a deadline. `runTask` prints it for a person; anything else that is
 * thrown is reported as a defect of the task.
 */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    /** One stable word per cause, listed in docs/troubleshooting.md. */
    readonly code: string,
    /** What was attempted, on what, and what the world answered. */
    message: string,
    /** What to do next, as an instruction. */
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
