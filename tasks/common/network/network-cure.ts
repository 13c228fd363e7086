import { RestError } from '@azure/core-rest-pipeline';

/** Codes of Node's sockets and TLS, and what they mean for an agent (nodejs.org/api/errors.html, nodejs.org/api/tls.html). */
const unreachable = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'EPROTO',
]);

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export interface Cure {
  readonly code: string;
  readonly hint: string;
}

/** The cure for a call that got no answer at all; undefined when the error is of another kind. */
export function networkCure(error: unknown): Cure | undefined {
  const code = socketCode(error);
  if (code === undefined) return isTorn(error) ? { code: 'AnswerUnreadable', hint: hints.torn } : undefined;
  if (untrusted.has(code)) return { code: 'CertificateNotTrusted', hint: hints.untrusted };
  return unreachable.has(code) ? { code: 'NetworkUnreachable', hint: hints.unreachable } : undefined;
}

/** The SDK's codes for an answer that broke off, or that is no JSON although it says so. */
const isTorn = (error: unknown) =>
  error instanceof RestError && (error.code === RestError.PARSE_ERROR || error.code === RestError.REQUEST_SEND_ERROR);

/** The code may sit on the error itself or on what caused it: MSAL and the SDK wrap it. */
function socketCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  const code = (error as Error & { code?: unknown }).code;
  if (typeof code === 'string' && (unreachable.has(code) || untrusted.has(code))) return code;
  return socketCode(error.cause, depth + 1) ?? codeIn(error.message);
}

/** MSAL keeps only the text of what went wrong below it. */
function codeIn(text: string): string | undefined {
  return (
    /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET)\b/.exec(text)?.[0] ??
    untrustedIn(text)
  );
}

const untrustedIn = (text: string) =>
  /self[- ]signed certificate|unable to (?:get|verify).*certificate/i.test(text)
    ? 'SELF_SIGNED_CERT_IN_CHAIN'
    : undefined;

const hints = {
  torn: "Something between the agent and Azure breaks answers off or changes them: check the agent's proxy, then run the task again.",
  untrusted:
    "A proxy or gateway shows a certificate that this agent does not know. Configure the agent with --sslcacert <file>: the task trusts the agent's certificate authority.",
  unreachable:
    "Check that the agent reaches this host: its DNS, its firewall, and the agent's own proxy (config --proxyurl). HTTPS_PROXY is not used.",
} as const;
