import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { Clock } from '../clock.ts';
import type { Send } from '../sign-in/oidc.ts';
import { nextTry } from '../sign-in/oidc-retry.ts';
import { type AskRun, addressOf, type PipelineService, type RunState, stateIn } from './run-state.ts';

export interface AskOptions {
  /** Undefined where the agent gave no token of the job. */
  readonly service: PipelineService | undefined;
  /** The agent's way out, without redirects: they would carry the token away. */
  readonly send: Send;
  readonly clock: Clock;
  readonly cancelled: AbortSignal;
}

const tries = 3;

/** Asks the pipeline service of this job. What it cannot say is an answer too: then the record's own end counts. */
export function askRunOf({ service, ...options }: AskOptions): AskRun {
  return async (run) => {
    if (!service) return { kind: 'unknown', why: 'the agent gave no access token of the job (SystemVssConnection)' };
    const address = addressOf(run, service);
    return 'why' in address ? { kind: 'unknown', why: address.why } : ask(address.url, service, options);
  };
}

/** At most three times half a minute, and what is waited in between. */
async function ask(
  url: string,
  { accessToken }: PipelineService,
  { send, clock, cancelled }: Omit<AskOptions, 'service'>,
): Promise<RunState> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await get(url, accessToken, send).catch(asError);
    const heard = answer instanceof Error ? undefined : answer;
    if (heard?.status === 200) return stateIn(heard.bodyAsText ?? undefined);
    const next = nextTry(heard?.status, heard?.headers.get('Retry-After'), attempt, clock.now());
    if (next.kind === 'giveUp' || attempt >= tries || cancelled.aborted)
      return { kind: 'unknown', why: heard ? refusal(heard.status) : unreachable(answer as Error) };
    await clock.sleep(next.afterMs, cancelled);
  }
}

function get(url: string, accessToken: string, send: Send): Promise<PipelineResponse> {
  const headers = createHttpHeaders({
    Authorization: `Bearer ${accessToken}`,
    Accept: 'application/json',
    // Without it the service answers an expired token with a redirect to a sign-in page.
    'X-TFS-FedAuthRedirect': 'Suppress',
  });
  return send(createPipelineRequest({ url, method: 'GET', headers, timeout: 30_000 }));
}

/** That nobody answered ends nothing here, whatever stood in the way. */
function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  throw error;
}

const unreachable = ({ message }: Error) => `Azure DevOps could not be reached (${message})`;

function refusal(status: number): string {
  if (status === 404) return 'Azure DevOps knows no such run, or does not show it to this job (404)';
  if (status === 401 || status === 403)
    return `Azure DevOps does not let this job see it (${status}): its access is limited, or "View builds" is denied to the build service`;
  return `Azure DevOps answered ${status}`;
}
