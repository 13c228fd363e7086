import { Readable } from 'node:stream';
import type { PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Clock } from '../clock.ts';
import { oddAnswer } from './odd-answer.ts';

export interface AnswerBounds {
  /** Characters, once decompressed. */
  readonly longest: number;
  /** An answer of which nothing more comes for so long is given up. */
  readonly silenceMs: number;
  /** Nor is one waited for that drips for ever. */
  readonly wholeMs: number;
}

/** Resource Manager's contract lets a provider answer 8 MB at most (azure.md §6). */
export const usualBounds = { longest: 8 * 1024 * 1024, wholeMs: 10 * 60_000 } as const;

/**
 * Asks for the body as a stream and reads it within bounds. The SDK reads whatever comes, to its end, and never ends
 * where a compressed answer breaks off (`nodeHttpClient.js`: an error of the socket does not reach the unzipping stream).
 */
export async function boundedAnswer(
  request: PipelineRequest,
  send: () => Promise<PipelineResponse>,
  bounds: AnswerBounds,
  clock: Clock,
): Promise<PipelineResponse> {
  const { streamResponseStatusCodes: asked } = request;
  request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
  try {
    const { readableStreamBody, ...response } = await send();
    const text = readableStreamBody ? await read(readableStreamBody, request, bounds, clock) : response.bodyAsText;
    if ((text?.length ?? 0) > bounds.longest) throw tooLarge(request, bounds);
    return { ...response, ...(text !== undefined && { bodyAsText: text }) };
  } finally {
    if (asked) request.streamResponseStatusCodes = asked;
    else delete request.streamResponseStatusCodes;
  }
}

async function read(
  stream: NodeJS.ReadableStream,
  request: PipelineRequest,
  bounds: AnswerBounds,
  clock: Clock,
): Promise<string> {
  const over = new AbortController();
  const progress = { bytes: 0 };
  try {
    return await Promise.race([
      collect(stream, request, bounds, progress),
      patience(request, bounds, clock, progress, over.signal),
    ]);
  } finally {
    over.abort();
    if (stream instanceof Readable) stream.destroy();
  }
}

/** Ends by an error, or when the answer is whole: a slow one is given time as long as something comes. */
async function patience(
  request: PipelineRequest,
  { silenceMs, wholeMs }: AnswerBounds,
  clock: Clock,
  progress: { readonly bytes: number },
  over: AbortSignal,
): Promise<never> {
  const until = clock.now() + wholeMs;
  for (let seen = -1; seen < progress.bytes && clock.now() < until; ) {
    seen = progress.bytes;
    await clock.sleep(Math.min(silenceMs, wholeMs), over);
    if (over.aborted) return new Promise<never>(() => {});
  }
  throw brokeOff(request, `after ${progress.bytes} bytes nothing more came in time`);
}

async function collect(
  stream: NodeJS.ReadableStream,
  request: PipelineRequest,
  bounds: AnswerBounds,
  progress: { bytes: number },
): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk));
      progress.bytes += chunk.length;
      if (progress.bytes > bounds.longest) break;
    }
  } catch (error) {
    throw brokeOff(request, (error as Error).message);
  }
  if (progress.bytes > bounds.longest) throw tooLarge(request, bounds);
  return Buffer.concat(chunks).toString('utf8');
}

const hostOf = ({ url }: PipelineRequest) => new URL(url).host;

const tooLarge = (request: PipelineRequest, { longest }: AnswerBounds) =>
  oddAnswer(
    'AnswerTooLarge',
    `the answer of ${hostOf(request)} is longer than ${Math.round(longest / 1024 / 1024)} MB`,
    request,
  );

const brokeOff = (request: PipelineRequest, why: string) =>
  oddAnswer('AnswerBrokeOff', `the answer of ${hostOf(request)} broke off (${why})`, request);
