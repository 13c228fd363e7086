import { X509Certificate } from 'node:crypto';
import { Agent as HttpsAgent } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import * as tls from 'node:tls';
import {
  type PipelinePolicy,
  type PipelineRequest,
  RestError,
  type ProxySettings as SdkProxySettings,
} from '@azure/core-rest-pipeline';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { type Clock, systemClock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { NetworkSettings, ProxySettings } from './network-settings.ts';
import { proxyAnswered, proxyFailure, proxyGone, refusedByProxy } from './proxy-trouble.ts';
import { type AnswerBounds, boundedAnswer, usualBounds } from './read-answer.ts';

/**
 * How every call leaves this machine: Resource Manager, sign-in and OIDC alike. The SDK's own proxy policy reads
 * HTTPS_PROXY and drops TLS options behind a proxy; this one runs last, right before the wire, and its choice stands.
 */
export function networkPolicy(
  network: NetworkSettings,
  patience: Patience = usualPatience,
  clock: Clock = systemClock,
): PipelinePolicy {
  const options = { keepAlive: true, timeout: patience.silenceMs, ...checked, ...trust(network) };
  const direct = new DirectAgent(options);
  const proxied = network.proxy && new TrustingProxyAgent(proxyUrl(network.proxy), options);
  return {
    name: 'phoenixNetworkPolicy',
    async sendRequest(request, next) {
      const url = new URL(request.url);
      if (url.protocol !== 'https:') throw notHttps(url);
      request.agent = proxied && !isBypassed(url, network.proxy) ? proxied : direct;
      request.timeout ||= patience.answerMs;
      const send = () =>
        next(request).catch((error: unknown) => {
          throw timedOut(error, request) ? noAnswer(request) : error;
        });
      const bounds = { ...usualBounds, ...patience };
      const response = await boundedAnswer(request, send, bounds, clock).catch((error: unknown) => {
        throw refusedByProxy(error, url, network.proxy) ?? error;
      });
      if (response.status === 407) throw proxyFailure(407, url, network.proxy);
      return response;
    },
  };
}

/** Without these the SDK would wait for ever. */
export interface Patience extends Partial<AnswerBounds> {
  /** A call whose answer does not begin within this time is given up. */
  readonly answerMs: number;
  /** A connection over which nothing at all comes for so long is broken off. */
  readonly silenceMs: number;
}

const usualPatience: Patience = { answerMs: 120_000, silenceMs: 100_000 };

/** The SDK ends a call that took too long with the same error as one that somebody aborted. */
const timedOut = (error: unknown, request: PipelineRequest) =>
  error instanceof Error && error.name === 'AbortError' && request.abortSignal?.aborted !== true;

const noAnswer = (request: PipelineRequest) =>
  new RestError(`no answer within ${request.timeout / 1_000} seconds (ETIMEDOUT)`, { code: 'ETIMEDOUT', request });

/**
 * Given to SDK clients so that their proxy policy does not read HTTPS_PROXY at all (a malformed one makes it throw).
 * Nothing is ever sent there: `networkPolicy` replaces the choice. Port 9 discards.
 */
export const unusedProxy: SdkProxySettings = { host: 'http://127.0.0.1', port: 9 };

/** The metadata address never goes through a proxy; nor do loopback and the agent's list (`VstsAgentWebProxy.cs`). */
export function isBypassed(url: URL, proxy: ProxySettings | undefined): boolean {
  if (url.hostname === '169.254.169.254' || isLoopback(url.hostname)) return true;
  // The agent matches its patterns against scheme and host, and the port when it is not the scheme's own.
  return (proxy?.bypass ?? []).some((pattern) => new RegExp(pattern, 'i').test(`${url.protocol}//${url.host}`));
}

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);

/** Even where NODE_TLS_REJECT_UNAUTHORIZED is 0 on the agent: a secret is shown to nobody whose name is not proven. */
const checked = { rejectUnauthorized: true } as const;

interface Trust {
  readonly secureContext?: tls.SecureContext;
}

/** The agent's certificate authority is added to those that Node trusts anyway; read once, and not at each connection. */
function trust({ caPem }: NetworkSettings): Trust {
  if (caPem === undefined) return {};
  refuseNoCertificate(caPem);
  return { secureContext: tls.createSecureContext({ ca: [...authorities(caPem)] }) };
}

export const authorities = (caPem: string): readonly string[] => [...trustedAnyway(), caPem];

/** Node takes a file without a certificate in it and says nothing. */
function refuseNoCertificate(caPem: string): void {
  try {
    new X509Certificate(caPem);
  } catch (error) {
    throw new Failure(
      'InvalidCertificateAuthority',
      `The agent's CA file holds no certificate: ${(error as Error).message}`,
      'Configure the agent again with --sslcacert and a PEM file.',
      { cause: error },
    );
  }
}

/** From Node 22.15 on this includes NODE_EXTRA_CA_CERTS, which a `ca` option would otherwise replace. */
function trustedAnyway(): readonly string[] {
  const { getCACertificates } = tls as typeof tls & { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}

function proxyUrl({ url, username, password }: ProxySettings): URL {
  const parsed = new URL(url);
  if (username !== undefined) parsed.username = encodeURIComponent(username);
  if (password !== undefined) parsed.password = encodeURIComponent(password);
  return parsed;
}

interface AgentOptions extends Trust {
  readonly keepAlive: boolean;
  readonly timeout: number;
}

/** Node only reports a silent socket; ending the call is left to whoever made it. */
function endWhenSilent(socket: Duplex | null | undefined, silenceMs: number): void {
  if (!(socket instanceof Socket)) return;
  const error = new Error(`nothing came for ${silenceMs / 1_000} seconds (ETIMEDOUT)`);
  socket.setTimeout(silenceMs, () => socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' })));
}

class DirectAgent extends HttpsAgent {
  readonly #silenceMs: number;

  constructor(options: AgentOptions) {
    super(options);
    this.#silenceMs = options.timeout;
  }

  override createConnection(...request: Parameters<HttpsAgent['createConnection']>) {
    const socket = super.createConnection(...request);
    endWhenSilent(socket, this.#silenceMs);
    return socket;
  }
}

/** `HttpsProxyAgent` uses its options for the way to the proxy only; what lies behind needs the same trust. */
class TrustingProxyAgent extends HttpsProxyAgent<string> {
  readonly #given: AgentOptions;

  constructor(proxy: URL, options: AgentOptions) {
    super(proxy.href, options);
    this.#given = options;
  }

  override async connect(...[request, options]: Parameters<HttpsProxyAgent<string>['connect']>) {
    const { timeout, secureContext } = this.#given;
    let status = 200;
    request.once('proxyConnect', ({ statusCode = 0 }: { statusCode?: number }) => {
      status = statusCode;
    });
    const trusted = { ...options, ...checked, ...(secureContext && { secureContext }) };
    const socket = await super.connect(request, trusted).catch((error: unknown) => {
      throw proxyGone(error, this.proxy);
    });
    if (status !== 200) throw proxyAnswered(status);
    endWhenSilent(socket, timeout);
    return socket;
  }
}

const notHttps = (url: URL) =>
  new Failure(
    'NotHttps',
    `A call to ${url.origin} was stopped: it would leave this machine unencrypted`,
    'Correct the address in the service connection: it must begin with https://.',
  );
