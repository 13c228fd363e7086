import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { harmlessLine } from '../agent/harmless.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { ServiceConnection } from './connection.ts';
import { isPassingStatus, nextMetadataTry } from './metadata-retry.ts';
import type { Send } from './oidc.ts';

export interface ManagedIdentityOptions {
  readonly send: Send;
  readonly clock: Clock;
}

/** The identity of the machine that the agent runs on, from its metadata service. */
export function managedIdentityCredential(
  connection: ServiceConnection,
  options: ManagedIdentityOptions,
): TokenCredential {
  return {
    async getToken(scopes: string | string[], { abortSignal }: GetTokenOptions = {}): Promise<AccessToken> {
      const resource = resourceOf(scopes);
      const answer = await ask(connection, resource, options, abortSignal as AbortSignal | undefined);
      return readToken(connection, answer);
    },
  };
}

/** The metadata service knows resources, not scopes: `https://x//.default` is the resource `https://x/`. */
const resourceOf = (scopes: string | string[]) =>
  [scopes]
    .flat()
    .join(' ')
    .replace(/\/\.default$/, '');

async function ask(
  connection: ServiceConnection,
  resource: string,
  { send, clock }: ManagedIdentityOptions,
  abortSignal: AbortSignal | undefined,
): Promise<PipelineResponse> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send(tokenRequest(connection, resource, abortSignal)).catch(silence(abortSignal));
    const heard = answer instanceof Error ? undefined : answer;
    if (heard?.status === 200) return heard;
    const next = nextMetadataTry(heard?.status, heard?.headers.get('Retry-After'), attempt, clock.now());
    if (next.kind === 'giveUp')
      throw heard ? refused(connection, heard, attempt) : noService(connection, answer as Error);
    await clock.sleep(next.afterMs, abortSignal);
    abortSignal?.throwIfAborted();
  }
}

/** An abort is the caller's own; any other error means that nobody answered. */
const silence = (abortSignal: AbortSignal | undefined) => (error: unknown) => {
  if (abortSignal?.aborted || !(error instanceof Error)) throw error;
  return error;
};

/** learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#get-a-token-using-http */
function tokenRequest({ clientId }: ServiceConnection, resource: string, abortSignal: AbortSignal | undefined) {
  const query = new URLSearchParams({
    'api-version': '2018-02-01',
    resource,
    ...(clientId && { client_id: clientId }),
  });
  return createPipelineRequest({
    url: `http://169.254.169.254/metadata/identity/oauth2/token?${query}`,
    headers: createHttpHeaders({ Metadata: 'true' }),
    timeout: 3_000,
    ...(abortSignal && { abortSignal }),
  });
}

function readToken(connection: ServiceConnection, { bodyAsText }: PipelineResponse): AccessToken {
  const { access_token: token, expires_on: expiresOn } = fieldsOf(bodyAsText);
  const expiresOnTimestamp = Number(expiresOn) * 1_000;
  if (typeof token === 'string' && token !== '' && expiresOnTimestamp > 0) return { token, expiresOnTimestamp };
  throw new Failure(
    'ManagedIdentityRefused',
    `Service connection ${connection.name} (managed identity): what answers at 169.254.169.254 gave 200 without a token in it`,
    cures.elsewhere,
  );
}

function noService({ name }: ServiceConnection, cause: Error): Failure {
  return new Failure(
    'NoMetadataService',
    `Service connection ${name} uses a managed identity, but no metadata service answers at 169.254.169.254 (${harmlessLine(cause.message, 200)})`,
    cures.elsewhere,
    { cause },
  );
}

function refused({ name, clientId }: ServiceConnection, answer: PipelineResponse, attempts: number): Failure {
  const { error, error_description: description } = fieldsOf(answer.bodyAsText);
  const words = [error, description].filter((one) => typeof one === 'string').join(': ');
  const whose =
    clientId === '' ? 'the system-assigned identity' : `the user-assigned identity ${clientId} (msiclientId)`;
  const times = attempts > 1 ? ` (${attempts} tries)` : '';
  const said =
    `Service connection ${name}: no token of ${whose} of the agent's machine: its metadata service answered ${answer.status}${times} ${harmlessLine(words, 500)}`.trim();
  if (isPassingStatus(answer.status)) return new Failure('ManagedIdentityUnavailable', said, cures.passing);
  return new Failure('ManagedIdentityRefused', said, clientId === '' ? cures.system : cures.user);
}

function fieldsOf(body: string | null | undefined): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body ?? '')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

const cures = {
  elsewhere:
    'A managed identity works on a self-hosted agent on an Azure virtual machine only, outside of containers without that network. Choose such a pool, or convert the connection to workload identity federation.',
  system:
    "Switch on the system-assigned identity of the agent's virtual machine and give it its roles, or name a user-assigned one in the connection.",
  user: "Assign that identity to the agent's virtual machine (Identity > User assigned), or correct the client id in the connection.",
  passing: "Run the task again; if it stays so, restart the agent's virtual machine or see its Resource health.",
} as const;
