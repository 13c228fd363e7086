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
import { Failure } from '../failure.ts';
import type { NetworkSettings, ProxySettings } from './network-settings.ts';

/**
 * How every call leaves this machine: Resource Manager, sign-in and OIDC alike. The SDK's own proxy policy reads
 * HTTPS_PROXY and drops TLS options behind a proxy; this one runs last, right before the wire, and its choice stands.
 */
export function networkPolicy(network: NetworkSettings): PipelinePolicy {
  const direct = new DirectAgent(trust(network));
  const proxied = network.proxy && new TrustingProxyAgent(proxyUrl(network.proxy), trust(network));
  return {
    name: 'phoenixNetworkPolicy',
    sendRequest(request, next) {
      const url = new URL(request.url);
      if (url.protocol !== 'https:') throw notHttps(url);
      request.agent = proxied && !isBypassed(url, network.proxy) ? proxied : direct;
      request.timeout ||= answerTimeoutMs;
      return next(request).catch((error: unknown) => {
        throw timedOut(error, request) ? noAnswer(request) : error;
      });
    },
  };
}

/** A call whose answer does not begin within this time is given up: the SDK alone would wait for ever. */
const answerTimeoutMs = 120_000;

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

interface Trust {
  readonly ca?: string[];
}

/** The agent's certificate authority is added to those that Node trusts anyway. */
function trust({ caPem }: NetworkSettings): Trust {
  return caPem === undefined ? {} : { ca: [...trustedAnyway(), caPem] };
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

/** Connections are kept for the next poll, and broken off when nothing at all comes over them for so long. */
const kept = { keepAlive: true, timeout: 100_000 } as const;

/** Node only reports a silent socket; ending the call is left to whoever made it. */
function endWhenSilent(socket: Duplex | null | undefined): void {
  if (!(socket instanceof Socket)) return;
  socket.setTimeout(kept.timeout, () => socket.destroy(silent()));
}

const silent = () =>
  Object.assign(new Error(`nothing came for ${kept.timeout / 1_000} seconds (ETIMEDOUT)`), { code: 'ETIMEDOUT' });

class DirectAgent extends HttpsAgent {
  constructor(trusted: Trust) {
    super({ ...kept, ...trusted });
  }

  override createConnection(...request: Parameters<HttpsAgent['createConnection']>) {
    const socket = super.createConnection(...request);
    endWhenSilent(socket);
    return socket;
  }
}

/** `HttpsProxyAgent` uses its options for the way to the proxy only; what lies behind needs the same trust. */
class TrustingProxyAgent extends HttpsProxyAgent<string> {
  readonly #trusted: Trust;

  constructor(proxy: URL, trusted: Trust) {
    super(proxy.href, { ...kept, ...trusted });
    this.#trusted = trusted;
  }

  override async connect(...[request, options]: Parameters<HttpsProxyAgent<string>['connect']>) {
    const socket = await super.connect(request, { ...options, ...this.#trusted });
    endWhenSilent(socket);
    return socket;
  }
}

const notHttps = (url: URL) =>
  new Failure(
    'NotHttps',
    `A call to ${url.origin} was stopped: it would leave this machine unencrypted`,
    'Correct the address in the service connection: it must begin with https://.',
  );
