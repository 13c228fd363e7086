import { createHttpHeaders, type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import type { Stage } from './stage.ts';

/** What somebody between the task and Azure does with a call: an answer of its own, or a socket's error by its code. */
export interface Trick {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly socket?: string;
  readonly says?: string;
}

/** `GET /virtualMachineScaleSets/shop`: a method, then what the address ends in, query left out; `*` is any method. */
export function trick(stage: Stage, on: string, what: Trick, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  stage.between((inner) => ({
    async sendRequest(request) {
      if (left <= 0 || !isOn(on, request)) return inner.sendRequest(request);
      left -= 1;
      return played(request, what);
    },
  }));
}

function isOn(on: string, { method, url }: PipelineRequest): boolean {
  const [wanted, ending = ''] = on.split(' ');
  const { host, pathname } = new URL(url);
  const place = `${host}${pathname}${ending.endsWith('$') ? '$' : ''}`.toLowerCase();
  return (wanted === '*' || wanted === method) && place.includes(ending.toLowerCase());
}

function played(request: PipelineRequest, { status = 200, headers = {}, body = '', socket, says }: Trick) {
  if (socket !== undefined) throw new RestError(says ?? `connect ${socket}`, { code: socket, request });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json; charset=utf-8';
  return { request, status, headers: createHttpHeaders({ 'Content-Type': type, ...headers }), bodyAsText: text };
}

/** An error in Azure's envelope. */
export const arm = (status: number, code: string, message: string): Trick => ({
  status,
  body: { error: { code, message } },
});

/** A refusal of Microsoft Entra ID. */
export const entra = (code: number, message: string): Trick => ({
  status: 401,
  body: { error: 'invalid_client', error_description: `AADSTS${code}: ${message}`, error_codes: [code] },
});

export const megabytes = (count: number, piece: string) =>
  piece.repeat(Math.ceil((count * 1024 * 1024) / piece.length));
