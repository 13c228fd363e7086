import { type PipelinePolicy, type PipelineResponse, RestError } from '@azure/core-rest-pipeline';
import { Failure } from '../failure.ts';
import { oddityOf } from '../network/odd-answer.ts';
import type { ServiceConnection } from './connection.ts';

/**
 * What really went wrong on the way to a token. The sign-in library says `network_error` of a lost host, a foreign
 * certificate and a proxy's page alike, and keeps nothing of what its callbacks throw.
 */
export interface TroubleKeeper {
  readonly policy: PipelinePolicy;
  watch<T>(work: Promise<T>): Promise<T>;
  last(): unknown;
  forget(): void;
}

export function troubleKeeper(connection: ServiceConnection): TroubleKeeper {
  let last: unknown;
  return {
    watch: (work) =>
      work.catch((error: unknown) => {
        last = error;
        throw error;
      }),
    last: () => last,
    forget: () => {
      last = undefined;
    },
    policy: {
      name: 'phoenixTroublePolicy',
      async sendRequest(request, next) {
        const response = await next(request).catch((error: unknown) => {
          last = isParseError(error) ? notJson(connection, error.statusCode) : error;
          throw error;
        });
        if (!isJson(response)) last = notJson(connection, response.status);
        else if (response.status === 429 || response.status >= 500) last = unwell(connection, response.status);
        return response;
      },
    },
  };
}

/** The SDK parses what calls itself JSON, or nothing at all, by itself. */
const isParseError = (error: unknown): error is RestError =>
  error instanceof RestError && error.code === RestError.PARSE_ERROR && oddityOf(error) === undefined;

function isJson(response: PipelineResponse): boolean {
  try {
    JSON.parse(response.bodyAsText ?? '');
    return true;
  } catch {
    return false;
  }
}

/** The sign-in library keeps of such an answer only that nothing of it is "available". */
const unwell = ({ name, cloud }: ServiceConnection, status: number) =>
  new Failure(
    'SignInUnavailable',
    `Service connection ${name} could not sign in: ${cloud.authority} answered ${status}`,
    'Microsoft Entra ID is not well or overloaded at the moment (status.azure.com): run the task again later.',
  );

type NotJsonCode = 'SignInUnavailable' | 'AnswerNotJson';

/** Entra ID's own front door has a page for its bad days. */
const notJsonCode = (status: number): NotJsonCode => (status >= 500 ? 'SignInUnavailable' : 'AnswerNotJson');

const notJson = ({ name, cloud }: ServiceConnection, status = 0) =>
  new Failure(
    notJsonCode(status),
    `Service connection ${name} could not sign in: ${cloud.authority} answered${status ? ` ${status}` : ''} with something that is not JSON`,
    "Either Entra ID has a problem at the moment, or something between it and the agent answers in its place: check the agent's proxy.",
  );
