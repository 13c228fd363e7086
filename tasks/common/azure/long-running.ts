import { armFailure } from './arm-failure.ts';

/** What we need of the SDK's pollers (core-lro `PollerLike`). */
export interface Poller<Result> {
  submitted(): Promise<void>;
  pollUntilDone(options?: { readonly abortSignal?: AbortSignal }): Promise<Result>;
}

type Progress<Result> =
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded'; readonly result: Result }
  | { readonly kind: 'failed'; readonly failure: Error };

/** An operation that Azure has accepted and works on. */
export interface Operation<Result> {
  /** What it sounds like in a message: `Upgrading nodes 1 and 2 of web`. */
  readonly attempted: string;
  /** How it stood at the last poll; a failure is kept here for whoever looks next, and never goes unhandled. */
  readonly progress: () => Progress<Result>;
  /** Resolves when it has ended, however it ended. Never rejects. */
  readonly settled: Promise<void>;
}

/** Returns as soon as Azure has accepted the operation; polling goes on behind, at the pace that Azure asks for. */
export async function start<Result>(
  poller: Poller<Result>,
  attempted: string,
  stopWatching?: AbortSignal,
): Promise<Operation<Result>> {
  await poller.submitted().catch((error: unknown) => {
    throw armFailure(error, attempted);
  });
  let progress: Progress<Result> = { kind: 'running' };
  const settled = poller.pollUntilDone(stopWatching ? { abortSignal: stopWatching } : {}).then(
    (result) => {
      progress = { kind: 'succeeded', result };
    },
    (error: unknown) => {
      progress = { kind: 'failed', failure: failureOf(error, attempted) };
    },
  );
  return { attempted, progress: () => progress, settled };
}

/** `armFailure` throws a defect of our own on; here it has to wait until somebody looks. */
function failureOf(error: unknown, attempted: string): Error {
  try {
    return armFailure(error, attempted);
  } catch (defect) {
    return defect instanceof Error ? defect : new Error(String(defect));
  }
}
