import { Failure } from '../failure.ts';

/** An answer that came, is JSON, and is still none of Azure's. */
export const unreadable = (message: string, more = '', cause?: unknown): Failure =>
  new Failure(
    'AnswerUnreadable',
    message,
    `Something between the agent and Azure changes answers: look at proxies and gateways, then run the task again. ${more}`.trim(),
    cause === undefined ? {} : { cause },
  );
