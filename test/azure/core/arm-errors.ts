import type { Answer } from './http.ts';

/**
 * An error in Azure Resource Manager's envelope. Thrown by a handler it becomes the answer; put into an operation it
 * becomes the operation's `error`. Codes and sentences: the table in README.md, each with its source.
 */
export class ArmError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly extra: {
      readonly target?: string;
      readonly details?: readonly ErrorDetail[];
      readonly headers?: Record<string, string>;
    } = {},
  ) {
    super(message);
  }

  /** What stands under `error` in a body or in an operation. */
  get envelope(): ErrorDetail {
    const { target, details } = this.extra;
    return { code: this.code, message: this.message, ...(target && { target }), ...(details && { details }) };
  }

  get answer(): Answer {
    return { status: this.status, headers: this.extra.headers ?? {}, body: { error: this.envelope } };
  }
}

export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly ErrorDetail[];
}

export const badRequest = (message: string, target?: string) =>
  new ArmError(400, 'InvalidParameter', message, target === undefined ? {} : { target });

export const notFound = (what: string, name: string) =>
  new ArmError(404, 'ResourceNotFound', `The Resource '${what}/${name}' was not found.`);

export const groupNotFound = (name: string) =>
  new ArmError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);

export const conflict = () =>
  new ArmError(
    409,
    'Conflict',
    'The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.',
  );

export const notAllowed = (message: string) => new ArmError(409, 'OperationNotAllowed', message);

export const preconditionFailed = () =>
  new ArmError(412, 'PreconditionFailed', 'The condition specified using HTTP conditional header(s) is not met.');

export const tooManyRequests = (bucket: string, retryAfterS: number) =>
  new ArmError(
    429,
    'OperationNotAllowed',
    'The server rejected the request because too many requests have been received for this subscription.',
    {
      details: [{ code: 'TooManyRequests', target: bucket, message: `{"operationGroup":"${bucket}"}` }],
      headers: { 'Retry-After': String(retryAfterS) },
    },
  );
