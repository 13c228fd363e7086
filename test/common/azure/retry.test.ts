import assert from 'node:assert/strict';
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { armRetryStrategy } from '../../../tasks/common/azure/retry.ts';
import { Failure } from '../../../tasks/common/failure.ts';
import { retryAfterMs } from '../../../tasks/common/network/retry-after.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const request = (method: Method) =>
  createPipelineRequest({ url: 'https://management.azure.com/subscriptions/s/x', method });
const decide = armRetryStrategy(() => Date.parse('2026-01-01T00:00:00Z')).retry;

const answered = (method: Method, status: number, retryAfter?: string, retryCount = 0) =>
  decide({
    retryCount,
    response: {
      request: request(method),
      status,
      headers: createHttpHeaders(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
    },
  });

const broke = (method: Method, code: string) =>
  decide({ retryCount: 0, responseError: new RestError(code, { code, request: request(method) }) });

describe('armRetryStrategy after an answer', () => {
  const cases: readonly { name: string; answer: ReturnType<typeof answered>; waits?: number }[] = [
    { name: 'reads again after 500', answer: answered('GET', 500), waits: 1_000 },
    { name: 'waits longer each time', answer: answered('GET', 502, undefined, 3), waits: 8_000 },
    { name: 'reads again after 503 when it is asked to', answer: answered('GET', 503, '7'), waits: 7_000 },
    {
      name: 'waits until the time that is named',
      answer: answered('GET', 503, 'Thu, 01 Jan 2026 00:00:09 GMT'),
      waits: 9_000,
    },
    { name: 'writes again what was turned away for the rate', answer: answered('POST', 429, '12'), waits: 12_000 },
    { name: 'writes again what was turned away without a time', answer: answered('POST', 429), waits: 1_000 },
    { name: 'writes again what a busy service put off', answer: answered('PATCH', 503, '3'), waits: 3_000 },
    { name: 'does not repeat a write that failed inside', answer: answered('POST', 500) },
    { name: 'does not repeat a write behind a broken gateway', answer: answered('PATCH', 502, '3') },
    { name: 'does not repeat a PUT either', answer: answered('PUT', 504) },
    { name: 'does not repeat a write that a service refused without a word', answer: answered('DELETE', 503) },
    { name: 'leaves a conflict to those who understand it', answer: answered('POST', 409, '3') },
    { name: 'takes no for an answer', answer: answered('GET', 403) },
    { name: 'does not ask again for what does not exist', answer: answered('GET', 501) },
    { name: 'has nothing to do after success', answer: answered('GET', 200, '10') },
  ];
  for (const { name, answer, waits } of cases)
    it(name, () => assert.deepEqual(answer, waits === undefined ? { skipStrategy: true } : { retryAfterInMs: waits }));

  it('gives up when more than five minutes are asked for, and says what was asked', () => {
    const { errorToThrow } = answered('POST', 429, '900') as { errorToThrow: unknown };
    assert.ok(errorToThrow instanceof Failure);
    assert.equal(errorToThrow.code, 'Throttled');
    assert.match(errorToThrow.message, /POST \/subscriptions\/s\/x: Azure answered 429 and asks to wait 15 minutes/);
  });
});

describe('armRetryStrategy without an answer', () => {
  const cases = [
    { method: 'GET', code: 'ECONNRESET', again: true },
    { method: 'GET', code: 'ETIMEDOUT', again: true },
    { method: 'POST', code: 'ENOTFOUND', again: true },
    { method: 'POST', code: 'ECONNREFUSED', again: true },
    { method: 'POST', code: 'ECONNRESET', again: false },
    { method: 'PATCH', code: 'ETIMEDOUT', again: false },
    { method: 'PUT', code: 'PARSE_ERROR', again: false },
    { method: 'GET', code: 'SELF_SIGNED_CERT_IN_CHAIN', again: false },
  ] as const;
  for (const { method, code, again } of cases)
    it(`${again ? 'sends' : 'does not send'} a ${method} again after ${code}`, () => {
      const decision = broke(method, code);
      if (again) assert.deepEqual(decision, { retryAfterInMs: 1_000 });
      else assert.ok('errorToThrow' in decision);
    });
});

describe('retryAfterMs', () => {
  const cases = [
    { value: '10', is: 10_000 },
    { value: ' 1.5 ', is: 1_500 },
    { value: 'Thu, 01 Jan 1970 00:00:05 GMT', is: 4_000 },
    { value: 'soon', is: undefined },
    { value: '', is: undefined },
    { value: undefined, is: undefined },
  ];
  for (const { value, is } of cases)
    it(`reads ${JSON.stringify(value)}`, () => assert.equal(retryAfterMs(value, 1_000), is));
});
