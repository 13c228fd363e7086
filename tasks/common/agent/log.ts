/** What a task prints. Every text is made harmless first: a line of a foreign program never becomes a command. */
export interface Log {
  /** One event, one line. */
  line(text: string): void;
  /** Details that are only wanted when something is looked for (`system.debug`). */
  debug(text: string): void;
  /** Shown in yellow and counted by the run. */
  warning(text: string): void;
  /** Folds what `body` prints under one heading. */
  group<T>(title: string, body: () => T): T;
}
