import { type PipelineRequest, RestError } from '@azure/core-rest-pipeline';

/** An answer that is not what was asked for, whatever it says. Codes: docs/troubleshooting.md. */
export type Oddity = 'AnswerNotJson' | 'AnswerTooLarge' | 'AnswerBrokeOff' | 'AnswerUnreadable';

/** `RestError` sets its own prototype, so a class of ours could not be told from it: the word is on the error. */
export function oddAnswer(oddity: Oddity, message: string, request: PipelineRequest): RestError {
  const code = oddity === 'AnswerBrokeOff' ? RestError.PARSE_ERROR : oddity;
  return Object.assign(new RestError(message, { code, request }), { oddity });
}

export const oddityOf = (error: unknown): Oddity | undefined =>
  error instanceof RestError ? (error as RestError & { oddity?: Oddity }).oddity : undefined;

/** `management.azure.com answered 200 with text/html`: of a page its title, of other texts nothing. */
export function whatCame(host: string, status: number, type: string | undefined, text: string): string {
  const title = /<title[^>]*>([^<]{0,200})<\/title>/i.exec(text.slice(0, 20_000))?.[1]?.trim();
  const kind = type?.split(';')[0]?.trim().toLowerCase() || 'no content type';
  const page = title ? `an HTML page "${title}" (${kind})` : text.trim() === '' ? 'nothing' : `${kind}`;
  return `${host} answered ${status} with ${page}`;
}
