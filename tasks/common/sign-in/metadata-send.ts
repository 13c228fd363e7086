import { Agent } from 'node:http';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { systemClock } from '../clock.ts';
import { boundedAnswer, usualBounds } from '../network/read-answer.ts';
import type { Send } from './oidc.ts';

/**
 * The way to the metadata service of this very machine: plain http to a link-local address, so never by a proxy, be it the
 * agent's, HTTP_PROXY's or (NODE_USE_ENV_PROXY, Node 24) that of Node's own global agent. No retries, no redirects.
 */
export function metadataSend(httpClient: HttpClient = createDefaultHttpClient()): Send {
  const agent = new Agent({ keepAlive: false });
  return (request) => {
    request.allowInsecureConnection = true;
    request.agent = agent;
    return boundedAnswer(request, () => httpClient.sendRequest(request), bounds, systemClock);
  };
}

const bounds = { ...usualBounds, silenceMs: 3_000 };
