import assert from 'node:assert/strict';
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { armAnswer, armFailure, isLostAnswer, isStatus } from '../../../tasks/common/azure/arm-failure.ts';
import { Failure } from '../../../tasks/common/failure.ts';

const request = createPipelineRequest({ url: 'https://management.azure.com/x' });

/** What `answer-policy.ts` makes of a refusal. */
function refused(status: number | undefined, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = { request, status: status ?? 200, headers: createHttpHeaders(headers), bodyAsText: text };
  const error = (body as { error?: { code?: string; message?: string } }).error;
  return new RestError(error?.message ?? `Azure answered ${status}`, {
    ...(error?.code !== undefined && { code: error.code }),
    ...(status !== undefined && { statusCode: status }),
    request,
    response,
  });
}

const saying = (code: string, message: string, more: object = {}) => ({ error: { code, message, ...more } });

describe('armFailure', () => {
  it('says what was attempted, what Azure said, and how to find it again', () => {
    const error = refused(403, saying('AuthorizationFailed', 'The client has no authorization.'), {
      'x-ms-correlation-request-id': 'c0rr-1d',
    });
    const failure = armFailure(error, 'Writing scale set web');
    assert.equal(
      failure.message,
      'Writing scale set web failed: 403 AuthorizationFailed: The client has no authorization. (correlation id c0rr-1d)',
    );
    assert.equal(failure.cause, error);
  });

  const cures: readonly { name: string; error: RestError; code: string; hint: RegExp }[] = [
    {
      name: 'a missing right',
      error: refused(403, saying('AuthorizationFailed', 'x')),
      code: 'AccessDenied',
      hint: /docs\/permissions\.md/,
    },
    {
      name: 'a missing right on something linked',
      error: refused(403, saying('LinkedAuthorizationFailed', 'x')),
      code: 'AccessDenied',
      hint: /linked resource/,
    },
    { name: 'a lock', error: refused(409, saying('ScopeLocked', 'x')), code: 'ScopeLocked', hint: /lock/ },
    {
      name: 'a wrong subscription',
      error: refused(404, saying('SubscriptionNotFound', 'x')),
      code: 'SubscriptionNotFound',
      hint: /subscription/,
    },
    {
      name: 'a wrong group',
      error: refused(404, saying('ResourceGroupNotFound', 'x')),
      code: 'ResourceGroupNotFound',
      hint: /resource group/,
    },
    {
      name: 'a wrong name',
      error: refused(404, saying('ResourceNotFound', 'x')),
      code: 'ResourceNotFound',
      hint: /names in the inputs/,
    },
    {
      name: 'a rate limit',
      error: refused(429, saying('OperationNotAllowed', 'too many')),
      code: 'Throttled',
      hint: /rate limit/,
    },
    { name: 'a full quota', error: refused(409, saying('QuotaExceeded', 'x')), code: 'QuotaExceeded', hint: /Quotas/ },
    {
      name: 'a full quota in other words',
      error: refused(409, saying('OperationNotAllowed', 'exceeding approved Total Regional Cores quota')),
      code: 'QuotaExceeded',
      hint: /Quotas/,
    },
    {
      name: 'a full region',
      error: refused(undefined, saying('ZonalAllocationFailed', 'x')),
      code: 'NoCapacity',
      hint: /no room/,
    },
    {
      name: 'a policy',
      error: refused(403, saying('RequestDisallowedByPolicy', 'x')),
      code: 'PolicyDenied',
      hint: /Azure Policy/,
    },
    {
      name: 'a write in between',
      error: refused(412, saying('PreconditionFailed', 'x')),
      code: 'ChangedMeanwhile',
      hint: /in between/,
    },
    { name: 'a conflict', error: refused(409, saying('Conflict', 'x')), code: 'Conflict', hint: /Activity log/ },
    {
      name: 'a state that does not allow it',
      error: refused(409, saying('OperationNotAllowed', 'marked for deletion')),
      code: 'Conflict',
      hint: /state/,
    },
    {
      name: 'a machine that did not start',
      error: refused(undefined, saying('OSProvisioningTimedOut', 'x')),
      code: 'NodeDidNotStart',
      hint: /boot diagnostics/,
    },
    {
      name: 'an operation that ended badly',
      error: refused(undefined, saying('NoIdea', 'x')),
      code: 'OperationFailed',
      hint: /own words/,
    },
    {
      name: 'a token that Azure does not take',
      error: refused(401, saying('InvalidAuthenticationTokenTenant', 'x')),
      code: 'TenantWrong',
      hint: /tenant/,
    },
    { name: 'trouble at Azure', error: refused(503, 'oops'), code: 'AzureUnavailable', hint: /status\.azure\.com/ },
    {
      name: 'a value that Azure does not take',
      error: refused(400, saying('InvalidParameter', 'x')),
      code: 'AzureRefused',
      hint: /inputs/,
    },
    {
      name: 'a host that is not found',
      error: new RestError('getaddrinfo ENOTFOUND x', { code: 'ENOTFOUND', request }),
      code: 'HostNotFound',
      hint: /DNS/,
    },
    {
      name: 'a foreign certificate',
      error: new RestError('self-signed certificate', { code: 'SELF_SIGNED_CERT_IN_CHAIN', request }),
      code: 'CertificateNotTrusted',
      hint: /--sslcacert/,
    },
    {
      name: 'a torn answer',
      error: new RestError('aborted', { code: 'PARSE_ERROR', request }),
      code: 'AnswerUnreadable',
      hint: /proxy/,
    },
  ];
  for (const { name, error, code, hint } of cures)
    it(`knows a cure for ${name}`, () => {
      const failure = armFailure(error, 'It');
      assert.equal(failure.code, code);
      assert.match(failure.hint, hint);
    });

  it('lets a better hint of its caller count', () =>
    assert.equal(
      armFailure(refused(404, saying('ResourceNotFound', 'x')), 'It', 'Publish it first.').hint,
      'Publish it first.',
    ));

  it('tells details and inner errors, each sentence once', () => {
    const body = saying('Outer', 'It did not work.', {
      details: [
        { code: 'First', message: 'disk is full', innererror: { code: 'Deep', message: 'sector 7' } },
        { code: 'Outer', message: 'It did not work.' },
        { code: 'First', message: 'disk is full' },
      ],
    });
    assert.equal(
      armAnswer(refused(400, body)).message,
      'It did not work. | First: disk is full | Deep: sector 7 | Outer: It did not work.',
    );
  });

  it('keeps a long story short', () => {
    const { message } = armFailure(refused(400, saying('X', 'y'.repeat(100_000))), 'It');
    assert.ok(message.length < 1_700, `${message.length}`);
    assert.match(message, /characters left out/);
  });

  it('survives an error that holds itself a thousand times', () => {
    let body: object = { code: 'X', message: 'deep' };
    for (let depth = 0; depth < 1_000; depth += 1) body = { code: 'X', message: `m${depth}`, innererror: body };
    assert.match(armFailure(refused(400, { error: body }), 'It').message, /m999/);
  });

  it('lets no command of a foreign text through', () =>
    assert.doesNotMatch(armFailure(refused(400, saying('X##vso[a.b]', 'y\n##vso[c.d]')), 'It').message, /##vso\[|\n/));

  it('shows of a page only its title', () =>
    assert.match(
      armFailure(refused(502, '<html><title>502 Bad Gateway</title><body>long</body>'), 'It').message,
      /502: an HTML page "502 Bad Gateway" in place of Azure's answer$/,
    ));

  it('shows a body that is no JSON as it is', () =>
    assert.match(armFailure(refused(500, 'upstream connect error'), 'It').message, /500: upstream connect error/));

  it('survives a body of any shape', () => {
    for (const body of [null, [], 7, 'x', { error: 7 }, { error: { code: 1, message: [], details: 'x' } }, {}])
      assert.ok(armFailure(refused(400, body === null ? 'null' : body), 'It').message.startsWith('It failed: 400'));
  });

  it('passes a failure on as it is', () => {
    const failure = new Failure('SignInRefused', 'no', 'sign in');
    assert.equal(armFailure(failure, 'It'), failure);
  });

  it('does not take a defect of our own for an answer of Azure', () =>
    assert.throws(() => armFailure(new TypeError('x is undefined'), 'It'), TypeError));
});

describe('questions about an error', () => {
  it('isStatus looks at the HTTP status', () => {
    assert.equal(isStatus(refused(404, saying('X', 'y')), 404), true);
    assert.equal(isStatus(refused(404, saying('X', 'y')), 409), false);
    assert.equal(isStatus(new Error('404'), 404), false);
  });

  const lost = [
    { name: 'a broken connection', error: new RestError('x', { code: 'ECONNRESET', request }), is: true },
    { name: 'a gateway that gave up', error: refused(504, ''), is: true },
    { name: 'an error inside Azure', error: refused(500, saying('InternalServerError', 'x')), is: true },
    { name: 'a host that was not found', error: new RestError('x', { code: 'ENOTFOUND', request }), is: false },
    { name: 'a refusal', error: refused(409, saying('Conflict', 'x')), is: false },
    { name: 'a turned away call', error: refused(429, saying('X', 'x')), is: false },
    { name: 'a failure of sign-in', error: new Failure('SignInRefused', 'x', 'y'), is: false },
  ];
  for (const { name, error, is } of lost)
    it(`isLostAnswer ${is ? 'takes' : 'does not take'} ${name} for a lost answer`, () =>
      assert.equal(isLostAnswer(error), is));
});
