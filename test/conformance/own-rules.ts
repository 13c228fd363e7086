import { at, list, object, text } from '../azure/core/json.ts';
import { isSpelledOtherwise, type StrangeWord, strangeWords } from './enumerations.ts';
import { type Documents, type Operation, requestSchema, responseSchema } from './operations.ts';
import type { Finding, Pair } from './pair.ts';

/**
 * What the documents say and oav does not look at, and what Microsoft Learn's async-operations page says of the
 * addresses of operations, which the documents leave out.
 */
export function ownFindings(documents: Documents, operation: Operation | undefined, pair: Pair): readonly Finding[] {
  return [
    ...(pair.status >= 400 ? envelope(pair) : []),
    ...(pair.status === 429 ? header(pair, 'retry-after', 'a refusal by rate says when to come back') : []),
    ...(pair.status === 401 ? header(pair, 'www-authenticate', 'a 401 says where to sign in') : []),
    ...(pair.status === 204 && pair.responseBody !== undefined ? [finding('BODY', '204 has no body')] : []),
    ...(operation ? [...longRunning(operation, pair), ...words(documents, operation, pair)] : []),
    ...(isPoll(pair) ? poll(pair) : []),
  ];
}

/** Addresses that answers hand out: `…/operations/{id}`, `…/capsOperations/{id}`, `…/operationResults/{id}` and so on. */
export const isPoll = ({ method, path }: Pick<Pair, 'method' | 'path'>): boolean =>
  method === 'GET' &&
  /\/(operations|capsoperations|diskoperations|operationstatuses|operationresults)\/[0-9a-f-]{36}$/i.test(path);

/** `{error: {code, message, details?: [{code, message}]}}`, and nothing that clients do not know (spec CloudError). */
function envelope({ method, responseBody }: Pair): readonly Finding[] {
  if (method === 'HEAD') return [];
  const error = object(responseBody)['error'];
  const parts = [error, ...list(at(error, 'details'))];
  const whole = parts.every((part) => text(at(part, 'code')) && text(at(part, 'message')) !== undefined);
  return whole ? [] : [finding('ENVELOPE', 'an error has code and message under error', '/error')];
}

/** A long-running operation that has not ended says where to ask and when. */
function longRunning({ longRunning }: Operation, pair: Pair): readonly Finding[] {
  const { headers, status } = pair;
  const asks = 'azure-asyncoperation' in headers || 'location' in headers;
  if (!longRunning || status >= 400) return [];
  if (status === 202 && !asks) return [finding('LRO_HEADER', '202 without Location and Azure-AsyncOperation')];
  return asks ? header(pair, 'retry-after', 'an operation that has begun says when to ask for it') : [];
}

const final = ['Succeeded', 'Failed', 'Canceled'];

/** Status documents always are 200; addresses of results are 202 while the operation runs. */
function poll(pair: Pair): readonly Finding[] {
  if (pair.status >= 400) return [];
  const again = 'a poll that is too early says when to come back';
  if (pair.status === 202) return [...header(pair, 'location', again), ...header(pair, 'retry-after', again)];
  const body = object(pair.responseBody);
  if (pair.query['monitor'] !== undefined || /operationresults/i.test(pair.path)) return [];
  if (text(body['status']) === undefined) return [finding('STATUS', 'a status document has a status', '/status')];
  if (!final.includes(String(body['status']))) return header(pair, 'retry-after', again);
  const failed = body['status'] === 'Failed' || body['status'] === 'Canceled';
  if (failed === (body['error'] !== undefined)) return [];
  return [finding('STATUS', 'an operation has an error when it has failed or was canceled, and only then', '/error')];
}

function words(documents: Documents, operation: Operation, pair: Pair): readonly Finding[] {
  const sent = requestSchema(documents, operation);
  const answered = responseSchema(operation, pair.status);
  const asked = sent ? strangeWords(documents, sent, pair.requestBody) : [];
  const said = answered ? strangeWords(documents, answered, pair.responseBody) : [];
  return [
    ...asked.filter((word) => !isSpelledOtherwise(word)).map(strange('request')),
    ...said.map(strange('response')),
  ];
}

const strange =
  (part: Finding['part']) =>
  ({ word, known, at }: StrangeWord): Finding =>
    finding('ENUM', `"${word}" is none of ${known.join(', ')}`, at, part);

const header = ({ headers }: Pair, name: string, why: string): readonly Finding[] =>
  headers[name] ? [] : [finding('HEADER', `no ${name}: ${why}`)];

const finding = (code: string, message: string, at = '', part: Finding['part'] = 'response'): Finding => ({
  part,
  code,
  message,
  at,
});
