import { readFileSync } from 'node:fs';
import { Failure } from '../failure.ts';
import type { NetworkSettings, ProxySettings } from '../network/network-settings.ts';

export interface NetworkSource {
  variable(name: string): string | undefined;
  readonly mask: (secret: string) => void;
  readonly warn: (text: string) => void;
  readonly readFile?: (path: string) => string;
}

/** The agent's own proxy and certificate authority, as it was configured (pipelines.md §6). */
export function readNetwork(source: NetworkSource): NetworkSettings {
  const proxy = readProxy(source);
  const caFile = source.variable('agent.cainfo')?.trim();
  if (source.variable('agent.skipcertvalidation')?.toLowerCase() === 'true') source.warn(strictness);
  return { ...(proxy && { proxy }), ...(caFile && { caPem: readPem(caFile, source.readFile) }) };
}

const strictness =
  'The agent is configured to skip certificate validation. This task checks certificates all the same; configure the agent with --sslcacert instead.';

function readProxy(source: NetworkSource): ProxySettings | undefined {
  const url = source.variable('agent.proxyurl')?.trim();
  if (!url) return undefined;
  if (!isProxyUrl(url))
    throw new Failure(
      'InvalidProxy',
      `The agent's proxy is "${url.replace(/^.*@/s, '…@')}"`,
      'Configure the agent with --proxyurl http://host:port.',
    );
  const username = source.variable('agent.proxyusername');
  const password = source.variable('agent.proxypassword');
  for (const secret of [password, decodeURIComponent(new URL(url).password)]) if (secret) source.mask(secret);
  source.mask(basic(new URL(url), username, password));
  return { url, ...(username && { username }), ...(password && { password }), bypass: readBypass(source) };
}

const isProxyUrl = (url: string) =>
  URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol) && isDecodable(new URL(url));

function isDecodable({ username, password }: URL): boolean {
  try {
    return decodeURIComponent(`${username}${password}`) !== undefined;
  } catch {
    return false;
  }
}

/** How user and password are shown to the proxy, which Node prints when it is asked to (NODE_DEBUG). */
function basic(url: URL, username = decodeURIComponent(url.username), password = decodeURIComponent(url.password)) {
  return password === '' ? '' : Buffer.from(`${username}:${password}`).toString('base64');
}

/** The agent itself skips a line that is no regular expression and says so (`VstsAgentWebProxy.cs`). */
function readBypass(source: NetworkSource): readonly string[] {
  const patterns = parseList(source.variable('agent.proxybypasslist'));
  return patterns.filter((pattern) => {
    if (isRegExp(pattern)) return true;
    source.warn(`The agent's proxy bypass list has "${pattern}", which is no regular expression: it bypasses nothing.`);
    return false;
  });
}

function parseList(json: string | undefined): readonly string[] {
  if (!json?.trim()) return [];
  try {
    const list: unknown = JSON.parse(json);
    if (Array.isArray(list) && list.every((entry) => typeof entry === 'string')) return list;
  } catch {
    // Said below, with the text.
  }
  throw new Failure(
    'InvalidProxy',
    `The agent's proxy bypass list is ${json}`,
    'It must be a JSON list of regular expressions: configure the agent again.',
  );
}

function isRegExp(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'i') instanceof RegExp;
  } catch {
    return false;
  }
}

function readPem(path: string, readFile = (file: string) => readFileSync(file, 'utf8')): string {
  try {
    return readFile(path).replace(/^\ufeff/, ''); // OpenSSL takes no line for a beginning that begins with a mark
  } catch (error) {
    throw new Failure(
      'InvalidCertificateAuthority',
      `The agent's CA file ${path} could not be read: ${(error as Error).message}`,
      'Configure the agent again with --sslcacert, or correct the rights of that file. A job in a container sees it only where it is mounted (volumes).',
      { cause: error },
    );
  }
}
