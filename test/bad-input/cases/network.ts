import type { BadCase } from '../support/case.ts';
import { type Trick, trick } from '../support/hostile.ts';

type Row = readonly [bad: string, what: Trick, code: string, says: RegExp, hint: RegExp];

const arm = 'management.azure.com';
const socket = (code: string, says: string): Trick => ({ socket: code, says });

const rows: readonly Row[] = [
  [
    'a host that no DNS knows',
    socket('ENOTFOUND', `getaddrinfo ENOTFOUND ${arm}`),
    'HostNotFound',
    /ENOTFOUND management\.azure\.com/,
    /DNS/,
  ],
  [
    'a DNS that does not answer',
    socket('EAI_AGAIN', `getaddrinfo EAI_AGAIN ${arm}`),
    'HostNotFound',
    /EAI_AGAIN management\.azure\.com/,
    /DNS/,
  ],
  [
    'a port on which nobody listens',
    socket('ECONNREFUSED', 'connect ECONNREFUSED 20.0.0.1:443'),
    'NetworkUnreachable',
    /ECONNREFUSED 20\.0\.0\.1:443/,
    /firewall/,
  ],
  [
    'a network without a way out',
    socket('ENETUNREACH', 'connect ENETUNREACH 20.0.0.1:443'),
    'NetworkUnreachable',
    /ENETUNREACH/,
    /firewall/,
  ],
  [
    "a firewall on the agent's own machine",
    socket('EACCES', 'connect EACCES 20.0.0.1:443'),
    'NetworkUnreachable',
    /EACCES 20\.0\.0\.1:443/,
    /firewall/,
  ],
  [
    'a firewall that swallows everything',
    socket('ETIMEDOUT', 'connect ETIMEDOUT 20.0.0.1:443'),
    'NetworkUnreachable',
    /ETIMEDOUT/,
    /firewall/,
  ],
  [
    'connections that are cut',
    socket('ECONNRESET', 'read ECONNRESET'),
    'ConnectionBroken',
    /^Reading the rights on .*: ECONNRESET: read ECONNRESET \(management\.azure\.com\)$/,
    /filter/,
  ],
  ['connections that are cut while we write', socket('EPIPE', 'write EPIPE'), 'ConnectionBroken', /EPIPE/, /filter/],
  [
    'something that speaks no TLS',
    socket('EPROTO', 'write EPROTO 40:error:wrong version number'),
    'SecureConnectionFailed',
    /EPROTO/,
    /TLS/,
  ],
  [
    'another TLS than ours',
    socket('ERR_SSL_NO_PROTOCOLS_AVAILABLE', 'no protocols available'),
    'SecureConnectionFailed',
    /no protocols available/,
    /TLS/,
  ],
  [
    'a certificate of a filter',
    socket('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'),
    'CertificateNotTrusted',
    /self-signed/,
    /--sslcacert/,
  ],
  [
    'a certificate by an authority that is none',
    socket('INVALID_CA', 'invalid CA certificate'),
    'CertificateNotTrusted',
    /invalid CA/,
    /--sslcacert/,
  ],
  [
    'a certificate whose time is over',
    socket('CERT_HAS_EXPIRED', 'certificate has expired'),
    'CertificateNotTrusted',
    /has expired/,
    /clock of the agent/,
  ],
  [
    'a certificate for another host',
    socket('ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames"),
    'CertificateNotTrusted',
    /altnames/,
    /certificate of another host/,
  ],
  [
    'something that speaks no HTTP',
    socket('HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/'),
    'AnswerUnreadable',
    /Parse Error: Expected HTTP/,
    /proxy/,
  ],
  [
    'an answer that breaks off',
    socket('PARSE_ERROR', 'Error reading response as text: aborted'),
    'AnswerUnreadable',
    /aborted/,
    /proxy/,
  ],
  [
    'a proxy that is not there',
    socket('PROXY_GONE', "the agent's proxy proxy.corp:3128: connect ECONNREFUSED"),
    'ProxyUnreachable',
    /failed: the agent's proxy proxy\.corp:3128: connect ECONNREFUSED/,
    /--proxyurl/,
  ],
  [
    'a proxy that forbids the host',
    socket('PROXY_REFUSED', 'the proxy answered CONNECT with 403'),
    'ProxyBlocked',
    /does not open the way to management\.azure\.com \(403\)/,
    /allowed on the proxy/,
  ],
  [
    'a proxy that wants a sign-in',
    { status: 407, body: '<html>' },
    'ProxyRefused',
    /wants a sign-in \(407\)/,
    /--proxyusername/,
  ],
  [
    'an error of sockets that nobody has seen before',
    socket('ENEWTHING', 'something new'),
    'AnswerUnreadable',
    /something new/,
    /proxy/,
  ],
];

/** Nothing comes back from Resource Manager, as the agent's operating system says it. */
export const cases: readonly BadCase[] = rows.map(([bad, what, code, says, hint], index) => ({
  task:
    (['UpgradeScaleSetNodes', 'PublishGalleryVersion', 'RollbackScaleSet'] as const)[index % 3] ?? 'RollbackScaleSet',
  bad,
  prepare: (stage) => trick(stage, `* ${arm}`, what),
  code,
  says,
  hint,
}));
