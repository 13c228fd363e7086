import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { retryAfterMs } from './retry-after.ts';

/** Takes a `Retry-After` that is too long out of a refusal, so that the SDK gives up at once in place of waiting. */
export const noLongWaitPolicy = (now: () => number, longestMs: number): PipelinePolicy => ({
  name: 'phoenixNoLongWaitPolicy',
  async sendRequest(request, next) {
    const response = await next(request);
    const wait = retryAfterMs(response.headers.get('Retry-After'), now());
    if (response.status >= 400 && wait !== undefined && wait > longestMs) response.headers.delete('Retry-After');
    return response;
  },
});
