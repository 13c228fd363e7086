import type { PipelineResponse, RestError, RetryStrategy } from '@azure/core-rest-pipeline';
import { Failure } from '../failure.ts';
import { retryAfterMs } from '../network/retry-after.ts';

/** At most so many further tries of one call. */
export const maxRetries = 4;

/** A service that asks for more patience than this is not waited for: the failure says how long it asked. */
export const longestWaitMs = 5 * 60_000;

/**
 * When a call is sent again. Reading is free to try anew. A write is sent again only when it surely had no effect: it was
 * turned away (429, or 503 with `Retry-After`) or never left. A write whose answer got lost is the caller's to look up
 * before it is repeated (docs/decisions/0009-writes-are-not-repeated-blindly.md); the SDK's own policy would repeat it.
 */
export function armRetryStrategy(now: () => number): RetryStrategy {
  return {
    name: 'armRetryStrategy',
    retry({ retryCount, response, responseError }) {
      const wait = waitMs(retryCount, response, responseError, now());
      if (wait === undefined) return responseError ? { errorToThrow: responseError } : { skipStrategy: true };
      return wait > longestWaitMs ? { errorToThrow: tooLong(response, wait) } : { retryAfterInMs: wait };
    },
  };
}

function waitMs(
  retryCount: number,
  response: PipelineResponse | undefined,
  error: RestError | undefined,
  now: number,
): number | undefined {
  const asked = retryAfterMs(response?.headers.get('Retry-After'), now);
  const backoff = 1_000 * 2 ** retryCount;
  if (response === undefined) return worthRetry(error) ? backoff : undefined;
  if (response.status === 429 || (response.status === 503 && asked !== undefined)) return asked ?? backoff;
  const transient = response.status === 408 || (response.status >= 500 && response.status !== 501);
  return transient && isRead(response.request.method) ? (asked ?? backoff) : undefined;
}

/** Errors before any byte of the request was sent. */
const neverLeft = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'PROXY_GONE']);
const brokeOff = new Set(['ECONNRESET', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'EPIPE', 'REQUEST_SEND_ERROR', 'PARSE_ERROR']);

function worthRetry(error: RestError | undefined): boolean {
  const code = error?.code ?? '';
  return neverLeft.has(code) || (brokeOff.has(code) && isRead(error?.request?.method ?? ''));
}

const isRead = (method: string) => method === 'GET' || method === 'HEAD';

function tooLong(response: PipelineResponse | undefined, wait: number): Failure {
  const path = response ? new URL(response.request.url).pathname : '';
  const said = `${response?.request.method ?? ''} ${path}: Azure answered ${response?.status ?? ''} and asks to wait ${Math.ceil(wait / 60_000)} minutes`;
  if (response?.status !== 429)
    return new Failure(
      'AzureUnavailable',
      said,
      'Azure has a problem at the moment (status.azure.com). Run the task again later: it continues from where things are.',
    );
  return new Failure(
    'Throttled',
    said,
    'The rate limit of this subscription or resource is used up. Run the stage again later, and see what else calls Azure with this subscription.',
  );
}
