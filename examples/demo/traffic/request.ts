import { createHash } from 'node:crypto';
import { type Agent, type IncomingMessage, request } from 'node:http';

/** What became of one request. `reset` means that the connection broke under it; nothing is ever tried twice. */
export type Outcome =
  | { readonly kind: 'answered'; readonly version: string; readonly node: string }
  | { readonly kind: 'failed' | 'reset'; readonly why: string };

export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface Ask {
  readonly target: Target;
  readonly agent: Agent;
  readonly path: string;
  readonly id: string;
}

const longestMs = 15_000;

/** Sends one request and proves that the answer is whole and its own. */
export function ask({ target, agent, path, id }: Ask): Promise<Outcome> {
  return new Promise((resolve) => {
    const fail = (error: Error) =>
      resolve({ kind: isReset(error) ? 'reset' : 'failed', why: `${path}: ${describe(error)}` });
    const call = request({
      ...target,
      agent,
      path,
      headers: { 'X-Request-Id': id },
      signal: AbortSignal.timeout(longestMs),
    });
    call.on('error', fail);
    call.on('response', (response) => read(response).then((body) => resolve(judge(response, body, id)), fail));
    call.end();
  });
}

async function read(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** A status of 200 is not enough: the body must carry this request's id and match its own checksum. */
export function judge(response: { readonly statusCode?: number | undefined }, body: string, id: string): Outcome {
  if (response.statusCode !== 200)
    return { kind: 'failed', why: `status ${response.statusCode}: ${body.slice(0, 80)}` };
  const page = parse(body);
  if (!page) return { kind: 'failed', why: `not a page of the shop: ${body.slice(0, 80)}` };
  const { sha256, ...content } = page;
  if (checksum(content) !== sha256) return { kind: 'failed', why: 'the checksum does not fit the page' };
  if (content.requestId !== id) return { kind: 'failed', why: `the answer to another request: ${content.requestId}` };
  return { kind: 'answered', version: content.version, node: content.node };
}

interface Page {
  readonly version: string;
  readonly node: string;
  readonly requestId: string;
  readonly sha256: string;
}

function parse(body: string): Page | undefined {
  try {
    const page = JSON.parse(body) as Page;
    return typeof page.version === 'string' && typeof page.sha256 === 'string' ? page : undefined;
  } catch {
    return undefined;
  }
}

const checksum = (content: object) => createHash('sha256').update(JSON.stringify(content)).digest('hex');

const codeOf = (error: Error) => ('code' in error ? String(error.code) : error.name);
const isReset = (error: Error) => ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(codeOf(error));
const describe = (error: Error) => `${codeOf(error)} ${error.message}`;
