/** What Azure said, in plain data: for a record, a summary, or a decision. */
export interface ArmAnswer {
  /** HTTP status; undefined when no answer came, or when an accepted operation ended badly. */
  readonly status?: number;
  readonly code?: string;
  /** Azure's sentence and those of its details, each once. */
  readonly message: string;
  readonly correlationId?: string;
}
