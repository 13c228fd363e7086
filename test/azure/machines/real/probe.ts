import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';

export interface ProbeTarget {
  readonly protocol: 'http' | 'https' | 'tcp';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
}

/** Asks once: a TCP probe wants a connection, an HTTP probe wants status 200 (load-balancer-custom-probe-overview). */
export function probeOnce(target: ProbeTarget): Promise<boolean> {
  return target.protocol === 'tcp' ? probeTcp(target) : probeHttp(target);
}

function probeTcp({ host, port, timeoutMs }: ProbeTarget): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
  });
}

function probeHttp({ protocol, host, port, path, timeoutMs }: ProbeTarget): Promise<boolean> {
  const send = protocol === 'https' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    // No agent: each probe is a connection of its own. Azure's probes accept every certificate too.
    const request = send(
      { host, port, path, agent: false, timeout: timeoutMs, rejectUnauthorized: false },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    const deadline = setTimeout(() => request.destroy(new Error('too slow')), timeoutMs);
    request.on('error', () => resolve(false));
    request.on('close', () => clearTimeout(deadline));
    request.end();
  });
}

/** Turns single answers into a verdict: it changes after so many equal answers in a row. */
export class Streak {
  #verdict: boolean | undefined;
  #last: boolean | undefined;
  #length = 0;

  constructor(private readonly needed: number) {}

  add(up: boolean): boolean | undefined {
    this.#length = up === this.#last ? this.#length + 1 : 1;
    this.#last = up;
    if (this.#length >= this.needed) this.#verdict = up;
    return this.#verdict;
  }
}

/** Asks again and again, `intervalMs` after the last question began, until it is stopped. */
export function probeRepeatedly(target: ProbeTarget, intervalMs: number, onAnswer: (up: boolean) => void): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const ask = async () => {
    const begun = performance.now();
    const up = await probeOnce(target);
    if (stopped) return;
    onAnswer(up);
    timer = setTimeout(ask, Math.max(0, intervalMs - (performance.now() - begun)));
  };
  void ask();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
