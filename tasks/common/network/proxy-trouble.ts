import { RestError } from '@azure/core-rest-pipeline';
import { Failure } from '../failure.ts';
import type { ProxySettings } from './network-settings.ts';
import { isUntrusted } from './untrusted.ts';

/** Our own codes on errors of sockets: the SDK keeps an error's code and its message, and nothing else of it. */
export const proxyCodes = { refused: 'PROXY_REFUSED', gone: 'PROXY_GONE' } as const;

/**
 * The proxy did not open the way to a host. `https-proxy-agent` would hand its answer on as if the host had given it, and
 * a proxy's 403 would be taken for a missing role.
 */
export const proxyAnswered = (status: number) =>
  coded(
    status >= 400 && status < 500 ? proxyCodes.refused : proxyCodes.gone,
    status >= 100 ? `the proxy answered CONNECT with ${status}` : 'what answers at the address of the proxy is none',
  );

/** No tunnel, because the proxy itself was not reached, or showed a certificate that is not trusted. */
export function proxyGone(error: unknown, proxy: URL): Error {
  const { message, code }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  return coded(isUntrusted(code) ? code : proxyCodes.gone, `the agent's proxy ${proxy.host}: ${message}`);
}

const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

/** What a refusal of the proxy means; undefined when the error is another. */
export function refusedByProxy(error: unknown, url: URL, proxy: ProxySettings | undefined): Failure | undefined {
  if (!(error instanceof RestError) || error.code !== proxyCodes.refused) return undefined;
  return proxyFailure(Number(/\d+$/.exec(error.message)?.[0] ?? 0), url, proxy);
}

export function proxyFailure(status: number, url: URL, proxy: ProxySettings | undefined): Failure {
  const name = `The agent's proxy ${proxy ? new URL(proxy.url).host : ''}`;
  if (status === 407)
    return new Failure(
      'ProxyRefused',
      `${name} wants a sign-in${proxy?.username ? ` other than that of ${proxy.username}` : ''} (407)`,
      'Configure the agent with --proxyusername and --proxypassword.',
    );
  return new Failure(
    'ProxyBlocked',
    `${name} does not open the way to ${url.host} (${status})`,
    'Have this host allowed on the proxy, or name it in the bypass list of the agent (.proxybypass) where it can be reached directly.',
  );
}
