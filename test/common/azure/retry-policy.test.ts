import assert from 'node:assert/strict';
import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { armRetryPolicy } from '../../../tasks/common/azure/retry-policy.ts';

/** Sends a GET to a service that throttles for so many times. */
async function send(refusals: number, cancelled?: AbortSignal) {
  const slept: number[] = [];
  let calls = 0;
  const clock = { now: () => 0, sleep: async (ms: number) => void slept.push(ms) };
  const request = createPipelineRequest({ url: 'https://management.azure.com/x' });
  const { status } = await armRetryPolicy(clock, cancelled).sendRequest(
    request,
    async (): Promise<PipelineResponse> => {
      calls += 1;
      return { request, headers: createHttpHeaders({ 'Retry-After': '20' }), status: calls > refusals ? 200 : 429 };
    },
  );
  return { status, slept, calls };
}

describe('armRetryPolicy', () => {
  it('waits as long as it is asked to, and sends again', async () =>
    assert.deepEqual(await send(2), { status: 200, slept: [20_000, 20_000], calls: 3 }));

  it('gives the refusal when it has tried often enough', async () => {
    const { status, calls } = await send(100);
    assert.deepEqual([status, calls], [429, 5]);
  });

  it('neither waits nor sends again once the run is cancelled', async () =>
    assert.deepEqual(await send(2, AbortSignal.abort()), { status: 429, slept: [], calls: 1 }));
});
