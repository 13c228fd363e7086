import { type PipelinePolicy, type PipelineResponse, RestError } from '@azure/core-rest-pipeline';
import { retryAfterMs } from '../network/retry-after.ts';
import { isOperation, refuseForeign } from './foreign-answer.ts';
import { longestWaitMs } from './retry.ts';

/**
 * Makes an error of every answer that says no, with Azure's own words in it. The SDK keeps neither the body of an
 * error nor the details of a failed operation (`createRestError` and core-lro's `simplifyError`), and
 * those are what a person needs.
 */
export const answerPolicy: PipelinePolicy = {
  name: 'phoenixAnswerPolicy',
  async sendRequest(request, next) {
    const response = await next(request);
    refuseForeign(response, bodyOf(response));
    if (response.status >= 400) throw refusal(response, response.status);
    if (hasFailed(response)) throw refusal(response, undefined);
    return response;
  },
};

/** Bounds what a polled operation may ask us to wait; see `longestWaitMs`. */
export const pollWaitPolicy = (now: () => number): PipelinePolicy => ({
  name: 'phoenixPollWaitPolicy',
  async sendRequest(request, next) {
    const response = await next(request);
    const wait = retryAfterMs(response.headers.get('Retry-After'), now());
    if (response.status < 300 && wait !== undefined && wait > longestWaitMs) {
      response.headers.set('Retry-After', String(longestWaitMs / 1_000));
    }
    return response;
  },
});

/** The status document of an operation that ended badly: HTTP 200, and the error inside (azure.md §5). */
function hasFailed(response: PipelineResponse): boolean {
  if (!isOperation(response.request)) return false;
  const status = (bodyOf(response) as { status?: unknown } | undefined)?.status;
  return typeof status === 'string' && /^(?:failed|canceled|cancelled)$/i.test(status);
}

function refusal(response: PipelineResponse, statusCode: number | undefined): RestError {
  const body = bodyOf(response) as { status?: unknown; error?: { code?: unknown; message?: unknown } } | undefined;
  const { code, message } = body?.error ?? {};
  const error = new RestError(
    typeof message === 'string' ? message : `Azure answered ${String(body?.status ?? response.status)}`,
    {
      ...(typeof code === 'string' && { code }),
      ...(statusCode !== undefined && { statusCode }),
      request: response.request,
      response,
    },
  );
  error.details = body;
  return error;
}

/** The parsed body, or undefined when it is no JSON. */
export function bodyOf(response: PipelineResponse | undefined): unknown {
  try {
    return JSON.parse(response?.bodyAsText ?? '');
  } catch {
    return undefined;
  }
}
