import type { PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { oddAnswer, whatCame } from '../network/odd-answer.ts';

/**
 * Azure answers in JSON, refusals too; its front door may show a page of its own when something is broken behind it (5xx)
 * or too much comes (429). A page with any other status, or a redirect, comes from somebody in between. `body` is the
 * parsed text, undefined when it is no JSON.
 */
export function refuseForeign(response: PipelineResponse, body: unknown): void {
  const { status, headers, request, bodyAsText } = response;
  const { host } = new URL(request.url);
  const text = bodyAsText ?? '';
  const came = () => whatCame(host, status, headers.get('Content-Type'), text);
  if (status >= 300 && status < 400)
    throw oddAnswer('AnswerNotJson', `${came()}, a redirect to ${headers.get('Location') ?? 'nowhere'}`, request);
  if (status === 408 || status === 429 || status >= 500) return;
  const isEmpty = text.trim() === '';
  if (isEmpty ? isMissing(response) : body === undefined) throw oddAnswer('AnswerNotJson', came(), request);
  if (status < 300 && !isEmpty && !isAnswer(body))
    throw oddAnswer('AnswerUnreadable', `${host} answered ${status} with JSON that is no answer of Azure`, request);
}

/** What is read has a body; the end of an operation may have none. */
const isMissing = ({ status, request }: PipelineResponse) =>
  status === 200 && request.method === 'GET' && !isOperation(request);

/** Is it the address of a long-running operation? Those of galleries and disks have places of their own (azure.md §5). */
export const isOperation = ({ url }: PipelineRequest): boolean =>
  /\/(?:caps|disk)?operation(?:s|statuses|results)\//i.test(new URL(url).pathname);

/** An object; where it is a list, one of objects. */
const isAnswer = (body: unknown) => isObject(body) && (body['value'] === undefined || isListOfObjects(body['value']));

const isListOfObjects = (value: unknown) => Array.isArray(value) && value.every((entry) => isObject(entry));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
