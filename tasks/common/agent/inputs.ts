/**
 * Typed readers of the inputs of a task. YAML enforces nothing that task.json says, so every value is checked here; a
 * refusal names the input, shows the value and says what would be right. A value that still holds `$(name)` is refused
 * everywhere: that variable was not set when the step began.
 */
export interface Inputs {
  /** A text that must not be empty. */
  text(name: string): string;
  /** A text that may be left out. */
  optionalText(name: string): string | undefined;
  /** One of the words that task.json offers. */
  choice<Word extends string>(name: string, words: readonly Word[], fallback: Word): Word;
  flag(name: string, fallback: boolean): boolean;
  /** A whole number within bounds. */
  count(name: string, bounds: { readonly min: number; readonly max: number; readonly fallback: number }): number;
  /** A whole number (`2`) or a share (`20%`), as typed. */
  countOrPercent(name: string, fallback: string): CountOrPercent;
  /** A length of time with its unit in the text: `90s`, `10m`, `2h`; a bare number is read in `unit`, and refused without one. */
  duration(
    name: string,
    options: { readonly fallback: string; readonly max: string; readonly unit?: 's' | 'm' | 'h' },
  ): Duration;
  /** The name of a resource, and not its id. */
  resourceName(name: string, kind: 'resource group' | 'scale set' | 'gallery' | 'image definition'): string;
  /** Lines that are not empty, trimmed. */
  lines(name: string): readonly string[];
  /** An absolute path; relative ones start at the work folder. Refused when nothing is there. */
  path(name: string): string;
  optionalPath(name: string): string | undefined;
}

export type CountOrPercent =
  | { readonly kind: 'count'; readonly count: number; readonly text: string }
  | { readonly kind: 'percent'; readonly percent: number; readonly text: string };

export interface Duration {
  readonly ms: number;
  readonly text: string;
}
