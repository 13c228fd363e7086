import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import { gates as allGates } from '../core/gates.ts';
import { type Gates, handle } from '../core/handle.ts';
import type { Answer, Call } from '../core/http.ts';
import type { World } from '../core/world.ts';
import { bodyText } from './body.ts';

/** The SDK's way to the simulated Azure without a socket: give it to a client or a credential as `httpClient`. */
export function simulatedHttpClient(world: World, gates: Gates = allGates()): HttpClient {
  return {
    async sendRequest(request) {
      if (request.abortSignal?.aborted)
        throw new RestError('The operation was aborted.', { code: 'ABORT_ERR', request });
      const answer = handle(world, gates, callOf(request));
      if (answer.lost) throw new RestError('read ECONNRESET', { code: 'ECONNRESET', request });
      return responseOf(request, answer);
    },
  };
}

function callOf(request: PipelineRequest): Call {
  const headers = Object.fromEntries([...request.headers].map(([name, value]) => [name.toLowerCase(), value]));
  return { method: request.method, url: new URL(request.url), headers, body: textOf(request) };
}

/** The SDK's management calls and its forms are strings; anything else would be a new kind of call. */
function textOf({ body }: PipelineRequest): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  throw new Error('The in-process client carries text bodies only.');
}

function responseOf(request: PipelineRequest, answer: Answer): PipelineResponse {
  const { text, type } = bodyText(answer);
  const headers = createHttpHeaders({ ...(type !== undefined && { 'content-type': type }), ...answer.headers });
  return { request, status: answer.status, headers, bodyAsText: request.method === 'HEAD' ? '' : text };
}
