/** Where something stands in a pipeline file. */
export interface Place {
  /** The file as the reader named it, for example `azure-pipelines.yml`. */
  readonly file: string;
  readonly line: number;
}

/** The pipeline says something that is wrong, or that the player does not play; the message names file and line. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';

  constructor(
    readonly place: Place,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${place.file}:${place.line}: ${reason}`, options);
  }
}

/** Refuses by name what the feature table does not list. */
export function notPlayed(place: Place, what: string): PipelineError {
  return new PipelineError(place, `"${what}" is not played`);
}
