import { type PipelinePolicy, type PipelineResponse, RestError } from '@azure/core-rest-pipeline';
import { oddAnswer, whatCame } from '../network/odd-answer.ts';
import { retryAfterMs } from '../network/retry-after.ts';
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
    refuseForeign(response);
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

/**
 * Azure answers in JSON, refusals too; its front door may show a page of its own when something is broken behind it (5xx)
 * or too much comes (429). A page with any other status, or a redirect, comes from somebody in between.
 */
function refuseForeign(response: PipelineResponse): void {
  const { status, headers, request } = response;
  const text = response.bodyAsText ?? '';
  const { host } = new URL(request.url);
  const came = whatCame(host, status, headers.get('Content-Type'), text);
  if (status >= 300 && status < 400)
    throw oddAnswer('AnswerNotJson', `${came}, a redirect to ${headers.get('Location') ?? 'nowhere'}`, request);
  if (status === 408 || status === 429 || status >= 500) return;
  if (text.trim() === '' ? isMissing(response) : bodyOf(response) === undefined)
    throw oddAnswer('AnswerNotJson', came, request);
  if (status < 300 && text.trim() !== '' && !isAnswer(bodyOf(response)))
    throw oddAnswer('AnswerUnreadable', `${host} answered ${status} with JSON that is no answer of Azure`, request);
}

/** What is read has a body; the end of an operation may have none. */
const isMissing = ({ status, request }: PipelineResponse) =>
  status === 200 && request.method === 'GET' && !operationPath.test(new URL(request.url).pathname);

/** An object; where it is a list, one of objects. */
const isAnswer = (body: unknown) => isObject(body) && (body['value'] === undefined || isListOfObjects(body['value']));

const isListOfObjects = (value: unknown) => Array.isArray(value) && value.every((entry) => isObject(entry));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const operationPath = /\/operation(?:s|statuses|results)\//i;

/** The status document of an operation that ended badly: HTTP 200, and the error inside (azure.md §5). */
function hasFailed(response: PipelineResponse): boolean {
  if (!operationPath.test(new URL(response.request.url).pathname)) return false;
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
