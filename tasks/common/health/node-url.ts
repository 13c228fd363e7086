/** A web address without its host, which is each node's own. */
export interface NodeUrl {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** With its query. */
  readonly path: string;
  /** As it was typed. */
  readonly text: string;
}

export const nodeUrlForm = 'http://:8080/healthz or https://:8443/healthz';

/** `http://:8080/healthz`; undefined for anything else, an address with a host included. */
export function parseNodeUrl(text: string): NodeUrl | undefined {
  const [, scheme = '', digits, path = '/'] = /^(https?):\/\/(?::(\d{1,5}))?(\/[!-~]*)?$/i.exec(text.trim()) ?? [];
  const secure = scheme.toLowerCase() === 'https';
  const port = digits === undefined ? (secure ? 443 : 80) : Number(digits);
  if (scheme === '' || port < 1 || port > 65_535 || path.includes('#')) return undefined;
  return { scheme: secure ? 'https' : 'http', port, path, text: text.trim() };
}

/** `http://10.0.0.4:8080/healthz`. */
export const urlOn = ({ scheme, port, path }: NodeUrl, address: string): string =>
  `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}${path}`;
