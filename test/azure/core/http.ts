/** One HTTP request as the simulated Azure sees it: plain data, so that tests need no socket. */
export interface Call {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text of the body, empty when there is none. */
  readonly body: string;
  /** The machine that asks its metadata service, by its lower-case ARM id; undefined is the agent's own machine. */
  readonly from?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: unknown;
  /** The effect happened, but the connection breaks before the client reads this answer. */
  readonly lost?: boolean;
}

/** A call whose path has matched a route. */
export interface Request extends Call {
  /** The route's placeholders, decoded, in the caller's own spelling. */
  readonly params: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  /** The parsed JSON body; an empty object when there is none. */
  readonly json: Json;
}

export type Json = Readonly<Record<string, unknown>>;

export const ok = (body: unknown, headers: Answer['headers'] = {}): Answer => ({ status: 200, headers, body });
export const created = (body: unknown, headers: Answer['headers'] = {}): Answer => ({ status: 201, headers, body });
export const noContent = (): Answer => ({ status: 204 });
