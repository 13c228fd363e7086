import assert from 'node:assert/strict';
import { createHttpHeaders, type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { askRunOf } from '../../../tasks/common/devops/ask-run.ts';
import type { PipelineService, RunState } from '../../../tasks/common/devops/run-state.ts';
import { Failure } from '../../../tasks/common/failure.ts';

const service: PipelineService = { collection: 'https://dev.azure.com/contoso', projectId: 'p-1', accessToken: 'j0b' };
const run = 'https://dev.azure.com/contoso/p-1/build/4711';

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The pipeline service as a list of replies; the clock only counts. */
async function ask(replies: readonly (Reply | Error)[], id = run, own: PipelineService | 'none' = service) {
  const requests: PipelineRequest[] = [];
  const waits: number[] = [];
  const askRun = askRunOf({
    service: own === 'none' ? undefined : own,
    cancelled: new AbortController().signal,
    clock: { now: () => 0, sleep: async (ms) => void waits.push(ms) },
    send: async (request) => {
      const reply = replies[requests.length] ?? assert.fail('asked too often');
      requests.push(request);
      if (reply instanceof Error) throw reply;
      const { status, headers = {}, body = '' } = reply;
      return { request, status, headers: createHttpHeaders(headers), bodyAsText: body };
    },
  });
  return { state: await askRun(id), requests, waits };
}

const cut = new RestError('read ECONNRESET', { code: 'ECONNRESET' });
const build = (status: unknown, result?: unknown) => ({
  status: 200,
  body: JSON.stringify({ id: 4711, status, result }),
});

describe('asking Azure DevOps about a run', () => {
  it('asks at the job’s own collection, by the job’s token', async () => {
    const { requests } = await ask([build('inProgress')]);
    const [request] = requests;
    assert.deepEqual(
      [request?.method, request?.url, request?.headers.get('Authorization'), request?.timeout],
      ['GET', 'https://dev.azure.com/contoso/p-1/_apis/build/builds/4711?api-version=7.1', 'Bearer j0b', 30_000],
    );
    assert.equal(request?.headers.get('X-TFS-FedAuthRedirect'), 'Suppress');
  });

  const answers: readonly (readonly [string, readonly (Reply | Error)[], RunState['kind'], RegExp])[] = [
    ['a run that succeeded', [build('completed', 'succeeded')], 'ended', /^completed, succeeded$/],
    ['a run that was cancelled', [build('completed', 'canceled')], 'ended', /canceled/],
    ['a run in progress', [build('inProgress')], 'running', /inProgress/],
    ['a run that is being cancelled', [build('cancelling')], 'running', /cancelling/],
    ['a run that waits', [build('notStarted')], 'running', /notStarted/],
    ['a run in a state that nobody knows', [build('sleeping')], 'unknown', /calls it "sleeping"/],
    ['an answer that is no run', [{ status: 200, body: '[]' }], 'unknown', /no run/],
    ['a page', [{ status: 200, body: '<html>' }], 'unknown', /no run/],
    ['a run that is gone', [{ status: 404 }], 'unknown', /knows no such run.*\(404\)/],
    ['a run that the job may not see', [{ status: 403 }], 'unknown', /does not let this job see it \(403\)/],
    ['a token that is over', [{ status: 401 }], 'unknown', /\(401\)/],
    ['a redirect, which would carry the token away', [{ status: 302 }], 'unknown', /answered 302/],
    ['three errors', [{ status: 500 }, { status: 503 }, { status: 500 }], 'unknown', /answered 500/],
    ['a network that is cut', [cut, cut, cut], 'unknown', /could not be reached \(read ECONNRESET\)/],
    ['a proxy that refuses', [new Failure('ProxyBlocked', 'no', ''), cut, cut], 'unknown', /could not be reached/],
    ['an answer after an error', [{ status: 503 }, build('completed')], 'ended', /^completed$/],
  ];
  for (const [what, replies, kind, says] of answers)
    it(`understands ${what}`, async () => {
      const { state } = await ask(replies);
      assert.equal(state.kind, kind);
      assert.match(state.kind === 'unknown' ? state.why : state.says, says);
    });

  it('waits as long as it is asked to, and not longer than half a minute', async () => {
    const patient = await ask([{ status: 429, headers: { 'Retry-After': '7' } }, build('completed')]);
    assert.deepEqual(patient.waits, [7_000]);
    const hurried = await ask([{ status: 429, headers: { 'Retry-After': '3600' } }]);
    assert.deepEqual([hurried.state.kind, hurried.waits], ['unknown', []]);
  });

  const foreign: readonly (readonly [string, string, RegExp])[] = [
    ['another organization', 'https://dev.azure.com/fabrikam/p-1/build/4711', /belongs to .*fabrikam/],
    ['another project', 'https://dev.azure.com/contoso/p-2/build/4711', /belongs to .*p-2/],
    ['a host that somebody wrote into the tag', 'https://evil.example/contoso/p-1/build/4711', /belongs to .*evil/],
    ['a host that begins like ours', 'https://dev.azure.com/contoso/p-1@evil.example/build/4711', /belongs to/],
    ['a path instead of a number', `${run}/../../../x`, /none of Azure DevOps/],
    ['a number that goes on', `${run}?x=1`, /none of Azure DevOps/],
    ['a classic release', 'https://dev.azure.com/contoso/p-1/release/7', /classic release/],
    ['a word', 'run-1', /none of Azure DevOps/],
  ];
  for (const [what, id, why] of foreign)
    it(`sends the job's token nowhere for ${what}`, async () => {
      const { state, requests } = await ask([], id);
      assert.equal(requests.length, 0);
      assert.ok(state.kind === 'unknown' && why.test(state.why), JSON.stringify(state));
    });

  it('says that it has no token where the agent gives none', async () => {
    const { state } = await ask([], run, 'none');
    assert.match(JSON.stringify(state), /"unknown".*no access token of the job/);
  });
});
