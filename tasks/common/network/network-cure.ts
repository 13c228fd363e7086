import { RestError } from '@azure/core-rest-pipeline';
import { oddityOf } from './odd-answer.ts';
import { proxyCodes } from './proxy-trouble.ts';
import { isUntrusted } from './untrusted.ts';

/** Codes of Node's sockets, and what they mean for an agent (nodejs.org/api/errors.html). */
const nameless = new Set(['ENOTFOUND', 'EAI_AGAIN']);
const unreachable = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES', // forbidden on the machine itself, by its own firewall for example (WSAEACCES)
  'EPERM',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
]);
const broken = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

export interface Cure {
  readonly code: string;
  readonly hint: string;
}

/** The cure for a call that got no answer at all; undefined when the error is of another kind. */
export function networkCure(error: unknown): Cure | undefined {
  const oddity = oddityOf(error);
  if (oddity) return { code: oddity, hint: oddHints[oddity] };
  const code = socketCode(error);
  return code === undefined ? cureWithoutCode(error) : cureOf(code);
}

function cureOf(code: string): Cure {
  if (isUntrusted(code)) return { code: 'CertificateNotTrusted', hint: untrustedHint(code) };
  if (nameless.has(code)) return { code: 'HostNotFound', hint: hints.nameless };
  if (broken.has(code)) return { code: 'ConnectionBroken', hint: hints.broken };
  if (code === proxyCodes.gone) return { code: 'ProxyUnreachable', hint: hints.proxyGone };
  return isTls(code)
    ? { code: 'SecureConnectionFailed', hint: hints.tls }
    : { code: 'NetworkUnreachable', hint: hints.unreachable };
}

/** Trust in an authority cures neither a wrong time nor a wrong name. */
function untrustedHint(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return hints.otherName;
  return code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID' ? hints.outOfTime : hints.untrusted;
}

/** No answer came, and no code says why: what came was no HTTP (`HPE_…`), no list, or broke off unheard. */
const cureWithoutCode = (error: unknown): Cure | undefined =>
  error instanceof RestError && error.response === undefined && error.statusCode === undefined
    ? { code: 'AnswerUnreadable', hint: hints.torn }
    : undefined;

/** OpenSSL's errors while a connection is made (nodejs.org/api/errors.html, OpenSSL error codes). */
const isTls = (code: string) => code === 'EPROTO' || /^ERR_(?:SSL|TLS)_/.test(code);

const isKnown = (code: string) =>
  nameless.has(code) ||
  unreachable.has(code) ||
  broken.has(code) ||
  isUntrusted(code) ||
  isTls(code) ||
  code === proxyCodes.gone;

/** The code may sit on the error itself or on what caused it: MSAL and the SDK wrap it. */
function socketCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  const code = (error as Error & { code?: unknown }).code;
  if (typeof code === 'string' && isKnown(code)) return code;
  return socketCode(error.cause, depth + 1) ?? codeIn(error.message);
}

/** MSAL keeps only the text of what went wrong below it. */
function codeIn(text: string): string | undefined {
  return (
    /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET|EPIPE)\b/.exec(text)?.[0] ??
    untrustedIn(text)
  );
}

const untrustedIn = (text: string) =>
  /self[- ]signed certificate|unable to (?:get|verify).*certificate/i.test(text)
    ? 'SELF_SIGNED_CERT_IN_CHAIN'
    : undefined;

const oddHints = {
  AnswerNotJson:
    "Something between the agent and Azure answers in its place: a sign-in page, a filter, a gateway. Have this host let through unchanged, or correct the agent's own proxy (config --proxyurl).",
  AnswerTooLarge:
    "Nothing that Azure sends is so long: find out what answers in its place (the agent's proxy, a gateway), then run the task again.",
  AnswerBrokeOff:
    "Run the task again. If it stays so, something between the agent and Azure ends answers too early: check the agent's proxy and its limits.",
  AnswerUnreadable:
    "Something between the agent and Azure changes answers: check the agent's proxy, then run the task again.",
} as const;

const hints = {
  nameless:
    "The agent's DNS does not know this host: check its resolver, or private DNS zones that hide it. Behind a proxy, configure the agent with --proxyurl: the proxy then resolves the name.",
  broken:
    'A connection was made and then cut. Run the task again; if it stays so, a firewall or a filter cuts it: have this host let through unchanged.',
  proxyGone:
    "The agent's own proxy does not answer, or cannot reach this host: check it, and the address that the agent was configured with (config --proxyurl).",
  tls: 'What answers there does not speak TLS as Azure does: check the port in the address of the service connection or of the proxy, and filters that look into TLS.',
  torn: "Something between the agent and Azure breaks answers off or changes them: check the agent's proxy, then run the task again.",
  untrusted:
    "A proxy or gateway shows a certificate that this agent does not know. Configure the agent with --sslcacert <file>: the task trusts the agent's certificate authority.",
  otherName:
    "What answers there shows the certificate of another host: a sign-in page of the network, a filter, or a wrong address in the service connection. Have this host let through unchanged, or correct the agent's own proxy (config --proxyurl).",
  outOfTime:
    "The certificate that was shown is not valid at this time. Check the clock of the agent's machine; if it is right, the proxy or gateway in between needs a new certificate.",
  unreachable:
    "Check that the agent reaches this host: its DNS, its firewall, and the agent's own proxy (config --proxyurl). HTTPS_PROXY is not used.",
} as const;
