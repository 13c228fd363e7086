import { AssertionError } from 'node:assert';
import { RestError } from '@azure/core-rest-pipeline';
import { harmlessLine } from '../agent/harmless.ts';
import { Failure } from '../failure.ts';
import { networkCure } from '../network/network-cure.ts';
import { oddityOf } from '../network/odd-answer.ts';
import { proxyCodes } from '../network/proxy-trouble.ts';
import { bodyOf } from './answer-policy.ts';
import type { ArmAnswer } from './arm-answer.ts';
import { armCure } from './arm-cures.ts';

/**
 * Turns what a call to Azure threw into what a person can act on. A `Failure` passes as it is; a defect of our own stays
 * one and is thrown on, or it would be taken for Azure's.
 */
export function armFailure(error: unknown, attempted: string, hint?: string): Failure {
  if (error instanceof Failure) return error;
  if (defects.some((defect) => error instanceof defect)) throw error;
  const answer = armAnswer(error);
  const cure = networkCure(error) ?? armCure(answer);
  return new Failure(cure.code, `${attempted} failed: ${describe(answer)}`, hint ?? cure.hint, { cause: error });
}

const defects = [TypeError, ReferenceError, RangeError, SyntaxError, AssertionError];

/** Is it an answer with this HTTP status? */
export const isStatus = (error: unknown, status: number): boolean =>
  error instanceof RestError && error.statusCode === status;

/** Did the call break off so that nobody knows whether it took effect? Look it up before it is repeated. */
export function isLostAnswer(error: unknown): boolean {
  if (!(error instanceof RestError)) return false;
  const { statusCode } = error;
  if (statusCode !== undefined) return statusCode === 408 || (statusCode >= 500 && statusCode !== 501);
  return (
    oddityOf(error) !== undefined ||
    ['ECONNRESET', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'EPIPE', 'REQUEST_SEND_ERROR', 'PARSE_ERROR'].includes(
      error.code ?? '',
    )
  );
}

/** Reads what Azure said out of an error of the SDK. */
export function armAnswer(error: unknown): ArmAnswer {
  const rest = error instanceof RestError ? error : undefined;
  const detail = detailOf(error);
  const code = detail?.code ?? (isOwnWord(error) ? undefined : rest?.code);
  const correlationId = rest?.response?.headers.get('x-ms-correlation-request-id');
  return {
    ...(rest?.statusCode !== undefined && { status: rest.statusCode }),
    ...(code !== undefined && { code }),
    message: sentences(error, detail),
    ...(correlationId !== undefined && { correlationId }),
  };
}

/** Codes that are ours and not a socket's: the sentence says it better. */
const isOwnWord = (error: unknown) =>
  oddityOf(error) !== undefined ||
  (error instanceof RestError && Object.values<string>(proxyCodes).includes(error.code ?? ''));

/** `403 AuthorizationFailed: The client … (correlation id …)`. */
export function describe({ status, code, message, correlationId }: ArmAnswer): string {
  const head = [status, code].filter((part) => part !== undefined).join(' ');
  const trace = correlationId === undefined ? '' : ` (correlation id ${harmlessLine(correlationId, 80)})`;
  return `${head === '' ? '' : `${harmlessLine(head, 200)}: `}${message}${trace}`;
}

interface Detail {
  readonly code?: string;
  readonly message?: string;
  readonly details: readonly Detail[];
}

function detailOf(error: unknown): Detail | undefined {
  if (!(error instanceof RestError)) return undefined;
  const body = (error.details ?? bodyOf(error.response)) as { error?: unknown } | null | undefined;
  return body === undefined || body === null ? undefined : toDetail(body.error ?? body);
}

/** Azure's error, its details and its inner errors as one tree; foreign data, so each level is checked and counted. */
function toDetail(value: unknown, depth = 0): Detail | undefined {
  if (typeof value !== 'object' || value === null || depth > 5) return undefined;
  const { code, message, details, innererror, innerError } = value as Record<string, unknown>;
  const inner = [...(Array.isArray(details) ? details.slice(0, 20) : []), innererror, innerError];
  return {
    ...(typeof code === 'string' && code !== '' && { code }),
    ...(typeof message === 'string' && message !== '' && { message }),
    details: inner.map((one) => toDetail(one, depth + 1)).filter((one) => one !== undefined),
  };
}

const flatten = (detail: Detail): readonly Detail[] => [detail, ...detail.details.flatMap(flatten)];

const longestMessage = 1_500;

function sentences(error: unknown, detail: Detail | undefined): string {
  const [top, ...inner] = detail ? flatten(detail) : [];
  const said = top?.message ?? plainText(error);
  const more = inner.map(({ code, message }) => [code, message].filter((part) => part !== undefined).join(': '));
  const fresh = [...new Set(more)].filter((text) => text !== '' && !said.includes(text));
  return harmlessLine([said, ...fresh].join(' | '), longestMessage);
}

/** A gateway's HTML page says nothing that its title does not. */
function plainText(error: unknown): string {
  const body = error instanceof RestError ? (error.response?.bodyAsText ?? '') : '';
  const title = /<title>([^<]*)<\/title>/i.exec(body)?.[1];
  if (title !== undefined) return `an HTML page "${title.trim()}" in place of Azure's answer`;
  if (body.replace(/[\s{}]/g, '') !== '') return `${harmlessLine(body, 500)}`;
  return `${error instanceof Error ? error.message : String(error)}${placeOf(error)}`;
}

/** Node's own sentences about a connection that was cut do not say to whom. */
function placeOf(error: unknown): string {
  if (!(error instanceof RestError) || error.request === undefined || error.response !== undefined) return '';
  const { host } = new URL(error.request.url);
  return error.message.includes(host) ? '' : ` (${host})`;
}
