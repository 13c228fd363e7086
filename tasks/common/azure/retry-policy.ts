import {
  isRestError,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  type RestError,
  type SendRequest,
} from '@azure/core-rest-pipeline';
import type { Clock } from '../clock.ts';
import { armRetryStrategy, maxRetries } from './retry.ts';

/**
 * Sends a call again as `armRetryStrategy` says. In place of the SDK's own policy, which waits on when the run is cancelled:
 * a task that has seven seconds left can't spend them on a wait that a service asked for.
 */
export function armRetryPolicy(clock: Clock, cancelled?: AbortSignal): PipelinePolicy {
  const strategy = armRetryStrategy(() => clock.now());
  return {
    name: 'phoenixRetryPolicy',
    async sendRequest(request, next) {
      for (let retryCount = 0; ; retryCount += 1) {
        const sent = await attempt(request, next);
        const { retryAfterInMs, errorToThrow } = strategy.retry({ retryCount, ...sent });
        if (errorToThrow) throw errorToThrow;
        const isLast = retryAfterInMs === undefined || retryCount >= maxRetries;
        if (!isLast && !cancelled?.aborted) await clock.sleep(retryAfterInMs, cancelled);
        if (isLast || cancelled?.aborted) return answerIn(sent);
      }
    },
  };
}

interface Sent {
  readonly response?: PipelineResponse;
  readonly responseError?: RestError;
}

async function attempt(request: PipelineRequest, next: SendRequest): Promise<Sent> {
  try {
    return { response: await next(request) };
  } catch (error) {
    if (!isRestError(error)) throw error;
    return { responseError: error, ...(error.response && { response: error.response }) };
  }
}

function answerIn({ response, responseError }: Sent): PipelineResponse {
  if (responseError) throw responseError;
  if (!response) throw new TypeError('a call had neither an answer nor an error');
  return response;
}
